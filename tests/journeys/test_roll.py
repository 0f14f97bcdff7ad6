"""The staff roll rules: who is head no more loses the right at once; who left gets no account and loses it."""

from datetime import timedelta

from story import NEW_PASSWORD, Person
from world import World


async def test_a_demoted_head_loses_the_right_at_once(world: World) -> None:
    story, head = world.story, Person("Орлова", "Вера")
    school = await story.register(head)
    login, session = await story.settled_in(head, school, "head")
    assert (await story.call("GET", "/registry/referrals", headers=session.headers)).status_code == 200

    registrar = await story.operator("registrar")
    roll = f"/registry/schools/{school.school_id}/staff"
    staff = (await story.ok("GET", roll, headers=registrar))["items"][0]
    changes = {"category": "employee", "post": "учитель истории"}
    await story.ok("PATCH", f"{roll}/{staff['staff_id']}", json=changes, headers=registrar)
    await world.bus.drain()

    for service_path in ("/registry/referrals", "/cabinet/workplace", "/identity/me"):
        assert (await story.call("GET", service_path, headers=session.headers)).status_code == 401, service_path
    again = await story.sign_in(login, NEW_PASSWORD)
    me = await story.ok("GET", "/identity/me", headers=again.headers)
    assert me["category"] == "employee"
    assert (await story.call("GET", "/registry/referrals", headers=again.headers)).status_code == 403
    assert (await story.workplace(again)).json()["post"] == "учитель истории"


async def test_who_leaves_while_the_request_is_pending_gets_no_account(world: World) -> None:
    story, teacher = world.story, Person("Уходова", "Зоя")
    school = await story.register(Person("Орлов", "Пётр"))
    staff_id = await story.enrol(school, teacher)
    await world.bus.drain()
    ticket = await story.ask(teacher, school)
    await story.leave(school, staff_id)
    await world.bus.drain()
    assert (await story.track(ticket))["state"] in ("declined", "referred")
    assert not [one for one in await story.mailbox(teacher.email) if "Одноразовый пароль" in one["text"]]


async def test_who_leaves_with_an_account_is_suspended_and_after_two_weeks_disabled(world: World) -> None:
    story, teacher = world.story, Person("Уходова", "Зоя")
    school = await story.register(Person("Орлов", "Пётр"))
    staff_id = await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    await story.leave(school, staff_id)
    await world.bus.drain()
    assert (await story.call("GET", "/cabinet/workplace", headers=session.headers)).status_code == 401
    body = {"login": login, "password": NEW_PASSWORD, "remember_me": False}
    assert (await story.call("POST", "/identity/sessions", json=body)).status_code == 401
    await story.mail(teacher.email, "приостановлен")
    await world.pass_time(timedelta(days=15))
    await story.mail(teacher.email, "отключён")
