"""What the host is called: its name, its domain, its greeting, and the sender of its mail."""
