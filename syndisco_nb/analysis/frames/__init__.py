"""Tables of messages, labels, discussions and participants."""
