"""Rules of the area online."""
