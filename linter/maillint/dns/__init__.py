"""Questions to the DNS. Imported only when a run is online."""
