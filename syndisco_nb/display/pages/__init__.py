"""Pages: the layout of every object that a user can hold. To add one, see `syndisco_nb.display.registry`."""
