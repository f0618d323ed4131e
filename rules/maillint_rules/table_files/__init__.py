"""Tables: how they are named, what their types can do, and who may use them."""
