"""Read a run while it is written."""
