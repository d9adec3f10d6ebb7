"""Writers: one page as HTML, as Markdown, as plain text."""
