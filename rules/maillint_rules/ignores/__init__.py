"""Rules of the area ignores: about the comments that silence other rules."""
