"""Contrasts: differences of a measure between the conditions of a study, and the number of discussions to see one."""
