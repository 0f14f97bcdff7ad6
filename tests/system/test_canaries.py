"""After a full run no secret can be found but in people's hands, and no name outside the services it belongs to."""

import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest
from canaries import Canaries, Find, search
from chassis.settings import SERVICES
from collector import Collector
from confluent_kafka import Producer
from ekis_kafka.broker import client_settings
from live import Live, live_stack
from story import NEW_PASSWORD, Person, School, Session, Story, Ticket
from waiting import until

LETTERS = "абвгдежзик"
PEOPLE = 6
KEEPERS = ("identity", "registry", "cabinet")
PHONE = "+74997654{:03}"


@pytest.fixture(scope="module")
async def live(collector: Collector) -> AsyncIterator[Live]:
    """A stack of its own, which nobody else has filled."""
    told = {"EKIS_TRACES": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    async with live_stack(env=dict.fromkeys(SERVICES, told)) as it:
        yield it


@pytest.fixture(scope="module")
async def canaries(live: Live) -> Canaries:
    """Everything that was seen and typed in many lives, some of them with faults."""
    seen = Canaries()
    for number in range(PEOPLE):
        if number == PEOPLE // 2:
            await live.stack.kill("identity")
            await live.stack.wait_ready()
        await _live(live.story, live, seen, number)
    await _stumble(live, seen)
    return seen


def _note_person(seen: Canaries, person: Person) -> None:
    seen.add("name", person.last_name, person.first_name, at=KEEPERS)
    seen.add("address", person.email, at=("identity", "registry"))


async def _live(story: Story, live: Live, seen: Canaries, number: int) -> None:
    """From the application of a school to an open cabinet, other passwords, devices, and perhaps the end."""
    letter = LETTERS[number]
    head = Person("Вожакова" + letter, "Весняна" + letter, email=f"head-canary-{number}@mail.example")
    teacher = Person("Канарейкина" + letter, "Кенария" + letter, email=f"canary-{number}@mail.example")
    for person in (head, teacher):
        _note_person(seen, person)
    school = await story.register(head)
    await story.enrol(school, teacher)
    ticket = await story.ask(teacher, school)
    await story.reaches(ticket, "issued")
    login, session = await _first_sign_in(story, seen, teacher, number)
    seen.add("tracking code", ticket.code)
    seen.add("login", login, at=("identity",))
    await _fill_in(story, seen, session, number)
    session = await _other_password(live, seen, login, session, number)
    await _second_factor(story, seen, session, number)
    if number % 2 == 0:
        await _lose_access(story, seen, teacher, number)
    else:
        body = {"password": _password(number, "второй"), "reason": "канарейка улетела"}
        await story.ok("POST", "/identity/disable-requests", json=body, headers=session.headers)
        await story.mail(teacher.email, "отключён")


def _password(number: int, which: str) -> str:
    return f"{which} вечер над тихим прудом {number}"


async def _first_sign_in(story: Story, seen: Canaries, teacher: Person, number: int) -> tuple[str, Session]:
    login, one_time = await story.credentials(teacher)
    seen.add("one-time password", one_time, one_time.replace("-", ""))
    first = await story.sign_in(login, one_time)
    session = await story.activate(first, "employee", _password(number, "первый"))
    seen.add("password", _password(number, "первый"))
    for one in (first, session):
        _note_session(seen, one)
    return login, session


def _note_session(seen: Canaries, session: Session) -> None:
    seen.add("access token", session.token, session.token.rpartition(".")[2])
    seen.add("refresh token", session.cookies["rt"])


async def _fill_in(story: Story, seen: Canaries, session: Session, number: int) -> None:
    form = await story.workplace(session)
    phone = PHONE.format(number)
    seen.add("work phone", phone, at=("cabinet", "registry"))
    place = {"subjects": ["физика"], "work_phone": phone, "building": "дом 1", "room": "217"}
    headers = {**session.headers, "If-Match": form.headers["ETag"]}
    await story.ok("PUT", "/cabinet/workplace", json=place, headers=headers)


async def _other_password(live: Live, seen: Canaries, login: str, session: Session, number: int) -> Session:
    refreshed = await live.call("POST", "/identity/sessions/refresh", cookies=session.cookies)
    seen.add("refresh token", refreshed.cookies["rt"])
    body = {"current_password": _password(number, "первый"), "new_password": _password(number, "второй")}
    await live.story.ok("PUT", "/identity/password", json=body, headers={"Authorization": _bearer(refreshed.json())})
    seen.add("password", _password(number, "второй"))
    again = await live.story.sign_in(login, _password(number, "второй"), remember=True)
    _note_session(seen, again)
    return again


async def _second_factor(story: Story, seen: Canaries, session: Session, number: int) -> None:
    proof = {"password": _password(number, "второй")}
    assert (await story.call("POST", "/identity/second-factor/proof", json=proof, headers=session.headers)).is_success
    shown = await story.ok("POST", "/identity/second-factor", json={}, headers=session.headers)
    seen.add("secret of a second factor", shown["secret"])
    for code in shown["recovery_codes"]:
        seen.add("recovery code", code, code.replace("-", ""))


async def _lose_access(story: Story, seen: Canaries, teacher: Person, number: int) -> None:
    """A ticket, the code of a mail, another one-time password; and an operator who gets one too."""
    words, (_, before) = f"жёлтая птица забыла пароль номер {number}", await story.credentials(teacher)
    asked = {"kind": "restore-access", "contact": {"email": teacher.email}, "text": words}
    ticket = await story.ok("POST", "/identity/support/tickets", json=asked)
    seen.add("words of a ticket", words, at=("identity",))
    seen.add("tracking code", ticket["tracking_code"])
    mailed = re.search(r"purpose=restore&code=(\S+)", (await story.mail(teacher.email, "purpose=restore"))["text"])
    assert mailed
    seen.add("confirmation code", mailed[1], mailed[1].replace("-", ""))
    await story.ok("POST", "/identity/confirmations", json={"purpose": "restore", "code": mailed[1]})

    async def renewed() -> str | None:
        _, password = await story.credentials(teacher)
        return password if password != before else None

    made = {"login": f"canary.keeper{number}", "roles": ["editor"]}
    operator = await story.ok("POST", "/identity/operators", json=made, headers=await story.operator("admin"))
    for password in (await story.settle(renewed), operator["one_time_password"]):
        seen.add("one-time password", password, password.replace("-", ""))


def _bearer(body: dict[str, str]) -> str:
    return f"Bearer {body['access_token']}"


async def _stumble(live: Live, seen: Canaries) -> None:
    """What goes wrong is logged more than what goes well: wrong passwords, wrong addresses, bounces, wrong bodies."""
    story, lost, school = live.story, Person("Заблудова", "Канарейна", email="lost-canary@mail.example"), School()
    _note_person(seen, lost)
    seen.add("password", "совсем не тот пароль, канарейка", NEW_PASSWORD)
    for login in ("nobody.canary", "registrar"):
        body = {"login": login, "password": "совсем не тот пароль, канарейка", "remember_me": False}
        assert (await live.call("POST", "/identity/sessions", json=body)).status_code == 401
    fault = {"stage": "rcpt", "action": "reply", "reply": f"550 5.1.1 <{lost.email}> unknown", "count": 1}
    await live.client.post(f"{live.stack.mail_api}/faults", json=fault)
    ticket = await story.ask(lost, school)
    seen.add("tracking code", ticket.code)
    await story.reaches(ticket, "needs-school")
    await _wrong_words(live, ticket, lost)
    await live.call("POST", f"/identity/account-requests/{ticket.number}/withdraw", headers=ticket.headers)


async def _wrong_words(live: Live, ticket: Ticket, lost: Person) -> None:
    path = f"/identity/account-requests/{ticket.number}"
    for email in (f"{lost.last_name}@", "x" * 300 + lost.email):
        assert (await live.call("PATCH", path, json={"email": email}, headers=ticket.headers)).status_code == 422
    broken = json.dumps({"login": lost.email, "password": NEW_PASSWORD})[:-1].encode()
    headers = {"Content-Type": "application/json"}
    assert (await live.call("POST", "/identity/sessions", content=broken, headers=headers)).status_code == 400
    with suppress(Exception):  # a header that no server takes
        await live.call("GET", path, headers={"Tracking-Code": ticket.code * 500})


@pytest.mark.timeout(300)  # six lives, and every file of the stack
async def test_nothing_lies_where_it_must_not(live: Live, canaries: Canaries, collector: Collector) -> None:
    assert sum(map(len, canaries.things.values())) > 15 * PEOPLE, "there is much to look for"

    async def everybody() -> bool:
        return {span.service for span in collector.spans} == set(SERVICES)

    await until(everybody, "each service has sent spans")
    assert await search(live.stack, canaries, collector.bodies) == set()


async def test_people_are_where_they_are_at_home(live: Live, canaries: Canaries) -> None:
    """Else the search above looks in the wrong places."""
    homeless = Canaries(canaries.things, {"name": frozenset(), "address": frozenset(), "login": frozenset()})
    found = await search(live.stack, homeless, ())
    assert {find.place for find in found} >= {"database identity", "database registry", "database cabinet"}
    assert any(find.place.startswith("data/postgres/data/base/") for find in found), found
    assert any("pg_wal" in find.place for find in found), found


@pytest.mark.parametrize("spelling", range(3), ids=["plain", "utf-16", "base64"])
async def test_what_is_planted_is_found(live: Live, canaries: Canaries, spelling: int) -> None:
    planted = f"подложная канарейка номер {spelling}"
    mine = Canaries({"planted": {planted}}, {"planted": frozenset()})
    forms = [planted.encode(), planted.encode("utf-16-le"), base64.b64encode(f"[{planted}]".encode())]
    value = forms[spelling]
    with (live.stack.root / "logs" / "notify.log").open("ab") as log:
        log.write(value + b"\n")
    _produce(live, value)
    connection = await asyncpg.connect(live.stack.databases["notify"])
    await connection.execute("CREATE TABLE planted (secret bytea)")
    await connection.execute("INSERT INTO planted VALUES ($1)", value + b" " * 3000)  # long enough to be compressed
    try:
        found = await search(live.stack, mine, [value])
    finally:
        await connection.execute("DROP TABLE planted")
        await connection.close()
    places = {find.place for find in found}
    assert {"logs/notify.log", "database notify", "topic staff-left", "spans"} <= places, places
    assert Find("planted", "logs/notify.log") in found


def _produce(live: Live, value: bytes) -> None:
    """Compressed, so that the files of the broker do not show it."""
    settings = client_settings(live.stack.kafka, ("admin", live.stack.kafka_passwords["admin"]))
    producer = Producer(settings | {"compression.type": "gzip", "linger.ms": 50})
    producer.produce("staff-left", value + b" " * 3000, key=b"planted")
    assert producer.flush(30) == 0
