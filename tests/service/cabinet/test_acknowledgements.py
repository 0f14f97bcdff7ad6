"""Acknowledging: who is asked, once for a version, again only when it matters; the head's matrix; reminders."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from cabinet.documents.actions.acknowledgements import remind_next_page
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import NoticeAddressed

from .conftest import Person
from .library import Library
from .people import inbox, settle


@pytest.fixture
def library(cabinet: Opened) -> Library:
    return Library(cabinet)


async def asked(library: Library, person: Person) -> list[str]:
    answer = await library.it.http.get("/cabinet/documents?asked=true", headers=person.headers(library.it))
    return [one["document_id"] for one in answer.json()["items"]]


async def test_an_acknowledgement_is_given_once_with_time_and_hash(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    document_id = await library.mandatory(content="Приказ".encode())
    assert await asked(library, settled) == [document_id]
    answers = await asyncio.gather(*(library.acknowledge(document_id, settled) for _ in range(5)))
    cabinet.clock.move(timedelta(minutes=1))
    answers.append(await library.acknowledge(document_id, settled))
    evidence = {(a.status_code, a.json()["at"], a.json()["sha256"]) for a in answers}
    assert len(evidence) == 1
    assert evidence.pop()[2] == hashlib.sha256("Приказ".encode()).hexdigest()
    assert await asked(library, settled) == []
    assert (await inbox(cabinet, settled))[1] == 0, "its notice is read"
    assert await cabinet.runtime.database.pool.fetchval("SELECT count(*) FROM acknowledgement") == 1


async def test_a_minor_version_asks_nobody_and_a_material_one_everybody(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    document_id = await library.mandatory()
    await library.acknowledge(document_id, settled)
    terms: dict[str, Any] = {"is_mandatory": True, "acknowledge_by": library.ahead(20)}
    await library.publish(document_id, is_material=False, **terms)
    assert await asked(library, settled) == []
    late = await settle(cabinet, Person())
    assert await asked(library, late) == [document_id]
    refused = await library.acknowledge(document_id, late, version=1)
    assert (refused.status_code, refused.json()["code"], refused.json()["no"]) == (409, "document-newer", 2)
    assert (await library.acknowledge(document_id, late, version=2)).status_code == 200
    await library.publish(document_id, is_material=True, **terms)
    assert await asked(library, settled) == await asked(library, late) == [document_id]


async def test_only_who_is_meant_is_asked(cabinet: Opened, library: Library, settled: Person) -> None:
    other = await settle(cabinet, Person(), staff={"post": "Завхоз"})
    document_id = await library.mandatory(card={"audience": {"posts": ["Учитель математики"]}})
    assert (await asked(library, settled), await asked(library, other)) == ([document_id], [])
    refused = await library.acknowledge(document_id, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "acknowledgement-not-asked")
    voluntary = await library.published()
    assert (await library.acknowledge(voluntary, settled)).json()["code"] == "acknowledgement-not-asked"
    draft = await library.write()
    assert (await library.acknowledge(draft, settled)).status_code == 404


async def test_the_head_sees_who_has_and_who_has_not(cabinet: Opened, library: Library, settled: Person) -> None:
    school_id = settled.school_id
    lazy = await settle(cabinet, Person(school_id=school_id, last_name="Ленивцева"))
    on_paper = Person(school_id=school_id, last_name="Бумажная")
    await cabinet.tell(on_paper.enrolled())
    await settle(cabinet, Person(last_name="Чужая"))
    document_id = await library.mandatory()
    signed = (await library.acknowledge(document_id, settled)).json()["sha256"]
    expected = {"Бумажная": None, "Забвенная": signed, "Ленивцева": None}
    assert await library.matrix(document_id, lazy) == expected
    sheet = await cabinet.http.get(
        f"/cabinet/documents/{document_id}/acknowledgements/sheet", headers=library.head(lazy)
    )
    assert sheet.headers["content-type"] == "text/html; charset=utf-8"
    for word in ("Лист ознакомления", "Бумажная Алла Львовна", "Школа № 1", signed, "@media print"):
        assert word in sheet.text, word
    assert "Чужая" not in sheet.text


async def test_the_matrix_goes_on_by_a_cursor_without_names(cabinet: Opened, library: Library, settled: Person) -> None:
    for name in ("Вторая", "Третья", "Четвёртая"):
        await cabinet.tell(Person(school_id=settled.school_id, last_name=name).enrolled())
    document_id = await library.mandatory()
    names, path = [], f"/cabinet/documents/{document_id}/acknowledgements?limit=2"
    cursor = ""
    while cursor is not None:
        page = (await cabinet.http.get(f"{path}{cursor and '&cursor=' + cursor}", headers=library.head(settled))).json()
        names += [one["last_name"] for one in page["items"]]
        cursor = page["next"]
    assert names == ["Вторая", "Забвенная", "Третья", "Четвёртая"]


async def test_an_acknowledgement_outlives_the_account(cabinet: Opened, library: Library, settled: Person) -> None:
    colleague = await settle(cabinet, Person(school_id=settled.school_id, last_name="Коллега"))
    document_id = await library.mandatory()
    signed = (await library.acknowledge(document_id, settled)).json()["sha256"]
    for gone in (await settle(cabinet, Person(school_id=settled.school_id)), settled):
        await cabinet.tell(gone.left())
        await cabinet.tell(gone.disabled(), 3)
    assert await library.matrix(document_id, colleague) == {"Коллега": None, "Бывший сотрудник № 2": signed}
    page = await cabinet.http.get(
        f"/cabinet/documents/{document_id}/acknowledgements/sheet", headers=library.head(colleague)
    )
    assert "Бывший сотрудник № 2" in page.text
    assert "Забвенная" not in await cabinet.everything()


async def test_the_department_counts_by_school(cabinet: Opened, library: Library, settled: Person) -> None:
    for _ in range(2):
        await settle(cabinet, Person(school_id=settled.school_id))
    other = await settle(cabinet, Person())
    document_id = await library.mandatory()
    for person in (settled, other):
        await library.acknowledge(document_id, person)
    counts = await library.ok("GET", f"/{document_id}/acknowledgements/counts")
    assert (counts["asked"], counts["acknowledged"]) == (4, 2)
    by_school = {one["school_id"]: (one["asked"], one["acknowledged"]) for one in counts["items"]}
    assert by_school == {str(settled.school_id): (3, 1), str(other.school_id): (1, 1)}
    of_a_school = await library.ok("GET", f"/{document_id}/acknowledgements?school_id={settled.school_id}")
    assert len(of_a_school["items"]) == 3


async def reminded(cabinet: Opened) -> list[set[Any]]:
    for _ in range(2):  # a reminder becomes a notice, which becomes an event
        await cabinet.run_loops()
    events = await cabinet.published_events()
    return [
        set(event.account_ids) for event in events if isinstance(event, NoticeAddressed) and event.kind == "reminder"
    ]


async def test_who_has_not_is_reminded_three_days_and_one_day_before(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    diligent = await settle(cabinet, Person())
    document_id = await library.mandatory(days=10)
    await library.acknowledge(document_id, diligent)
    cabinet.clock.move(timedelta(days=6, hours=23))
    assert await reminded(cabinet) == []
    cabinet.clock.move(timedelta(hours=2))
    assert await reminded(cabinet) == [{settled.account_id}]
    assert await reminded(cabinet) == []
    cabinet.clock.move(timedelta(days=2))
    assert await reminded(cabinet) == [{settled.account_id}]
    cabinet.clock.move(timedelta(days=5))
    assert await reminded(cabinet) == []
    assert (await inbox(cabinet, diligent))[1] == 0


async def test_a_reminder_of_an_older_version_does_not_come(cabinet: Opened, library: Library, settled: Person) -> None:
    document_id = await library.mandatory(days=10)
    await library.publish(document_id, is_mandatory=True, acknowledge_by=library.ahead(30))
    cabinet.clock.move(timedelta(days=9))
    assert await reminded(cabinet) == []
    cabinet.clock.move(timedelta(days=19))
    assert await reminded(cabinet) == [{settled.account_id}]


async def test_a_thousand_are_reminded_page_by_page_once_each(cabinet: Opened, library: Library) -> None:
    sql = "INSERT INTO account (account_id, state) SELECT gen_random_uuid(), 'open' FROM generate_series(1, 1100)"
    await cabinet.runtime.database.pool.execute(sql)
    await library.mandatory(days=10)
    await cabinet.run_loops()
    await cabinet.published()
    cabinet.clock.move(timedelta(days=8))
    async with cabinet.runtime.database.transaction() as tx, cabinet.runtime.database.transaction() as other:
        assert (await remind_next_page(tx), await remind_next_page(other)) == (True, False)
    pages = await reminded(cabinet)
    assert sorted(map(len, pages)) == [100, 500, 500]
    assert len(set().union(*pages)) == 1100
