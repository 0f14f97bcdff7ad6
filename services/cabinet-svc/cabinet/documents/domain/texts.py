"""The text of a document: cleaned, and cut into passages that a search can show."""

import re
import unicodedata
from html import escape

LONGEST = 2_000_000  # letters that are read of one file
PASSAGE = 2_000  # letters, about
OPEN, CLOSE = "\ue000", "\ue001"  # private use: `clean` leaves none, so what is between them was found

_HYPHENATED = re.compile(r"(?<=\w)-\n(?=[а-яёa-z])")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")
_BRACKETS = str.maketrans("<>", "‹›")  # PostgreSQL takes words in angle brackets for tags, and skips scripts
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """NFC, no hidden characters, words whole again that a line had broken."""
    text = unicodedata.normalize("NFC", text[:LONGEST]).translate(_BRACKETS)
    shown = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in _HIDDEN)
    return _BREAKS.sub("\n", _BLANKS.sub(" ", _HYPHENATED.sub("", shown))).strip()


def passages(text: str) -> list[str]:
    """Pieces that end with a paragraph where that can be, else with a word."""
    found, rest = [], text
    while len(rest) > PASSAGE:
        at = (
            max(rest.rfind("\n", PASSAGE // 2, PASSAGE), 0) or max(rest.rfind(" ", PASSAGE // 2, PASSAGE), 0) or PASSAGE
        )
        found.append(rest[:at])
        rest = rest[at:].lstrip()
    return [*found, rest] if rest else found


def cut(text: str) -> list[str]:
    """The passages of a text as it was read. It may take seconds."""
    return passages(clean(text))


def as_html(found: str) -> str:
    """Safe to show: everything is escaped, then what was found is marked."""
    return escape(found).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
