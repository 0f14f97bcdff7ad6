"""Who asks twice, or has an account already: the pages are alike at every step, and the mails tell the truth."""

from story import Person, School, Ticket
from world import World

MAILS = ("Письмо отправлено", "Письмо не доставлено", "Письмо вернулось")


async def shape(world: World, ticket: Ticket) -> tuple[str, list[str], int]:
    """State, the lines in their order, and how many lines tell of mails, which come when they come."""
    await world.bus.drain()
    page = await world.story.track(ticket)
    notes = [step["note"] for step in page["timeline"]]
    others = [note for note in notes if not note.startswith(MAILS)]
    return page["state"], others, len(notes) - len(others)


async def alike(world: World, *tickets: Ticket) -> str:
    first, *others = [await shape(world, ticket) for ticket in tickets]
    assert all(other == first for other in others), (first, others)
    return first[0]


async def test_all_pages_are_alike_from_an_unknown_school_to_activation(world: World) -> None:
    story, teacher, school = world.story, Person("Белова", "Ольга"), School()
    first = await story.ask(teacher, school)
    at_once = await story.ask(teacher, school)
    assert await alike(world, first, at_once) == "needs-school"
    later = await story.ask(teacher, school)
    assert await alike(world, first, at_once, later) == "needs-school"
    subjects = [mail["subject"] for mail in await world.mailbox(teacher.email)]
    assert len([subject for subject in subjects if "уже рассматривается" in subject]) == 2
    assert not [subject for subject in subjects if "уже есть кабинет" in subject]

    registered = await story.register(Person("Орлов", "Пётр"), school)
    assert await alike(world, first, at_once, later) == "referred"
    staff_id = await story.enrol(registered, teacher)
    await story.confirm(first, await story.operator("registrar"), staff_id=staff_id)
    assert await alike(world, first, at_once, later) == "issued"
    await story.enter(teacher)
    assert await alike(world, first, at_once, later) == "activated"
    assert len([m for m in await world.mailbox(teacher.email) if "одноразовый пароль" in m["subject"]]) == 1


async def test_the_page_of_who_has_an_account_looks_issued_and_the_address_on_file_is_told(world: World) -> None:
    story, head, teacher = world.story, Person("Орлов", "Пётр"), Person()
    school = await story.register(head)
    await story.enrol(school, teacher)
    first = await story.ask(teacher, school)
    issued = await shape(world, first)
    assert issued[0] == "issued"
    await story.enter(teacher)
    again = await story.ask(teacher, school)
    assert await shape(world, again) == issued
    await story.mail(teacher.email, "уже есть кабинет")
