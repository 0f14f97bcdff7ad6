"""What cannot be taken in is put aside untouched, its neighbours go on, and a person decides."""

import asyncio
import base64
import json
import sys
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from chassis.testing.opened import Opened
from ekis_contracts import Record
from fleet import environment
from records import again, erased, left

THING = uuid4()


def changed(record: Record, **headers: bytes | None) -> Record:
    """With these headers instead; None takes one away."""
    names = {name.replace("_", "-") if name.startswith("content") else name: value for name, value in headers.items()}
    kept = [(name, value) for name, value in record.headers if name not in names]
    return replace(record, headers=kept + [(name, value) for name, value in names.items() if value is not None])


def structured(record: Record, **attributes: Any) -> Record:
    body = {name.removeprefix("ce_"): value.decode() for name, value in record.headers if name.startswith("ce_")}
    body |= {"data": json.loads(record.value or b""), **attributes}
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    return replace(record, headers=headers, value=json.dumps(body).encode())


GOOD = left(THING)
POISON = {
    "random bytes": replace(GOOD, value=bytes(range(256))),
    "no bytes": replace(GOOD, value=b""),
    "null value": replace(GOOD, value=None),
    "another's key": replace(GOOD, key=str(uuid4()).encode()),
    "no key": replace(GOOD, key=None),
    "no key and no headers": replace(GOOD, key=None, headers=[]),
    "deep JSON": replace(GOOD, value=b"[" * 10_000 + b"]" * 10_000),
    "deep JSON inside": replace(GOOD, value=b'{"staff_id": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001),
    "a field missing": replace(GOOD, value=f'{{"staff_id": "{THING}"}}'.encode()),
    "not a number": replace(GOOD, value=b'{"staff_id": NaN}'),
    "huge integer": replace(GOOD, value=b'{"staff_id": ' + b"9" * 10_000 + b"}"),
    "a lone surrogate": replace(GOOD, value=(GOOD.value or b"").replace(b'"step"', b'"\\ud800"')),
    "header not UTF-8": changed(GOOD, ce_subject=b"\xff\xfe"),
    "a NUL in a header's name": replace(GOOD, headers=[("\x00", b"\x00"), ("a\ud7ff", b"\xff")]),
    "wrong source": changed(GOOD, ce_source=b"/cabinet-svc"),
    "unknown major": changed(GOOD, ce_type=b"ekis.staff-left.v2"),
    "unknown type": changed(GOOD, ce_type=b"com.example.\x00"),
    "another topic's event": replace(erased(THING), topic="staff-left"),
    "another subject": changed(GOOD, ce_subject=str(uuid4()).encode()),
    "spec of another version": changed(GOOD, ce_specversion=b"0.3"),
    "sequence not a number": changed(GOOD, ce_sequence=b"many"),
    "time without a zone": changed(GOOD, ce_time=b"2026-01-01T00:00:00"),
    "structured, cut": replace(structured(GOOD), value=b'{"specversion": "1.0"'),
    "structured, deep": replace(structured(GOOD), value=b"[" * 10_000),
    "structured, null data": structured(GOOD, data=None),
    "structured, wrong source": structured(GOOD, source="/cabinet-svc"),
    **{
        f"no {name}": changed(GOOD, **{name: None})
        for name in ("ce_id", "ce_specversion", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence")
    },
}


async def add_thing(it: Opened) -> None:
    await it.runtime.database.pool.execute("INSERT INTO counted (id, count) VALUES ($1, 0)", THING)


async def count_of_thing(it: Opened) -> int:
    count: int = await it.runtime.database.pool.fetchval("SELECT count FROM counted WHERE id = $1", THING)
    return count


@pytest.mark.parametrize("takes_batches", [False, True], ids=["one by one", "batch"])
async def test_poison_is_put_aside_untouched_while_its_neighbours_are_taken_in(
    toy: Opened, *, takes_batches: bool
) -> None:
    await add_thing(toy)
    neighbour = erased if takes_batches else left
    topic = neighbour(THING).topic
    poison = [again(replace(record, topic=topic)) for record in POISON.values()]
    if takes_batches:
        poison = [one for one, name in zip(poison, POISON, strict=True) if name != "another topic's event"]
    records = [one for bad in poison for one in (neighbour(THING), bad)]
    await toy.inbox.deliver(records)
    await toy.inbox.deliver(records)
    rows = await toy.runtime.database.pool.fetch("SELECT * FROM dead_letter ORDER BY position")
    unhurt = [(bad.position, bad.key, bad.value, bad.headers) for bad in poison]
    assert [(row["position"], row["key"], row["value"], headers_of(row)) for row in rows] == unhurt
    assert {row["attempts"] for row in rows} <= {1, 5}
    assert await count_of_thing(toy) == len(poison), "each neighbour once"


def headers_of(row: Any) -> list[tuple[str, bytes]]:
    return [(name, base64.b64decode(value)) for name, value in json.loads(row["headers"])]


async def test_structured_mode_and_unknown_fields_are_no_poison(toy: Opened) -> None:
    await add_thing(toy)
    newer = replace(left(THING), value=(GOOD.value or b"").replace(b"{", b'{"new_field": [1],', 1))
    await toy.inbox.deliver([structured(left(THING)), structured(left(THING), extra="x"), newer])
    assert (await count_of_thing(toy), await toy.dead_letters()) == (3, [])


async def command(it: Opened, *words: str) -> tuple[int, str]:
    """Exit code and output of the real command line."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "toy", "dead-letters", *words),
        env=environment(it.dsn, it.keyring),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await child.communicate()
    return await child.wait(), output.decode()


async def test_a_person_lists_shows_replays_and_drops_dead_letters(toy: Opened) -> None:
    await toy.inbox.deliver([replace(left(THING), value=b"no event"), bug := left(THING, "bug")])
    listed, shown = await asyncio.gather(command(toy, "list"), command(toy, "show", "1"))
    assert (listed[0], shown[0]) == (0, 0)
    assert [line.split()[3] for line in listed[1].splitlines()] == ["staff-left", "staff-left"]
    assert "ce_type: ekis.staff-left.v1" in shown[1]
    assert shown[1].endswith("no event\n")
    failed, told = await command(toy, "replay", "1")
    assert (failed, told.count("\n")) == (1, 1), "what still fails stays, and says why in a line"
    assert len(await toy.dead_letters()) == 2

    await add_thing(toy)
    row = await toy.runtime.database.pool.fetchrow("SELECT value FROM dead_letter WHERE id = 2")
    assert row
    assert row["value"] == bug.value
    mended = row["value"].replace(b'"bug"', b'"step"')
    await toy.runtime.database.pool.execute("UPDATE dead_letter SET value = $1 WHERE id = 2", mended)
    replayed, dropped = await asyncio.gather(command(toy, "replay", "2"), command(toy, "drop", "1"))
    assert (replayed[0], dropped[0], await toy.dead_letters()) == (0, 0, [])
    await toy.inbox.deliver([bug])
    assert await count_of_thing(toy) == 1, "the replay is remembered"


async def test_a_replayed_letter_that_comes_too_late_is_settled(toy: Opened) -> None:
    await add_thing(toy)
    await toy.inbox.deliver([left(THING, "bug")])
    mend = "UPDATE dead_letter SET value = replace(convert_from(value, 'UTF8'), '\"bug\"', '\"late\"')::bytea"
    await toy.runtime.database.pool.execute(mend)
    assert await command(toy, "replay", "1") == (0, "1: replay done\n")
    assert await toy.dead_letters() == []
