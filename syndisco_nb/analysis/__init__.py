"""Analysis of runs: numbers that follow from the records on file, without any display."""
