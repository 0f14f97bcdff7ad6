"""Which passwords are taken (NIST SP 800-63B-4, ASVS 5.0 6.2): long enough, not common, not about person or place.

No rules of composition. "Common" is what a list of passwords, words or names holds, one entry or two in a row with
digits and signs around (6.2.4, 6.2.12), and what has too little left when known parts, keyboard rows, sequences and
repetitions count as one letter each. Whatever the layout of the keyboard was, the same keys are judged.
"""

import re
import string
import unicodedata
from collections.abc import Iterable
from functools import cache

from chassis.errors import Fault
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from identity.domain.common_passwords import COMMON
from identity.domain.layouts import as_typed
from identity.domain.logins import latin

SHORTEST = 15  # NIST SP 800-63B-4 3.1.1.1: the only factor
SHORTEST_WITH_FACTOR = 8  # one of two
LONGEST = 128
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
_AROUND = string.digits + string.punctuation + string.whitespace
_REPEATED = re.compile(r"(.+?)\1+")


def normal(password: str) -> str:
    """As it is hashed: NFC, so that one password typed on two devices is one."""
    return unicodedata.normalize("NFC", password)


def is_short(password: str) -> bool:
    """Whether it is enough only beside a second factor."""
    return len(normal(password)) < SHORTEST


def check_password(password: str, context: Iterable[str], shortest: int = SHORTEST) -> str:
    """The password as it is hashed. Raises Fault. `context`: login, names, words of the school."""
    password = normal(password)
    if len(password) < shortest:
        raise Fault("password-too-short", shortest=shortest, length=len(password))
    if len(password) > LONGEST:
        raise Fault("password-too-long", longest=LONGEST)
    folded = _fold(password)
    typed, words = as_typed(folded), _context_words(context)
    if any(word in one for word in words for one in typed):
        raise Fault("password-context")
    if any(_is_listed(one) or len(_remains(one)) <= shortest // 2 for one in typed):
        raise Fault("password-common")
    return password


def _is_listed(folded: str) -> bool:
    """Whether it is, but for signs and digits around it, one entry of a list, or two in a row."""
    bare, known = folded.strip(_AROUND), listed()
    return {folded, bare} & known != set() or any(
        bare[:at].rstrip(_AROUND) in known and bare[at:].lstrip(_AROUND) in known for at in range(1, len(bare))
    )


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
    """What passwords are built of, in both alphabets, the longest first."""
    words = {_fold(word) for word in COMMON.split()}
    words |= {latin(word) for word in words}
    return tuple(sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True))


@cache
def listed() -> frozenset[str]:
    """The offline blocklist: passwords that leaked, words and names by zxcvbn, and our own."""
    return frozenset(common_words()).union(*FREQUENCY_LISTS.values())
