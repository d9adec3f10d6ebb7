"""Pages: the layout of every object that a user can hold."""
