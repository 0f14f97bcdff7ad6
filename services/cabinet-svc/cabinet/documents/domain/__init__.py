"""What documents are, how their text is cut, how the sheet looks."""
