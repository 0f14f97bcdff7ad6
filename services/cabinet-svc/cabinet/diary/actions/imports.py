"""Take a class list from a file."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from chassis.db import new_id
from chassis.outbox import Tx

from cabinet.diary.actions.pupils import open_lists
from cabinet.diary.domain.imports import Row, columns_of, judged, parse
from cabinet.diary.domain.pupils import Pupil
from cabinet.diary.domain.setup import Row as Class
from cabinet.diary.store import pupils as store


async def judge_list(
    tx: Tx, school_id: UUID, of: Class, table: tuple[Sequence[str], Sequence[tuple[int, Sequence[str]]]],
    aliases: Mapping[str, Sequence[str]],
) -> list[Row]:  # fmt: skip
    """A verdict on every row that is not blank, the class locked. Raises Invalid for a file without names, Conflict
    when the year of the class has ended."""
    await open_lists(tx, of.id)
    header, records = table
    places = columns_of(header, aliases)
    name = f"{of.values['grade']}{of.values['letter']}"
    rows = [parse(number, cells, places, name) for number, cells in records]
    known = await store.namesakes(tx, school_id, [row.name for row in rows if row.name])
    return judged(rows, known, of.id)


async def apply_list(tx: Tx, school_id: UUID, class_id: UUID, rows: Sequence[Row], since: date) -> None:
    """Enter who is new from that day on, and what is new of who is there."""
    fresh = [Pupil(new_id(), 1, row.name, row.birthday) for row in rows if row.said == "new" and row.name]
    if fresh:
        await store.insert(tx, school_id, fresh)
        await store.join_class(tx, class_id, [one.pupil_id for one in fresh], since)
    if changed := [row.pupil for row in rows if row.said == "changed" and row.pupil]:
        await store.update(tx, changed)
