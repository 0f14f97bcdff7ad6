"""One person at two schools has two records and two accounts; people of one name are never guessed."""

from story import Person, School
from world import World


async def test_one_person_at_two_schools_has_two_accounts(world: World) -> None:
    """The same name and the same address: each account belongs to a staff record."""
    story, teacher = world.story, Person("Двойнова", "Инна")
    schools = [await story.register(Person("Орлов", "Пётр")), await story.register(Person("Зимина", "Вера"))]
    records = [await story.enrol(school, teacher, employment=kind) for school, kind in zip(schools, KINDS, strict=True)]
    await world.bus.drain()
    accounts = []
    for school in schools:
        login, session = await story.settled_in(teacher, school)
        me = await story.ok("GET", "/identity/me", headers=session.headers)
        assert me["school_id"] == school.school_id
        accounts.append((login, me["account_id"], session))
    assert len({login for login, *_ in accounts}) == len({account_id for _, account_id, _ in accounts}) == 2
    (_, _, first), (_, _, second) = accounts

    await story.leave(schools[0], records[0])
    await world.bus.drain()
    assert (await story.call("GET", "/identity/me", headers=first.headers)).status_code == 401
    assert (await story.workplace(second)).json()["school"]["school_id"] == schools[1].school_id


KINDS = ("main", "part-time")


async def test_people_of_one_name_are_told_apart_by_the_head_alone(world: World) -> None:
    """Even the right address does not choose between two: the head does, and each gets the own account."""
    story, head = world.story, Person("Орлова", "Вера")
    one, other = Person("Иванова", "Анна"), Person("Иванова", "Анна")
    school: School = await story.register(head)
    _, session = await story.settled_in(head, school, "head")
    records = [await story.enrol(school, one), await story.enrol(school, other, with_email=False)]
    await world.bus.drain()
    logins = []
    for person, record in zip((one, other), records, strict=True):
        ticket = await story.ask(person, school)
        await story.reaches(ticket, "referred")
        referral = await story.referral(ticket, session.headers)
        assert referral["reason"] == "same-names"
        assert {candidate["staff_id"] for candidate in referral["candidates"]} == set(records)
        assert not [mail for mail in await story.mailbox(person.email) if "Одноразовый пароль" in mail["text"]]
        await story.confirm(ticket, session.headers, record)
        await story.reaches(ticket, "issued")
        logins.append((await story.enter(person))[0])
    assert len(set(logins)) == 2
