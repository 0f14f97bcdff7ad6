"""Finding schools by what people type: the words that count, and the order of likeness."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from registry.domain.names import plain

WORDS = 8  # of a query: more tell nothing
LED_TO = 1_000  # schools that words may lead to, however common they are
LOOKED_AT = 2_000  # schools of a district or status that are compared when the words are too common

_TOKENS = re.compile(r"[0-9]+|[^\W\d_]+")
_INN, _OGRN = 10, 13  # digits
_EXACT, _BEGINNING, _WEAK = 100, 70, 30  # points
_CLEARLY_LESS = 0.6  # of the points of the best: what has fewer is left out

# Said of nearly every school, and never to find one
_FORMAL = re.compile(
    "(не)?государственн.*|муниципальн.*|бюджетн.*|автономн.*|казенн.*|частн.*|некоммерческ.*|(обще)?образовательн.*"
    "|учреждени.*|организаци.*|город[ае]?|москв[аыеу]|московск.*|имени|им|[ги]|оу|г[абк]?оу|гб[дп]оу|м[аб]?оу|ано|[чн]оу"
    "|фг[бк]оу|гбу|гку"
)
_SHORT_FOR = {"сош": "школа", "оош": "школа", "нош": "школа", "шк": "школа", "дс": "сад"}
# What many schools share: it says what kind of school it is, not which. Beginnings of words, and whole words
_KINDS = (
    *("вид", "гимн", "детс", "дополн", "дошк", "изуч", "интерн", "кадет", "колле", "комбинир", "компенс", "комплекс"),
    *("коррекц", "корпус", "лице", "начал", "образов", "общ", "основн", "прогимн", "професс", "развит", "ребен", "сад"),
    *("специал", "средн", "техник", "углуб", "учил", "филиал", "центр", "школ", "ясл"),
)
_SMALL = frozenset(("в", "по", "с", "спо", "цо", "црр"))


@dataclass(frozen=True)
class Near:
    """A word of schools that may be what the word number `asked` of the query means; so many schools have it."""

    asked: int
    word: str
    likeness: int
    schools: int


@dataclass(frozen=True)
class Query:
    """What somebody types into a search: requisites are exact, words are not."""

    text: str

    @cached_property
    def inn(self) -> str | None:
        """An INN among the words."""
        return self._digits(_INN)

    @cached_property
    def ogrn(self) -> str | None:
        """An OGRN among the words."""
        return self._digits(_OGRN)

    @cached_property
    def words(self) -> list[str]:
        """The words that count, none twice. There may be none."""
        return words(self.text)[:WORDS]

    @property
    def is_exact(self) -> bool:
        """Whether likeness has no say: requisites are given, or nothing that could be alike."""
        return bool(self.inn or self.ogrn) or not self.words

    def leading(self, near: Sequence[Near]) -> list[Near]:
        """The words to find schools by: telling ones, if there are any; as they were typed first, and the rarest."""
        telling = [one for one in near if not is_weak(self.words[one.asked])]
        return sorted(telling or near, key=lambda one: (one.word != self.words[one.asked], one.schools, one.word))

    def ranked(self, near: Sequence[Near], schools: Iterable[tuple[UUID, str]]) -> list[tuple[int, UUID]]:
        """Likeness and id of the schools of these search texts, the most alike first; a shorter name breaks a tie."""
        points = self._points(near)
        totals = [(_total(points, text.split()), len(text), school_id) for school_id, text in schools]
        least = max((total for total, *_ in totals), default=0) * _CLEARLY_LESS
        kept = [(1_000 * total - min(size, 999), school_id) for total, size, school_id in totals if total >= least > 0]
        return sorted(kept, key=lambda one: (-one[0], one[1]))

    def _points(self, near: Sequence[Near]) -> dict[str, list[tuple[int, int]]]:
        """What each known word is worth, for which word of the query."""
        worth: dict[str, list[tuple[int, int]]] = {}
        for one in near:
            asked = self.words[one.asked]
            begins = _BEGINNING if one.word.startswith(asked) else 0
            points = _EXACT if one.word == asked else max(begins, one.likeness)
            worth.setdefault(one.word, []).append((one.asked, points * (_WEAK if is_weak(asked) else _EXACT) // 100))
        return worth

    def _digits(self, length: int) -> str | None:
        found = [token for token in _TOKENS.findall(plain(self.text)) if token.isdecimal() and len(token) == length]
        return found[0] if found else None


def words(text: str) -> list[str]:
    """The words of a name that help to find it: no legal form, numbers without leading zeros, none twice."""
    return list(dict.fromkeys(filter(None, map(_telling, _TOKENS.findall(plain(text))))))


@lru_cache(maxsize=4096)  # names are made of few words
def _telling(token: str) -> str | None:
    if token.isdecimal():
        token = token.lstrip("0") or "0"
    return None if _FORMAL.fullmatch(token) else _SHORT_FOR.get(token, token)


def is_weak(word: str) -> bool:
    """Whether the word says what kind of school it is, not which."""
    return word in _SMALL or word.startswith(_KINDS)


def _total(points: dict[str, list[tuple[int, int]]], known: Iterable[str]) -> int:
    """The best that the words of a school are worth, for each word of the query."""
    best: dict[int, int] = {}
    for word in known:
        for asked, worth in points.get(word, ()):
            best[asked] = max(best.get(asked, 0), worth)
    return sum(best.values())
