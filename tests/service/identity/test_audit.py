"""The audit record: what is in it, who may look, how it is taken out, and that nothing in it can be changed."""

import csv
import io
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import identity
import pytest
from chassis.migrations import migrate
from chassis.outbox import new_id
from identity.domain.audit import ACTS, Entry
from identity.store import audit

from .people import NEW_PASSWORD, Desk, bearer
from .test_operator_accounts import active, change
from .test_second_factor import refusal, with_phone


async def listed(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get("/identity/audit", params=query, headers=desk.by("security"))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def note(desk: Desk, *entries: Entry) -> None:
    for entry in entries:
        async with desk.it.runtime.database.transaction() as tx:
            await audit.add_entry(tx, entry)


async def test_who_did_what_to_whom_on_which_ground(desk: Desk) -> None:
    person, clerk = await desk.active(), new_id()
    ticket = await desk.case(person.account_id)
    body = {"reason": "потерян телефон", "ticket": ticket}
    headers = desk.it.signed_in(roles=["support"], account_id=clerk)
    await desk.http.post(f"/identity/accounts/{person.account_id}/suspend", json=body, headers=headers)
    (found,) = await listed(desk, by=clerk)
    assert found | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "act": "suspend",
        "by": str(clerk),
        "account_id": str(person.account_id),
        "ticket": ticket,
        "proof": None,
        "reason": "потерян телефон",
        "details": {},
    }
    acted, linked = await listed(desk, ticket=ticket)
    assert [acted] == await listed(desk, account_id=person.account_id, act="suspend")
    assert linked["act"] == "link"


async def test_operators_comings_and_changes_are_on_record(desk: Desk) -> None:
    operator_id = await active(desk, "first.line", "support", "editor")
    await desk.sign_in("first.line", NEW_PASSWORD)
    await desk.sign_in("first.line", "не тот пароль совсем")
    await desk.sign_in("nobody.here", "не тот пароль совсем")
    await desk.it.run_loops()
    await change(desk, operator_id, "editor")
    acts = [one["act"] for one in reversed(await listed(desk, account_id=operator_id))]
    assert acts == ["operator-made", "signed-in", "password-changed", "signed-in", "sign-in-refused", "operator-roles"]
    assert len(await listed(desk, act="sign-in-refused")) == 1, "of others there is no record"
    assert await desk.it.runtime.database.pool.fetch("SELECT FROM refusal") == []
    (roles,) = await listed(desk, act="operator-roles")
    assert roles["details"] == {"roles": "editor"}


async def test_what_befalls_a_persons_credentials_is_on_record(desk: Desk) -> None:
    phone = await with_phone(desk)
    await phone.sign_in(code=phone.wrong())
    await phone.sign_in(code=phone.shown["recovery_codes"][0])
    await phone.ask("POST", "/recovery-codes")
    body = {"current_password": NEW_PASSWORD, "new_password": "широкий подоконник и кактус"}
    await desk.http.put("/identity/password", json=body, headers=phone.headers)
    acts = [one["act"] for one in reversed(await listed(desk, account_id=phone.person.account_id))]
    assert acts == [
        "password-changed",
        "second-factor-on",
        "second-factor-failed",
        "recovery-code-used",
        "recovery-codes-renewed",
        "password-changed",
    ]


async def test_a_stolen_refresh_token_is_on_record(desk: Desk) -> None:
    person = await desk.active()
    for _ in range(2):
        desk.http.cookies.clear()
        token = {"Cookie": f"rt={person.session.cookies['rt']}"}
        await desk.http.post("/identity/sessions/refresh", headers=token)
        desk.it.clock.move(timedelta(seconds=11))
    (found,) = await listed(desk, act="refresh-token-reused")
    assert found["account_id"] == str(person.account_id)


async def test_the_record_is_paged_from_the_newest(desk: Desk) -> None:
    subject = new_id()
    for number in range(5):
        desk.it.clock.move(timedelta(minutes=1))
        await note(desk, Entry("suspend", None, subject, reason=str(number)))
    seen, cursor = [], ""
    while True:
        query = {"account_id": str(subject), "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await desk.http.get("/identity/audit", params=query, headers=desk.by("security"))).json()
        seen += page["items"]
        cursor = page["next"]
        if not cursor:
            break
    assert [one["reason"] for one in seen] == ["4", "3", "2", "1", "0"]
    between = await listed(desk, since=seen[3]["at"], until=seen[1]["at"])
    assert [one["reason"] for one in between] == ["2", "1"]


@pytest.mark.parametrize("cursor", ["x", "WzFd", "W251bGxd", "e30", "WyJ4IiwieSJd", "WyIyMDI2LTAxLTAxIiwgIngiXQ"])
async def test_odd_cursors_are_refused(desk: Desk, cursor: str) -> None:
    answer = await desk.http.get("/identity/audit", params={"cursor": cursor}, headers=desk.by("security"))
    assert refusal(answer) == (422, "cursor-malformed")


@pytest.mark.parametrize(
    "query",
    [{"act": "bless"}, {"account_id": "1"}, {"since": "2026-01-01T00:00:00"}, {"until": "9999-12-31T00:00:00Z"}],
)
async def test_odd_questions_are_refused(desk: Desk, query: dict[str, str]) -> None:
    answer = await desk.http.get("/identity/audit", params=query, headers=desk.by("security"))
    assert answer.status_code == 422


async def test_taken_out_as_a_sheet_it_computes_nothing_and_says_so(desk: Desk) -> None:
    subject = new_id()
    texts = ["=1+1", "+7 900", "-1", "@SUM(A1)", "＝1", 'обычный; "текст"']
    await note(desk, *(Entry("suspend", subject, subject, reason=text) for text in texts))
    await note(desk, Entry("resume", subject, subject))
    who = {"roles": ["security"], "account_id": new_id()}
    query = {"account_id": str(subject), "act": "suspend"}
    answer = await desk.http.get("/identity/audit/export", params=query, headers=desk.it.signed_in(**who))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.text.startswith("\ufeffid;at;act;by;")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [row["reason"] for row in rows] == [texts[5], *(f"'{text}" for text in reversed(texts[:5]))]
    (found,) = await listed(desk, act="audit-exported")
    assert (found["by"], found["details"]["account_id"]) == (str(who["account_id"]), str(subject))


async def test_a_long_sheet_has_every_entry_once(desk: Desk) -> None:
    await desk.it.runtime.database.pool.execute(
        "INSERT INTO audit (id, at, act, details)"
        " SELECT gen_random_uuid(), now() - n % 7 * interval '1 s', 'suspend', '{}' FROM generate_series(1, 2500) AS n"
    )
    answer = await desk.http.get("/identity/audit/export?act=suspend", headers=desk.by("security"))
    ids = [line.partition(";")[0] for line in answer.text.splitlines()[1:]]
    assert (len(ids), len(set(ids))) == (2500, 2500)


async def test_taking_it_out_asks_for_a_fresh_code(desk: Desk) -> None:
    phone = await with_phone(desk)
    who = desk.it.signed_in(roles=["security"], account_id=phone.person.account_id)
    assert refusal(await desk.http.get("/identity/audit/export", headers=who)) == (401, "proof-required")
    assert (await desk.http.get("/identity/audit", headers=who)).status_code == 200


async def test_a_person_sees_no_record(desk: Desk) -> None:
    person = await desk.active()
    for path in ("/identity/audit", "/identity/audit/export"):
        assert refusal(await desk.http.get(path, headers=bearer(person.session))) == (403, "not-allowed")


@pytest.mark.parametrize("owns", [True, False])
async def test_the_service_cannot_change_what_stands_there(admin_dsn: str, owns: bool) -> None:
    """As on the native stack, where the role owns the database, and where another one migrates."""
    name = f"auditor_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(admin_dsn)
    try:
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
        await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
        parts = urlsplit(admin_dsn)
        dsn = urlunsplit(parts._replace(netloc=f"{name}:x@{parts.hostname}:{parts.port}", path=f"/{name}"))
        await migrate(dsn, Path(identity.__file__).parent / "migrations")
        await _is_refused_all_but_adding(dsn)
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute(f"DROP ROLE IF EXISTS {name}")
        await admin.close()


async def _is_refused_all_but_adding(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "INSERT INTO audit (id, at, act, details) VALUES (gen_random_uuid(), now(), 'x', '{}')"
        )
        for sql in ("UPDATE audit SET act = 'y'", "DELETE FROM audit", "TRUNCATE audit"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(sql)
        assert await connection.fetchval("SELECT act FROM audit") == "x"
    finally:
        await connection.close()


def test_the_readme_names_every_act() -> None:
    readme = (Path(identity.__file__).parents[1] / "README.md").read_text()
    assert [act for act in ACTS if f"`{act}`" not in readme] == []
