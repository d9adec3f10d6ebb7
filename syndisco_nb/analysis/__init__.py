"""What follows from what is on file: numbers about runs, without a word of HTML."""
