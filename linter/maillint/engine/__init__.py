"""Rules, findings, settings and the run that joins them. Holds no opinion on mail."""
