"""Values that Postfix refuses: of parameters with a type, bounds, or words of their own."""
