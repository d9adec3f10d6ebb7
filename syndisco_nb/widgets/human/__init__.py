"""Where a person takes part: a seat in a discussion, and a desk for labelling by hand."""
