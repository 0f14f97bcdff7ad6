"""The support desk: a forgotten password by the form, and a cabinet that is disabled on the phone."""

from typing import Any

import pytest
from ekis_contracts import decode, read
from ekis_contracts.identity import ConfirmationRequested
from story import Person, Session, Ticket
from world import World

TEACHER = Person("Забывчивая", "Ольга", email="forgetful@mail.example")
NEW_PASSWORD = "громкий рассвет за рекой 53"


async def settled(world: World) -> tuple[str, Session]:
    story = world.story
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, TEACHER)
    login, session = await story.settled_in(TEACHER, school)
    await world.bus.drain()
    return login, session


async def ask(world: World, kind: str, **more: Any) -> Ticket:
    """A ticket, by the form or, with headers of the desk, by phone."""
    headers = more.pop("headers", {})
    body = {"kind": kind, "contact": {"email": TEACHER.email, "name": "Ольга"}, "text": "Помогите"} | more
    made = await world.story.ok("POST", "/identity/support/tickets", json=body, headers=headers)
    await world.bus.drain()
    return Ticket(made["number"], made["tracking_code"])


def mailed_code(world: World) -> str:
    """The code of the newest confirmation, as its mail shows it."""
    told = [record for record in world.bus.log if record.topic == ConfirmationRequested.topic]
    event = decode(read(told[-1]))
    assert isinstance(event, ConfirmationRequested)
    letter = world.services["notify"].open(event.confirmation)
    assert letter.to == TEACHER.email
    return str(letter.code)


async def confirm(world: World, purpose: str) -> None:
    await world.story.ok("POST", "/identity/confirmations", json={"purpose": purpose, "code": mailed_code(world)})
    await world.bus.drain()


async def cannot_sign_in(world: World, login: str, password: str) -> bool:
    body = {"login": login, "password": password, "remember_me": False}
    return (await world.story.call("POST", "/identity/sessions", json=body)).status_code == 401


async def test_a_forgotten_password_is_replaced_by_whoever_reads_the_address_on_file(world: World) -> None:
    story = world.story
    login, session = await settled(world)
    ticket = await ask(world, "restore-access")
    assert (await story.call("GET", "/identity/me", headers=session.headers)).status_code == 200
    await confirm(world, "restore")
    assert (await story.call("GET", "/identity/me", headers=session.headers)).status_code == 401
    assert (await story.call("GET", "/cabinet/workplace", headers=session.headers)).status_code == 401

    named, password = await story.credentials(TEACHER)
    assert named == login
    first = await story.sign_in(login, password)
    assert first.body["scope"] == "activation"
    again = await story.activate(first, "employee", NEW_PASSWORD)
    await world.bus.drain()
    assert (await story.workplace(again)).status_code == 200
    assert await cannot_sign_in(world, login, password)
    assert (await story.sign_in(login, NEW_PASSWORD)).body["scope"] == "full"
    page = await story.ok("GET", f"/identity/support/tickets/{ticket.number}", headers=ticket.headers)
    assert page["state"] == "resolved"
    await story.mail(TEACHER.email, "[Пп]ароль")


@pytest.mark.parametrize("read", [True, False])
async def test_a_caller_who_reads_the_mailed_code_aloud_has_the_cabinet_disabled(world: World, read: bool) -> None:
    story = world.story
    login, _ = await settled(world)
    desk = await story.operator("support")
    ticket = await ask(world, "disable-account", login=login, headers=desk)
    path = f"/identity/support/tickets/{ticket.number}"
    await story.ok("POST", f"{path}/link", json={}, headers=desk)
    await story.ok("POST", f"{path}/email-code", headers=desk)
    await world.bus.drain()
    if read:
        await confirm(world, "email-code")
    body = {"check": "email-code", "note": "код прочитан"}
    answer = await story.call("POST", f"{path}/disable-account", json=body, headers=desk)
    await world.bus.drain()
    assert answer.status_code == (200 if read else 409)
    assert await cannot_sign_in(world, login, "тихий вечер над прудом 47") is read
    if read:
        await story.mail(TEACHER.email, "отключён")
        record = await story.ok("GET", path, headers=desk)
        assert [deed["act"] for deed in record["deeds"]] == ["link", "email-code", "email-code-read", "disable"]
