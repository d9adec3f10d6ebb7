"""Tables and a script for R."""
