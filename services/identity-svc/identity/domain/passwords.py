"""Which passwords are taken (NIST SP 800-63B-4): long enough, not common, not about the person or the place.

No rules of composition. "Common" is judged on what remains when known words, keyboard rows, sequences and
repetitions count as one letter each.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from chassis.errors import Fault

from identity.domain.common_passwords import COMMON

SHORTEST = 15
LONGEST = 128
LEAST_LEFT = 8  # letters that remain of a password when everything easy to guess counts as one
SHORTEST_WORD = 4
RUN = 4
PLACE = ("екис", "ekis")

_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_REPEATED = re.compile(r"(.+?)\1+")


def normal(password: str) -> str:
    """As it is hashed: NFC, so that one password typed on two devices is one."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, context: Iterable[str]) -> str:
    """The password as it is hashed. Raises Fault. `context`: login, names, words of the school."""
    password = normal(password)
    if len(password) < SHORTEST:
        raise Fault("password-too-short", shortest=SHORTEST, length=len(password))
    if len(password) > LONGEST:
        raise Fault("password-too-long", longest=LONGEST)
    folded = _fold(password)
    if any(word in folded for word in _context_words(context)):
        raise Fault("password-context")
    if len(_remains(folded)) < LEAST_LEFT:
        raise Fault("password-common")
    return password


def _fold(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _context_words(context: Iterable[str]) -> set[str]:
    words = {word for text in context for word in re.split(r"[^\w]+", _fold(text)) if len(word) >= SHORTEST_WORD}
    return words | set(PLACE)


def _remains(folded: str) -> str:
    """The password with each easy part as one letter."""
    letters = _REPEATED.sub(r"\1", folded)
    for word in common_words():
        letters = letters.replace(word, word[0])
    return _REPEATED.sub(r"\1", _without_runs(letters))


def _without_runs(text: str) -> str:
    kept, at = [], 0
    while at < len(text):
        kept.append(text[at])
        length = max((_run(text, at, row) for row in _both_ways()), default=1)
        at += length if length >= RUN else 1
    return "".join(kept)


def _run(text: str, at: int, row: str) -> int:
    """How many letters of the text from here stand in the row in this order."""
    start = row.find(text[at])
    length = 0
    while start >= 0 and text[at + length : at + length + 1] == row[start + length : start + length + 1] != "":
        length += 1
    return length


@cache
def _both_ways() -> tuple[str, ...]:
    return tuple(row[::step] for row in _ROWS for step in (1, -1))


@cache
def common_words() -> tuple[str, ...]:
    """The offline blocklist, the longest first."""
    words = {_fold(word) for word in COMMON.split() if len(word) >= SHORTEST_WORD}
    return tuple(sorted(words, key=len, reverse=True))
