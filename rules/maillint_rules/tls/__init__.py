"""Encrypted connections: levels, certificates, protocols, ciphers, policies."""
