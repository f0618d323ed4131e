"""Match lists: networks, addresses and names that a client or domain is compared with."""
