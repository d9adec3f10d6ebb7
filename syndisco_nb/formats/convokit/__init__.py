"""Corpora of ConvoKit."""
