"""The first sign-in: the status is checked and never granted; an interrupted activation goes on."""

from datetime import timedelta

from story import NEW_PASSWORD, Person, Session
from world import World


async def first_session(world: World) -> tuple[Person, str, str, Session]:
    story, teacher = world.story, Person()
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    await story.reaches(await story.ask(teacher, school), "issued")
    login, password = await story.credentials(teacher)
    return teacher, login, password, await story.sign_in(login, password)


async def test_a_wrong_status_is_refused_with_a_way_on_and_nothing_is_used_up(world: World) -> None:
    _, login, password, session = await first_session(world)
    body = {"status": "head", "new_password": NEW_PASSWORD}
    refused = await world.story.call("POST", "/identity/activation", json=body, headers=session.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "status-mismatch")
    resumed = await world.story.sign_in(login, password)
    assert resumed.body["required"] == ["declare-status", "change-password"]
    done = await world.story.activate(resumed, "employee")
    assert done.body["scope"] == "full"


async def test_before_activation_nothing_else_opens(world: World) -> None:
    _, _, _, session = await first_session(world)
    for path in ("/cabinet/workplace", "/identity/me", "/registry/referrals"):
        assert (await world.story.call("GET", path, headers=session.headers)).status_code == 403, path


async def test_the_one_time_password_is_dead_after_activation(world: World) -> None:
    _, login, password, session = await first_session(world)
    await world.story.activate(session, "employee")
    body = {"login": login, "password": password, "remember_me": False}
    refused = await world.story.call("POST", "/identity/sessions", json=body)
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid-credentials")


async def test_an_expired_one_time_password_is_renewed_from_the_tracking_page(world: World) -> None:
    story, teacher = world.story, Person()
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    ticket = await story.ask(teacher, school)
    await story.reaches(ticket, "issued")
    login, old = await story.credentials(teacher)
    await world.pass_time(timedelta(days=4))
    body = {"login": login, "password": old, "remember_me": False}
    assert (await story.call("POST", "/identity/sessions", json=body)).status_code == 401
    await story.ok("POST", f"/identity/account-requests/{ticket.number}/resend", headers=ticket.headers)
    await world.bus.drain()
    same_login, fresh = await story.credentials(teacher)
    assert (same_login, fresh != old) == (login, True)
    await story.activate(await story.sign_in(login, fresh), "employee")
