"""The services of master.cf: their fields, options and programs, and those that are missing."""
