"""Rules of the area relay-security."""
