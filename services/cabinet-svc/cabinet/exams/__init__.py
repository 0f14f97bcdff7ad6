"""Results of final exams: brought by an editor, seen by those entitled in a school."""
