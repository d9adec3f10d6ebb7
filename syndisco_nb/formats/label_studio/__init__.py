"""Tasks and results of Label Studio."""
