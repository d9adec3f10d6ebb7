"""Labels of people and other tools on discussions at hand."""
