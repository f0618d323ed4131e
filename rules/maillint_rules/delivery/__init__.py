"""Where mail goes: transports, next hops, relays, and the agents that deliver."""
