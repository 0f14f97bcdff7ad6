"""A school ends: a merger erases nobody's cabinet, a liquidation lets go of everybody in two weeks."""

from datetime import timedelta

from story import NEW_PASSWORD, Person, School, Session
from world import World

PLACE = {"subjects": ["физика"], "work_phone": "+7 495 111-22-33", "building": "дом 1", "room": "217"}


async def at_work(world: World, teacher: Person, school: School) -> tuple[str, Session, str]:
    """A teacher with an account, whose workplace is filled in."""
    story = world.story
    await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    form = await story.workplace(session)
    headers = {**session.headers, "If-Match": form.headers["ETag"]}
    saved = await story.call("PUT", "/cabinet/workplace", json=PLACE, headers=headers)
    assert saved.is_success, saved.text
    await world.bus.drain()
    return login, session, saved.headers["ETag"]


async def test_a_merger_takes_accounts_and_cabinets_along(world: World) -> None:
    story, teacher, waiting = world.story, Person("Переходова", "Нина"), Person("Ждунова", "Ия")
    school = await story.register(Person("Орлов", "Пётр"))
    successor = await story.register(Person("Соколова", "Вера"), School(name="Лицей № 7"))
    login, session, tag = await at_work(world, teacher, school)
    ticket = await story.ask(waiting, school)
    await story.reaches(ticket, "referred")

    await story.close(school, successor)
    await world.bus.drain()

    for path in ("/cabinet/workplace", "/identity/me"):
        assert (await story.call("GET", path, headers=session.headers)).status_code == 401, "of school A, and dead"
    again = await story.sign_in(login, NEW_PASSWORD)
    me = await story.ok("GET", "/identity/me", headers=again.headers)
    assert me["school_id"] == successor.school_id
    form = await story.workplace(again)
    assert (form.json()["school"]["short_name"], form.json()["room"]) == ("Лицей № 7", "217")
    assert form.headers["ETag"] == tag
    headers = {**again.headers, "If-Match": tag}
    await story.ok("PUT", "/cabinet/workplace", json=PLACE | {"room": "301"}, headers=headers)
    page = await story.reaches(ticket, "declined")
    assert page["timeline"][-1]["state"] == "declined"
    old = await story.ok("GET", f"/registry/schools/{school.school_id}")
    assert (old["status"], old["successors"]) == ("closed", [successor.school_id])


async def test_a_head_of_a_merged_school_decides_nothing_by_an_old_token(world: World) -> None:
    story, head = world.story, Person("Орлова", "Вера")
    school, successor = await story.register(head), await story.register(Person("Соколова", "Вера"))
    _, session = await story.settled_in(head, school, "head")
    await story.close(school, successor)
    await world.bus.drain()
    assert (await story.call("GET", "/registry/referrals", headers=session.headers)).status_code == 401


async def test_who_was_verified_while_the_school_merged_gets_the_account_at_the_successor(world: World) -> None:
    story, teacher = world.story, Person("Вовремева", "Зоя")
    school, successor = await story.register(Person("Орлов", "Пётр")), await story.register(Person("Соколова", "Вера"))
    await story.enrol(school, teacher)
    await world.bus.drain()
    ticket = await story.ask(teacher, school)
    asked = [record for record in await world.services["identity"].sent() if record.topic == "account-requested"]
    await world.services["registry"].take(asked[0])
    await story.close(school, successor)
    await world.bus.drain()
    await world.pass_time(timedelta(hours=1))
    await story.reaches(ticket, "issued")
    _, session = await story.enter(teacher)
    me = await story.ok("GET", "/identity/me", headers=session.headers)
    assert me["school_id"] == successor.school_id


async def test_a_liquidation_suspends_at_once_and_erases_after_two_weeks(world: World) -> None:
    story, teacher = world.story, Person("Последнева", "Ада")
    school = await story.register(Person("Орлов", "Пётр"))
    login, session, _ = await at_work(world, teacher, school)
    account_id = (await story.ok("GET", "/identity/me", headers=session.headers))["account_id"]

    assert (await story.close(school))["status"] == "closed"
    await world.bus.drain()
    assert (await story.call("GET", "/cabinet/workplace", headers=session.headers)).status_code == 401
    body = {"login": login, "password": NEW_PASSWORD, "remember_me": False}
    assert (await story.call("POST", "/identity/sessions", json=body)).status_code == 401
    await story.mail(teacher.email, "приостановлен")

    await world.pass_time(timedelta(days=13))
    assert not [one for one in await story.mailbox(teacher.email) if "отключён" in one["subject"] + one["text"]]
    await world.pass_time(timedelta(days=2))
    await story.mail(teacher.email, "отключён")
    security = await story.operator("security")
    record = await story.ok("GET", f"/identity/accounts/{account_id}/erasure", headers=security)
    assert record["state"] == "erased"
    assert "+74951112233" not in await world.services["cabinet"].everything()


async def test_a_closing_that_was_announced_happens_on_its_date(world: World) -> None:
    story, teacher = world.story, Person("Будущева", "Яна")
    school, successor = await story.register(Person("Орлов", "Пётр")), await story.register(Person("Соколова", "Вера"))
    login, _, _ = await at_work(world, teacher, school)
    on = (world.clock() + timedelta(days=5)).date().isoformat()
    assert (await story.close(school, successor, on=on))["closing_on"] == on
    await world.pass_time(timedelta(days=3))
    again = await story.sign_in(login, NEW_PASSWORD)
    me = await story.ok("GET", "/identity/me", headers=again.headers)
    assert me["school_id"] == school.school_id
    await world.pass_time(timedelta(days=3))
    again = await story.sign_in(login, NEW_PASSWORD)
    me = await story.ok("GET", "/identity/me", headers=again.headers)
    assert me["school_id"] == successor.school_id
