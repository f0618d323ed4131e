"""Rules of the area deprecated."""
