"""Files of this package."""
