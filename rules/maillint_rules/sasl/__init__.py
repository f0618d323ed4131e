"""Logging in, as a server and as a client."""
