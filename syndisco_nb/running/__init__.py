"""Work on many units at once, and what is known of that work: control, costs, verification."""
