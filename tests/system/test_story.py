"""The main story on the real stack, by HTTP and mail alone; the cut-off; the takeover; what the gateway shows."""

import asyncio
from time import monotonic

import pytest
from doors import DOORS, let_in
from identity.domain.forms import REQUESTS_A_DAY
from live import Live
from story import NEW_PASSWORD, Person, Session
from takeover import attempt, stolen

CUT_OFF = 1.0  # seconds from the decision until every service refuses the live token


async def settled(live: Live, last_name: str) -> tuple[Person, str, Session]:
    story, teacher = live.story, Person(last_name)
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    assert (await story.workplace(session)).status_code == 200
    return teacher, login, session


async def test_from_an_unknown_school_to_an_open_cabinet_and_out_again(live: Live) -> None:
    story, head, teacher = live.story, Person("Ключевская", "Вера"), Person("Рекина", "Анна")
    school = await story.register(head)
    _, head_session = await story.settled_in(head, school, "head")
    ticket = await story.ask(teacher, school)
    await story.reaches(ticket, "referred")
    await story.mail(head.email, "Рекин|сотрудник|запрос")
    referral = await story.referral(ticket, head_session.headers)
    decision = {"decision": "confirm", "post": "учитель физики", "category": "employee"}
    path = f"/registry/referrals/{referral['request_id']}/decision"
    await story.ok("POST", path, json=decision, headers=head_session.headers)
    await story.reaches(ticket, "issued")
    login, session = await story.enter(teacher)
    assert (await story.workplace(session)).json()["post"] == "учитель физики"

    refreshed = await live.call("POST", "/identity/sessions/refresh", cookies=session.cookies)
    assert refreshed.status_code == 200, refreshed.text
    await story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)
    await story.mail(teacher.email, "отключён")
    body = {"login": login, "password": NEW_PASSWORD, "remember_me": False}
    assert (await live.call("POST", "/identity/sessions", json=body)).status_code == 401
    assert (await live.call("POST", "/identity/sessions/refresh", cookies=refreshed.cookies)).status_code == 401


async def test_disabling_cuts_a_live_token_off_everywhere_within_a_second(live: Live) -> None:
    _, _, session = await settled(live, "Срочная")
    assert await let_in(live, session.headers)
    await live.story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)
    decided = monotonic()

    async def shut(path: str) -> float:
        while (await live.call("GET", path, headers=session.headers)).status_code != 401:
            assert monotonic() - decided < CUT_OFF, f"{path} still open"
            await asyncio.sleep(0.01)
        return monotonic() - decided

    took = {name: await shut(path) for name, path in DOORS.items()}
    print("cut-off, seconds:", {name: round(seconds, 3) for name, seconds in took.items()})


async def test_a_stranger_who_corrects_the_address_never_gets_credentials(live: Live) -> None:
    story, teacher, stranger = live.story, Person("Доверчивая", "Анна"), Person("Чужой", "Иван")
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    in_time = [await attempt(story, teacher, school, stranger) for _ in range(REQUESTS_A_DAY)]
    assert any(in_time), "the attack has happened"
    assert await stolen(story, stranger) == []


@pytest.mark.parametrize("path", ["/live", "/ready", "/metrics", "/api/registry/../../metrics", "/api/nobody/x"])
async def test_the_gateway_shows_nothing_internal(live: Live, path: str) -> None:
    answer = await live.client.get(live.stack.gateway + path)
    assert answer.status_code == 404
    assert "ekis_http" not in answer.text


async def test_the_gateway_sets_security_headers(live: Live) -> None:
    answer = await live.call("GET", "/registry/schools")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize("service", ["registry", "identity", "cabinet", "notify"])
async def test_every_service_serves_its_own_description(live: Live, service: str) -> None:
    assert (await live.call("GET", f"/{service}/openapi.json")).json()["openapi"].startswith("3.")
    assert "redoc" in (await live.call("GET", f"/{service}/docs")).text
