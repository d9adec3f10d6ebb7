"""Logs of SynDisco, of every version."""
