"""A request for a school that is not registered waits, and goes on by itself when the school is entered."""

from datetime import timedelta

from story import Person, School
from world import World


async def test_it_is_held_told_how_to_go_on_and_resumed(world: World) -> None:
    story, teacher, school = world.story, Person("Белова", "Ольга"), School()
    ticket = await story.ask(teacher, school)
    await story.reaches(ticket, "needs-school")
    assert "/apply" in (await story.mail(teacher.email, "нет в реестре"))["text"]

    registered = await story.register(Person("Орлов", "Пётр"), school)
    await story.reaches(ticket, "referred")
    await story.enrol(registered, teacher)
    registrar = await story.operator("registrar")
    await story.confirm(ticket, registrar, staff_id=await staff_id_of(world, registered, teacher))
    await story.reaches(ticket, "issued")
    await story.enter(teacher)


async def test_who_asked_in_english_is_written_to_in_english_by_all(world: World) -> None:
    teacher = Person("Smith", "Jane", None)
    ticket = await world.story.ask(teacher, School(), lang="en")
    await world.story.reaches(ticket, "needs-school")
    subjects = [mail["subject"] for mail in await world.mailbox(teacher.email)]
    assert len(subjects) == 2
    assert all(subject.isascii() for subject in subjects), subjects


async def staff_id_of(world: World, school: School, person: Person) -> str:
    registrar = await world.story.operator("registrar")
    roll = await world.story.ok("GET", f"/registry/schools/{school.school_id}/staff", headers=registrar)
    return str(next(one["staff_id"] for one in roll["items"] if one["last_name"] == person.last_name))


async def test_the_applicant_of_the_school_is_verified_as_soon_as_it_is_registered(world: World) -> None:
    story, school = world.story, School()
    deputy = Person("Зайцева", "Инна")
    ticket = await story.ask(deputy, school)
    await story.reaches(ticket, "needs-school")
    body = {
        "school": school.form(),
        "applicant": {
            **deputy.name,
            "post": "заместитель",
            "email": deputy.email,
            "ground": "authorised",
            "order_no": "7",
        },
        "consent": True,
    }
    made = await story.ok("POST", "/registry/applications", json=body)
    registrar = await story.operator("registrar")
    decision = f"/registry/applications/{made['number']}/decision"
    await story.ok("POST", decision, json={"decision": "approve"}, headers=registrar)
    await story.reaches(ticket, "issued")


async def test_registry_is_asked_again_and_the_applicant_told_once(world: World) -> None:
    story, teacher = world.story, Person()
    ticket = await story.ask(teacher, School())
    page = await story.reaches(ticket, "needs-school")
    for _ in range(3):
        asked = sum(record.topic == "account-requested" for record in world.bus.log)
        await world.pass_time(timedelta(hours=6, minutes=1))
        assert sum(record.topic == "account-requested" for record in world.bus.log) == asked + 1
        assert world.bus.log[-1].topic == "account-request-held"
    assert await story.track(ticket) == page
    assert len(await world.mailbox(teacher.email)) == 2


async def test_it_expires_after_thirty_days_without_a_step(world: World) -> None:
    story, teacher = world.story, Person()
    ticket = await story.ask(teacher, School())
    await story.reaches(ticket, "needs-school")
    await world.pass_time(timedelta(days=31))
    await story.reaches(ticket, "expired")
