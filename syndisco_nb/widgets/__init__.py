"""What a notebook shows that answers to its reader. It stands above everything else: nothing reads it."""
