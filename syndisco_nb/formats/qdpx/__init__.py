"""Projects of programs of qualitative analysis (REFI-QDA)."""
