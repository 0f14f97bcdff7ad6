"""What lists of entries and their file show: the own school to a head, everybody to an editor; and attached files."""

import csv
import io

import pytest
from chassis.testing.opened import Opened

from .conftest import Person
from .contests import Board, entry, headed, seen
from .people import settle
from .uploads import uploaded


@pytest.fixture
def editor(cabinet: Opened) -> Board:
    return Board(cabinet)


async def test_lists_and_counts_show_the_own_school_alone(cabinet: Opened, editor: Board, settled: Person) -> None:
    head, _ = await headed(cabinet, settled)
    ours, theirs = Board(cabinet, head), await settle(cabinet, Person(last_name="Чужая"))
    contest_id = await editor.announce()
    await entry(cabinet, contest_id, settled)
    await entry(cabinet, contest_id, theirs)
    assert [one["name"] for one in (await ours.ok("GET", f"/{contest_id}/entries"))["items"]] == [
        "Забвенная Алла Львовна"
    ]
    everybody = await editor.ok("GET", f"/{contest_id}/entries?limit=1")
    following = await editor.ok("GET", f"/{contest_id}/entries?limit=1&cursor={everybody['next']}")
    names = [one["name"] for one in (*everybody["items"], *following["items"])]
    assert names == ["Забвенная Алла Львовна", "Чужая Алла Львовна"]
    assert (await ours.ask("GET", f"/{contest_id}/entries.csv")).text.count("Алла") == 1
    refused = await cabinet.http.get(f"/cabinet/contests/{contest_id}/entries", headers=settled.headers(cabinet))
    assert refused.status_code == 403
    draft = await editor.write()
    assert (await ours.ask("GET", f"/{draft}/entries")).status_code == 404
    assert not {"counts", "accepted"} & (await seen(cabinet, contest_id, settled)).keys()


async def test_the_file_has_everybody_once_and_does_nothing(
    cabinet: Opened, editor: Board, settled: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cabinet.contests.routes.entries._PAGE", 2)
    contest_id = await editor.announce(capacity=3)
    people = [settled, *[await settle(cabinet, Person(last_name=f"Участник {number}")) for number in range(4)]]
    for person in people:
        await entry(cabinet, contest_id, person, team="=HYPERLINK(1)", text="+7; @дом\nвторая", pupils=0)
    await cabinet.tell(settled.disabled(), 3)
    answer = await editor.ask("GET", f"/{contest_id}/entries.csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.text.startswith("\ufeff")
    head, *lines = csv.reader(io.StringIO(answer.text[1:]), delimiter=";")
    assert head[:4] == ["Участник", "Должность", "Школа", "Заявка"]
    assert [line[0] for line in lines] == ["Бывший сотрудник № 1"] + [
        f"Участник {number} Алла Львовна" for number in range(4)
    ]
    assert [line[3] for line in lines] == ["отозвана", *["участвует"] * 3, "в листе ожидания"]
    assert lines[1][4:7] == ["'=HYPERLINK(1)", "0", "'+7; @дом\nвторая"]
    filtered = (await editor.ask("GET", f"/{contest_id}/entries.csv?state=waitlisted")).text
    assert "Участник 3" in filtered
    assert "Участник 2" not in filtered


async def test_files_are_sent_to_whom_it_is_for(cabinet: Opened, editor: Board, settled: Person) -> None:
    other = await settle(cabinet, Person(post="Завуч"))
    file_id = await uploaded(cabinet, editor.headers, "Положение".encode(), "положение.txt")
    contest_id = await editor.write(files=[file_id], audience={"posts": [settled.post]})
    path = f"/cabinet/contests/{contest_id}/files/{file_id}"
    assert (await cabinet.http.get(path, headers=settled.headers(cabinet))).status_code == 404, "a draft"
    assert (await cabinet.http.get(path, headers=editor.headers)).status_code == 200
    await editor.ok("POST", f"/{contest_id}/announce")
    answer = await cabinet.http.get(path, headers=settled.headers(cabinet))
    assert (answer.text, answer.headers["x-content-type-options"]) == ("Положение", "nosniff")
    assert [one["name"] for one in (await seen(cabinet, contest_id, settled))["attached"]] == ["положение.txt"]
    assert (await cabinet.http.get(path, headers=other.headers(cabinet))).status_code == 404
    foreign = await editor.announce()
    wrong = f"/cabinet/contests/{foreign}/files/{file_id}"
    assert (await cabinet.http.get(wrong, headers=settled.headers(cabinet))).status_code == 404
    await editor.change(contest_id, files=[])
    assert (await cabinet.http.get(path, headers=settled.headers(cabinet))).status_code == 404
