"""Widgets in which a person takes part: a seat in discussions, and labelling by hand."""
