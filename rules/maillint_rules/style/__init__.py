"""What works, and is written in a way that hides what is meant; off until it is asked for."""
