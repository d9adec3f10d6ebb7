"""Checks: whether what was configured really happened, and whether labels are fit to be used.

One module for each subject; `all_checks` runs them and gives the table.
"""
