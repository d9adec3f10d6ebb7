"""Trust in labels: those of a model, or of anybody, against people's."""
