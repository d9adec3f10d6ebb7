"""Figures: functions that draw plain data on matplotlib Axes, which show themselves with an alternative text."""
