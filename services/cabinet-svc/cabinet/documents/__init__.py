"""Normative documents: their versions, their text, who has acknowledged them."""
