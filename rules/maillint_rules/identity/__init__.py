"""Rules of the area identity."""
