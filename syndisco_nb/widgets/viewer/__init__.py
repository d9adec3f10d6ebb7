"""The viewer of all messages of a transcript, a run or a study."""
