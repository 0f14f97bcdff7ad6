"""The person's own wish: the section goes, signing in is impossible, the notice comes, every holder answers."""

from datetime import timedelta

from cabinet.mydata.actions import PERSONAL
from story import NEW_PASSWORD, Person, School, Session
from world import World


async def settled(world: World) -> tuple[Person, str, Session]:
    teacher, _, _, login, session = await at_school(world)
    return teacher, login, session


async def at_school(world: World) -> tuple[Person, School, str, str, Session]:
    """A teacher with a workplace: who, where, by which staff record, with which login, signed in."""
    story, teacher = world.story, Person("Забвенная", "Алла")
    school = await story.register(Person("Орлов", "Пётр"))
    staff_id = await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    form = await story.workplace(session)
    body = {"subjects": ["математика"], "work_phone": "+7 495 765-43-21", "room": "217", "building": "дом 1"}
    saved = await story.call(
        "PUT", "/cabinet/workplace", json=body, headers={**session.headers, "If-Match": form.headers["ETag"]}
    )
    assert saved.is_success, saved.text
    await world.bus.drain()
    return teacher, school, staff_id, login, session


async def disable(world: World, session: Session) -> str:
    me = await world.story.ok("GET", "/identity/me", headers=session.headers)
    await world.story.ok("POST", "/identity/disable-requests", json={"password": NEW_PASSWORD}, headers=session.headers)
    await world.bus.drain()
    return str(me["account_id"])


async def test_everything_personal_goes_and_each_holder_says_so(world: World) -> None:
    teacher, login, session = await settled(world)
    account_id = await disable(world, session)

    for path in ("/cabinet/workplace", "/identity/me"):
        assert (await world.story.call("GET", path, headers=session.headers)).status_code == 401, path
    body = {"login": login, "password": NEW_PASSWORD, "remember_me": False}
    assert (await world.story.call("POST", "/identity/sessions", json=body)).status_code == 401
    await world.story.mail(teacher.email, "отключён")

    security = await world.story.operator("security")
    record = await world.story.ok("GET", f"/identity/accounts/{account_id}/erasure", headers=security)
    assert {one["service"] for one in record["receipts"]} == {"registry", "cabinet", "notify"}
    assert record["state"] == "erased"
    for name in ("identity", "cabinet", "notify"):
        everything = await world.services[name].everything()
        for word in (teacher.email, login):
            assert word not in everything, (name, word)
    assert "+74957654321" not in await world.services["registry"].everything()


async def test_a_wrong_password_disables_nothing(world: World) -> None:
    _, login, session = await settled(world)
    answer = await world.story.call(
        "POST", "/identity/disable-requests", json={"password": "не тот пароль совсем"}, headers=session.headers
    )
    assert answer.status_code in (401, 422)
    await world.bus.drain()
    assert (await world.story.sign_in(login, NEW_PASSWORD)).body["scope"] == "full"


async def test_events_told_anew_after_the_end_bring_nothing_back(world: World) -> None:
    teacher, _, session = await settled(world)
    told = list(world.bus.log)
    await disable(world, session)
    mails = len(await world.mailbox(teacher.email))
    await world.bus.replay(told)
    assert len(await world.mailbox(teacher.email)) == mails
    assert teacher.email not in await world.services["cabinet"].everything()
    assert teacher.last_name not in await world.services["cabinet"].everything()


IDENTITY = ("account_request", "open_request", "request_step", "account", "taken_login", "session", "erasure", "audit")


async def rows_of_identity(world: World) -> dict[str, list[str]]:
    """Everything but copies and what the chassis keeps. The version of an account counts what was said of it."""
    pool = world.services["identity"].runtime.database.pool
    rows = {table: await pool.fetch(f"SELECT to_jsonb(t) - 'version' AS row FROM {table} t") for table in IDENTITY}
    return {table: sorted(str(row["row"]) for row in found) for table, found in rows.items()}


async def test_every_topic_told_anew_resurrects_nobody(world: World) -> None:
    teacher, login, session = await settled(world)
    account_id = await disable(world, session)
    mails, state = len(world.mail.messages), await rows_of_identity(world)
    assert state["erasure"], "there is something to compare"
    await world.bus.replay(list(world.bus.log))
    assert len(world.mail.messages) == mails, "no mail leaves"
    assert await rows_of_identity(world) == state
    for name in ("identity", "cabinet", "notify"):
        everything = await world.services[name].everything()
        for word in (teacher.email, login, teacher.last_name):
            assert word not in everything, (name, word)
    assert "+74957654321" not in await world.services["registry"].everything()
    security = await world.story.operator("security")
    record = await world.story.ok("GET", f"/identity/accounts/{account_id}/erasure", headers=security)
    assert (record["state"], record["missing"]) == ("erased", [])


async def test_the_record_of_an_erasure_reads_well_for_what_services_really_say(world: World) -> None:
    teacher, login, session = await settled(world)
    account_id = await disable(world, session)
    security = await world.story.operator("security")
    answer = await world.story.call("GET", f"/identity/accounts/{account_id}/erasure.html", headers=security)
    assert answer.status_code == 200, answer.text
    record = await world.story.ok("GET", f"/identity/accounts/{account_id}/erasure", headers=security)
    kinds = {kind for one in [*record["receipts"], record["own"]] for kind in one["counts"]}
    assert kinds >= {"requests", "workplaces", "names", "addresses", "mails", "preferences", "entries", *PERSONAL}
    for kind in kinds:
        assert f"<td>{kind}</td>" not in answer.text, "every kind has its words"
    for word in (login, teacher.email, teacher.last_name):
        assert word not in answer.text


async def test_who_left_by_mistake_goes_on_under_the_new_record(world: World) -> None:
    """A record that has ended stays so: the school enrols anew, and the desk ties the account to the new record."""
    story = world.story
    teacher, school, staff_id, login, session = await at_school(world)
    account_id = (await story.ok("GET", "/identity/me", headers=session.headers))["account_id"]
    await story.leave(school, staff_id)
    await story.mail(teacher.email, "приостановлен")
    back = await story.enrol(school, teacher)
    assert back != staff_id
    await world.bus.drain()
    support, call = await story.operator("support"), {"email": teacher.email, "name": "Учитель"}
    asked = {"kind": "sign-in", "contact": call, "text": "Меня исключили по ошибке."}
    opened = await story.ok("POST", "/identity/support/tickets", json=asked, headers=support)
    link = f"/identity/support/tickets/{opened['number']}/link"
    await story.ok("POST", link, json={"account_id": account_id}, headers=support)
    body = {"reason": "уволена по ошибке", "ticket": opened["number"], "staff_id": back}
    await story.ok("POST", f"/identity/accounts/{account_id}/resume", json=body, headers=support)
    await world.pass_time(timedelta(days=15))
    again = await story.sign_in(login, NEW_PASSWORD)
    place = await story.workplace(again)
    assert (place.status_code, place.json()["room"]) == (200, "217"), "a wrong click has destroyed nothing"
    await story.leave(school, back)
    await world.bus.drain()
    await world.pass_time(timedelta(days=15))
    assert "+74957654321" not in await world.services["cabinet"].everything()
