"""The built-in rules: one rule, one module, in one folder per area."""
