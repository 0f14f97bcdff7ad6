"""Registers of any size: schools as a large country might have them, copied in fast."""

import random
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from chassis.db import new_id
from registry.domain.search import words

_KINDS = ("Школа", "Детский сад", "Гимназия", "Лицей", "Центр образования", "Кадетский корпус")
_SHARES = (45, 38, 7, 6, 3, 1)
_SYLLABLES = ("бе", "ре", "зо", "ла", "ни", "ко", "ва", "то", "ми", "ру", "сла", "гор", "дель", "пра", "юж", "свет")
_ENDINGS = ("ская", "ный", "ово", "ка", "ино", "овая")
_NAMED, _CLOSED = 0.4, 0.02  # of the schools: bear a word beside the number; are closed
_DISTRICTS, _OKRUGS, _NUMBERS, _OWN_WORDS = 125, 12, 5_000, 20_000
_CHUNK = 25_000

COLUMNS = (
    *("school_id", "version", "inn", "kpp", "ogrn", "full_name", "short_name", "kind", "district", "okrug", "address"),
    *("phones", "emails", "site", "status", "source", "search"),
)


async def fill(connection: Any, present: int, count: int) -> None:
    """From so many schools to so many, the same every time but for their ids."""
    rows = _schools(range(present, count))
    while chunk := list(islice(rows, _CHUNK)):
        await connection.copy_records_to_table("school", records=chunk, columns=COLUMNS)


def own_words() -> list[str]:
    """The words that schools bear beside their number; the first ones are common, most are rare."""
    chance = random.Random(505)
    drawn = ("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(_OWN_WORDS))
    return [word + chance.choice(_ENDINGS) for word in drawn]


def _schools(serials: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    own = own_words()
    for serial in serials:
        chance = random.Random(serial)
        kind = chance.choices(_KINDS, _SHARES)[0]
        named = f" «{own[int(len(own) * chance.random() ** 3)]}»" if chance.random() < _NAMED else ""
        name = f"{kind} № {chance.randint(1, _NUMBERS)}{named}"
        full = f"Государственное бюджетное общеобразовательное учреждение города «{name}»"
        district = chance.randrange(_DISTRICTS)
        place = (f"Район {district}", f"Округ {district % _OKRUGS}", f"ул. Школьная, д. {serial}")
        requisites = (f"{7_700_000_000 + serial}", "770001001", f"{1_027_700_000_000 + serial}")
        contacts = (["+74950000000"], ["office@school.example"], None)
        status = "closed" if chance.random() < _CLOSED else "active"
        search = " ".join(words(f"{name} {full} {kind}"))
        yield (new_id(), 1, *requisites, full, f"ГБОУ {name}", kind, *place, *contacts, status, "feed", search)
