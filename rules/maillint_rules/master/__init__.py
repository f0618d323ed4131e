"""Rules of the area master."""
