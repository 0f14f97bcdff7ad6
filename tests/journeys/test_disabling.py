"""The person's own wish: the section goes, signing in is impossible, the notice comes, every holder answers."""

from story import NEW_PASSWORD, Person, Session
from world import World


async def settled(world: World) -> tuple[Person, str, Session]:
    story, teacher = world.story, Person("Забвенная", "Алла")
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    login, session = await story.settled_in(teacher, school)
    form = await story.workplace(session)
    body = {"subjects": ["математика"], "work_phone": "+7 495 765-43-21", "room": "217", "building": "дом 1"}
    saved = await story.call(
        "PUT", "/cabinet/workplace", json=body, headers={**session.headers, "If-Match": form.headers["ETag"]}
    )
    assert saved.is_success, saved.text
    await world.bus.drain()
    return teacher, login, session


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
