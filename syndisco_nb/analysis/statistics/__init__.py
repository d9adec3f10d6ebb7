"""Statistics on numpy arrays, one concept a module; they know nothing of records, and numpy loads with them."""
