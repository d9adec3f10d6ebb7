"""The run folder: what is in it, reading it, writing it."""
