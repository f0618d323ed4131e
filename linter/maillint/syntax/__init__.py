"""From bytes to lossless trees. Nothing here knows a parameter by name."""
