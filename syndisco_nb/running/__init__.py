"""Work on many units at once: scheduling, control, estimation of costs, verification."""
