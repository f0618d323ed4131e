"""Rules of the area restrictions."""
