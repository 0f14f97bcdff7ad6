"""Stolen, planted and old sessions on the running stack; one-time passwords and idempotency keys used twice."""

import asyncio
from collections import Counter

import asyncpg
import httpx
from doors import let_in, until_shut_out
from live import Live
from story import NEW_PASSWORD, Person, School, Session
from topics import Witness
from waiting import until

OTHER_PASSWORD = "поздний вечер над рекой 12"


async def settled(live: Live, last_name: str) -> tuple[str, Session]:
    """Somebody at work, whom every service knows."""
    story, teacher = live.story, Person(last_name)
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    await story.workplace(session)
    assert await let_in(live, session.headers)
    return login, session


async def refresh(live: Live, token: str) -> httpx.Response:
    return await live.call("POST", "/identity/sessions/refresh", cookies=httpx.Cookies({"rt": token}))


async def test_a_planted_cookie_is_no_session_of_who_signs_in(live: Live) -> None:
    """Fixation: an attacker puts a refresh token into the victim's browser and waits."""
    attacker_login, attacker = await settled(live, "Подкинева")
    victim_login, _ = await settled(live, "Намеченная")
    planted = attacker.cookies["rt"]
    body = {"login": victim_login, "password": NEW_PASSWORD, "remember_me": False}
    signed = await live.call("POST", "/identity/sessions", json=body, cookies=httpx.Cookies({"rt": planted}))
    assert signed.cookies["rt"] != planted
    again = await refresh(live, planted)
    me = await live.story.ok("GET", "/identity/me", headers={"Authorization": f"Bearer {again.json()['access_token']}"})
    assert me["login"] == attacker_login, "the planted one is the attacker's own, as before"


async def test_signing_out_shuts_every_door(live: Live) -> None:
    login, session = await settled(live, "Уходящая")
    other = await live.story.sign_in(login, NEW_PASSWORD)
    await live.story.ok("DELETE", "/identity/sessions/current", headers=session.headers)
    await until_shut_out(live, session.headers)
    assert (await refresh(live, session.cookies["rt"])).status_code == 401
    assert await let_in(live, other.headers), "the other device goes on"


async def test_a_new_password_shuts_the_doors_to_the_other_devices(live: Live) -> None:
    login, session = await settled(live, "Переменова")
    thief = await live.story.sign_in(login, NEW_PASSWORD, remember=True)
    body = {"current_password": NEW_PASSWORD, "new_password": OTHER_PASSWORD}
    await live.story.ok("PUT", "/identity/password", json=body, headers=session.headers)
    await until_shut_out(live, thief.headers)
    await until_shut_out(live, session.headers)
    assert (await refresh(live, thief.cookies["rt"])).status_code == 401
    mine = await refresh(live, session.cookies["rt"])
    assert await let_in(live, {"Authorization": f"Bearer {mine.json()['access_token']}"})


async def test_disabled_stays_disabled_for_a_live_token_though_every_service_starts_anew(live: Live) -> None:
    login, session = await settled(live, "Отключаева")
    body = {"password": NEW_PASSWORD}
    await live.story.ok("POST", "/identity/disable-requests", json=body, headers=session.headers)
    await until_shut_out(live, session.headers)
    await asyncio.gather(*(live.stack.restart(name) for name in ("registry", "identity", "cabinet", "notify")))
    await until_shut_out(live, session.headers)
    assert (await refresh(live, session.cookies["rt"])).status_code == 401
    for password in (NEW_PASSWORD, OTHER_PASSWORD):
        signing_in = {"login": login, "password": password, "remember_me": False}
        assert (await live.call("POST", "/identity/sessions", json=signing_in)).status_code == 401


async def test_two_tabs_that_refresh_at_once_go_on_together(live: Live) -> None:
    _, session = await settled(live, "Двувкладова")
    answers = await asyncio.gather(*(refresh(live, session.cookies["rt"]) for _ in range(2)))
    assert [one.status_code for one in answers] == [200, 200]
    assert len({one.cookies["rt"] for one in answers}) == 1, "one successor"
    assert (await refresh(live, answers[0].cookies["rt"])).status_code == 200


async def test_a_refresh_token_used_again_later_ends_the_family_and_is_told(live: Live) -> None:
    """Later: its successor has been exchanged more often than in ten seconds of honest use."""
    _, session = await settled(live, "Украденова")
    witness = Witness(live.kafka, "none")
    begin = await witness.ends("sessions-revoked")
    token = stolen = session.cookies["rt"]
    for _ in range(22):
        token = (await refresh(live, token)).cookies["rt"]
    assert (await refresh(live, stolen)).status_code == 401
    assert (await refresh(live, token)).status_code == 401, "the whole family"
    await until_shut_out(live, session.headers)
    told = await witness.between(begin, await witness.ends("sessions-revoked"))
    assert b"refresh-token-reused" in b"".join(one.value for one in told)


async def test_of_fifty_uses_of_a_one_time_password_one_activates(live: Live) -> None:
    story, teacher, other = live.story, Person("Разовая"), Person("Соседкина")
    school = await story.register(Person("Орлов", "Пётр"))
    for person in (teacher, other):
        await story.enrol(school, person)
        await story.reaches(await story.ask(person, school), "issued")
    login, password = await story.credentials(teacher)
    other_login, _ = await story.credentials(other)
    body = {"login": other_login, "password": password, "remember_me": False}
    assert (await live.call("POST", "/identity/sessions", json=body)).status_code == 401, "it is one person's"

    async def use(number: int) -> int:
        body = {"login": login, "password": password, "remember_me": False}
        first = await live.client.post("/identity/sessions", json=body)
        if first.is_error:
            return first.status_code
        words = {"status": "employee", "new_password": f"тихий вечер над прудом {number}"}
        headers = {"Authorization": f"Bearer {first.json()['access_token']}"}
        return (await live.client.post("/identity/activation", json=words, headers=headers)).status_code

    answers = Counter(await asyncio.gather(*(use(number) for number in range(50))))
    assert answers[200] == 1, answers
    assert set(answers) <= {200, 401, 403, 409, 429, 503}, answers
    body = {"login": login, "password": password, "remember_me": False}

    async def is_refused() -> bool:
        again = await live.call("POST", "/identity/sessions", json=body)
        assert again.status_code in (401, 429, 503), "it is used up"
        return again.status_code == 401

    await until(is_refused, "the delay of so many at once is over", 60)


async def test_an_idempotency_key_makes_one_thing_of_one_body(live: Live) -> None:
    person, key = Person("Повторова"), {"Idempotency-Key": "the-same-for-all"}
    applicant = {**person.name, "email": person.email}
    body = {"applicant": applicant, "school": {"inn": School().inn}, "category": "employee", "consent": True}
    ask = [live.client.post("/identity/account-requests", json=body, headers=key) for _ in range(20)]
    answers = await asyncio.gather(*ask)
    assert {one.status_code for one in answers} == {202}
    assert len({one.json()["number"] for one in answers}) == 1
    other = await live.call("POST", "/identity/account-requests", json=body | {"category": "head"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    connection = await asyncpg.connect(live.stack.databases["identity"])
    try:
        rows = await connection.fetchval("SELECT count(*) FROM account_request WHERE email = $1", person.email)
    finally:
        await connection.close()
    assert rows == 1
