"""The feed says again what it has said: rows that the registry agrees with already are not even read, and nobody sees
the difference."""

import json
from typing import Any

import pytest
from ekis_contracts.registry import SchoolChanged
from feed import table
from registry.loops import imports

from .conftest import Registry
from .imports import Feed, counts
from .test_imports import row

DIRTY = {"Телефон": "(495) 963-76-77 доб. 5", "Почта": "—", "Сайт": "не сайт"}


@pytest.fixture
def feed(registry: Registry) -> Feed:
    return Feed(registry)


async def doctored(feed: Feed) -> None:
    """Whoever says this has it from a mark."""
    said = [{"field": "site", "code": "site-format", "params": {"value": "из отметки"}}]
    await feed.registry.it.runtime.database.pool.execute("UPDATE feed_mark SET remarks = $1", json.dumps(said))


async def from_marks(feed: Feed, done: dict[str, Any]) -> list[str]:
    """The numbers of these rows."""
    return [line[0] for line in await feed.report(done["import_id"]) if "из отметки" in line[6]]


async def patch(feed: Feed, name: str, version: int = 1, **fields: str) -> str:
    """Correct a school by hand. Returns where it is."""
    path = f"/registry/schools/{(await feed.schools())[name]['school_id']}"
    headers = feed.registrar | {"If-Match": f'"{version}"'}
    answer = await feed.registry.http.patch(path, json=fields, headers=headers)
    assert answer.status_code == 200, answer.text
    return path


def verdicts(report: list[list[str]]) -> list[list[str]]:
    """Without the verdict, which was another one when the schools were new."""
    return [line[:1] + line[2:] for line in report]


async def test_the_second_report_says_what_the_first_has_said(feed: Feed) -> None:
    file = table(row(1), row(2, **DIRTY), row(3, ОГРН="77№012387121"), row(4, КПП="0"))
    first = await feed.run(file)
    second = await feed.run(file)
    assert counts(second) == {"total": 4, "done": 4, "unchanged": 3, "rejected": 1}
    reports = [await feed.report(one["import_id"]) for one in (first, second)]
    assert verdicts(reports[0]) == verdicts(reports[1])
    assert "Добавочный" in reports[1][1][6]


async def test_rows_known_by_their_marks_in_whatever_order_they_come(feed: Feed) -> None:
    rows = [row(n) for n in range(1, 6)]
    await feed.run(table(*rows))
    await doctored(feed)
    await feed.registry.told()
    done = await feed.run(table(*reversed(rows)))
    assert counts(done) == {"total": 5, "done": 5, "unchanged": 5}
    assert await from_marks(feed, done) == ["2", "3", "4", "5", "6"]
    assert await feed.registry.told() == []


async def test_a_changed_cell_is_read_and_a_cell_that_moves_to_another_column_too(feed: Feed) -> None:
    await feed.run(table(row(1), row(2), row(3)))
    await doctored(feed)
    await feed.registry.told()
    done = await feed.run(table(row(1), row(2, Телефон="+7 495 000-00-02"), row(3)))
    assert counts(done) == {"total": 3, "done": 3, "changed": 1, "unchanged": 2}
    assert await from_marks(feed, done) == ["2", "4"]
    (event,) = await feed.registry.told()
    assert (type(event), event.phones) == (SchoolChanged, ["+74950000002"])
    renamed = [{{"Полное наименование": "Полное название"}.get(k, k): v for k, v in row(1).items()}]
    assert await from_marks(feed, await feed.run(table(*renamed))) == ["2"], "the same cells of the same fields"
    done = await feed.run(table(row(1)), mapping='{"address": "Полное наименование"}')
    assert (counts(done)["changed"], await from_marks(feed, done)) == (1, [])


async def test_a_row_that_has_changed_a_school_is_known_from_then_on(feed: Feed) -> None:
    await feed.run(table(row(1)))
    other = table(row(1, Телефон="+7 495 000-00-02"))
    assert counts(await feed.run(other))["changed"] == 1
    await doctored(feed)
    done = await feed.run(other)
    assert (counts(done)["unchanged"], await from_marks(feed, done)) == (1, ["2"])
    assert counts(await feed.run(table(row(1))))["changed"] == 1, "what it said before that is news again"


async def test_the_feed_wins_over_a_hand_again_and_the_history_tells(feed: Feed) -> None:
    await feed.run(table(row(1), row(2)))
    await doctored(feed)
    path = await patch(feed, "Школа № 1", phone="+7 495 000-00-01")
    done = await feed.run(table(row(1), row(2)))
    assert counts(done) == {"total": 2, "done": 2, "changed": 1, "unchanged": 1}
    assert await from_marks(feed, done) == ["3"]
    history = (await feed.registry.http.get(f"{path}/history", headers=feed.registrar)).json()["items"]
    (won, lost) = history
    assert (won["by"], won["field"], won["old"], won["new"]) == ("feed", "phones", lost["new"], lost["old"])
    again = await feed.run(table(row(1), row(2)))
    assert counts(again) == {"total": 2, "done": 2, "unchanged": 2}


async def test_a_hand_that_touches_what_the_feed_does_not_say_costs_one_look(feed: Feed) -> None:
    await feed.run(table(row(1)))
    await doctored(feed)
    await patch(feed, "Школа № 1", district="Речной")
    for _ in range(2):  # the second mark is an honest one
        done = await feed.run(table(row(1)))
        assert (counts(done)["unchanged"], await from_marks(feed, done)) == (1, [])
    assert await feed.registry.row("SELECT version FROM feed_mark") == {"version": 2}


async def test_a_closed_school_is_refused_however_well_known_its_row_is(feed: Feed) -> None:
    await feed.run(table(row(1), row(2)))
    full = await feed.run(table(row(1)), snapshot="true")
    closed = await feed.post(full["import_id"], "close-missing", expected=1, reason="liquidated")
    assert closed.status_code == 200, closed.text
    done = await feed.run(table(row(1), row(2)))
    assert counts(done) == {"total": 2, "done": 2, "unchanged": 1, "rejected": 1}
    assert "закрыта" in (await feed.report(done["import_id"]))[1][5]


@pytest.mark.parametrize(
    "other", [{}, {"Телефон": "+7 495 000-00-02"}, {"ОГРН": ""}], ids=["same", "newer", "by-place"]
)
@pytest.mark.parametrize("is_first", [True, False], ids=["known-first", "known-last"])
@pytest.mark.parametrize("between", [0, imports.BATCH], ids=["one-batch", "two-batches"])
async def test_a_known_row_repeats_like_any_other(
    feed: Feed, other: dict[str, str], is_first: bool, between: int
) -> None:
    await feed.run(table(row(1)))
    pair = [row(1), row(1, **other)][:: 1 if is_first else -1]
    done = await feed.run(table(pair[0], *(row(n) for n in range(2, between + 2)), pair[1]), mode="dry-run")
    assert counts(done)["rejected"] == 1
    last = (await feed.report(done["import_id"], "en"))[-1]
    assert (last[1], "in row 2" in last[5]) == ("rejected", True)


async def test_a_dry_run_knows_rows_and_remembers_none(feed: Feed) -> None:
    await feed.run(table(row(1)), mode="dry-run")
    assert await feed.registry.row("SELECT count(*) FROM feed_mark") == {"count": 0}
    await feed.run(table(row(1)))
    await doctored(feed)
    before = await feed.registry.row("SELECT * FROM feed_mark")
    done = await feed.run(table(row(1), row(2), row(3)), mode="dry-run")
    assert (counts(done)["unchanged"], await from_marks(feed, done)) == (1, ["2"])
    await feed.run(table(row(1, Почта="a@school.ru")), mode="dry-run")
    assert await feed.registry.row("SELECT * FROM feed_mark") == before


async def test_other_rules_read_every_row_anew(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    await feed.run(table(row(1)))
    await doctored(feed)
    monkeypatch.setattr(imports, "RULES", b"of the next release")
    for _ in range(2):
        done = await feed.run(table(row(1)))
        assert (counts(done)["unchanged"], await from_marks(feed, done)) == (1, [])


async def test_a_row_whose_cells_have_slipped_is_refused_again(feed: Feed) -> None:
    await feed.run(table(row(1)))
    slipped = table(row(1)).rstrip() + ";лишнее\r\n".encode()
    for _ in range(2):
        done = await feed.run(slipped)
        assert (counts(done)["rejected"], await from_marks(feed, done)) == (1, [])


async def test_a_known_school_is_not_missing(feed: Feed) -> None:
    file = table(row(1), row(2))
    await feed.run(file)
    assert counts(await feed.run(file, snapshot="true")) == {"total": 2, "done": 2, "unchanged": 2}
