"""Times, sizes and numbers that Postfix takes, but that contradict each other or are far from sane."""
