"""From trees to meaning: what Postfix makes of a configuration. Judges nothing."""
