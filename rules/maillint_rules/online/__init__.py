"""Rules that ask the DNS about what the configuration makes the host do; run with ``--online`` only."""
