"""The engine: who takes part, who speaks next, and which model answers. No Jupyter and no HTML in here."""
