"""The source files of lookup tables beside main.cf, line by line."""
