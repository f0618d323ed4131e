"""Programs that look at mail while it comes in, by the milter protocol."""
