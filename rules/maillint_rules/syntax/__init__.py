"""Rules of the area syntax."""
