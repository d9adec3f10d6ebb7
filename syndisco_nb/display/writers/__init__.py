"""Writers: one page as HTML, Markdown or plain text. To add a format, see `formats`."""
