"""Interactive widgets: the viewer, the live view, forms, and the places of a person."""
