"""The viewer of any number of messages."""
