"""How main.cf and master.cf are written, and names that mean nothing."""
