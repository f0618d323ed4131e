"""Rules of the area address-classes."""
