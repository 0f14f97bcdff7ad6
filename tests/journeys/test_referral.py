"""Names are public, so a name alone opens nothing: the head decides, and after five working days the department."""

from datetime import timedelta

from story import NEW_PASSWORD, Person, School, Session, Ticket
from world import World


async def head_of_a_school(world: World) -> tuple[School, Session]:
    school, _, session = await head_with_login(world)
    return school, session


async def head_with_login(world: World) -> tuple[School, str, Session]:
    story, head = world.story, Person("Орлова", "Вера", "Ильинична")
    school = await story.register(head)
    login, session = await story.settled_in(head, school, "head")
    return school, login, session


async def referred(world: World, school: School, person: Person) -> Ticket:
    ticket = await world.story.ask(person, school)
    await world.story.reaches(ticket, "referred")
    return ticket


async def test_the_head_confirms_a_colleague_whose_address_the_roll_does_not_have(world: World) -> None:
    school, head = await head_of_a_school(world)
    teacher = Person("Кузнецова", "Мария")
    await world.story.enrol(school, teacher, with_email=False)
    ticket = await referred(world, school, teacher)
    referral = await world.story.referral(ticket, head.headers)
    assert [one["last_name"] for one in referral["candidates"]] == ["Кузнецова"]
    await world.story.confirm(ticket, head.headers)
    await world.story.reaches(ticket, "issued")
    await world.story.enter(teacher)


async def test_the_head_declines_and_the_applicant_is_told(world: World) -> None:
    school, head = await head_of_a_school(world)
    stranger = Person("Незнакомова", "Ия")
    ticket = await referred(world, school, stranger)
    referral = await world.story.referral(ticket, head.headers)
    path = f"/registry/referrals/{referral['request_id']}/decision"
    decision = {"decision": "decline", "reason": "У нас не работает"}
    await world.story.ok("POST", path, json=decision, headers=head.headers)
    await world.story.reaches(ticket, "declined")
    await world.story.mail(stranger.email, "отказ|отклон")
    again = await world.story.call("POST", path, json=decision, headers=head.headers)
    assert again.status_code == 409
    assert again.json()["code"] in ("already-decided", "request-closed")


async def test_another_schools_head_sees_and_decides_nothing(world: World) -> None:
    school, _ = await head_of_a_school(world)
    _, other = await head_of_a_school(world)
    ticket = await referred(world, school, Person("Тихонова", "Яна"))
    seen = await world.story.ok("GET", "/registry/referrals", headers=other.headers)
    assert ticket.number not in [one["number"] for one in seen["items"]]
    mine = await world.story.referral(ticket, await world.story.operator("registrar"))
    answer = await world.story.call(
        "POST",
        f"/registry/referrals/{mine['request_id']}/decision",
        json={"decision": "confirm", "post": "учитель", "category": "employee"},
        headers=other.headers,
    )
    assert answer.status_code == 404


async def test_a_person_not_on_the_roll_is_enrolled_by_the_decision(world: World) -> None:
    school, head = await head_of_a_school(world)
    newcomer = Person("Новикова", "Лидия")
    ticket = await referred(world, school, newcomer)
    referral = await world.story.referral(ticket, head.headers)
    path = f"/registry/referrals/{referral['request_id']}/decision"
    refused = await world.story.call("POST", path, json={"decision": "confirm"}, headers=head.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "staff-required")
    body = {"decision": "confirm", "post": "учитель химии", "category": "employee"}
    await world.story.ok("POST", path, json=body, headers=head.headers)
    await world.story.reaches(ticket, "issued")
    _, session = await world.story.enter(newcomer)
    assert (await world.story.workplace(session)).json()["post"] == "учитель химии"


async def test_a_silent_head_hands_it_to_the_department(world: World) -> None:
    school, login, _ = await head_with_login(world)
    ticket = await referred(world, school, Person("Долгова", "Рита"))
    await world.pass_time(timedelta(days=9))
    registrar = await world.story.operator("registrar")
    referral = await world.story.referral(ticket, registrar)
    assert (referral["to"], referral["until"]) == ("department", None)
    head = await world.story.sign_in(login, NEW_PASSWORD)
    seen = await world.story.ok("GET", "/registry/referrals", headers=head.headers)
    assert ticket.number not in [one["number"] for one in seen["items"]]
