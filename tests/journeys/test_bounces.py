"""A mail that comes back is on the applicant's page; another address, verified anew, opens the cabinet all the same."""

from datetime import timedelta

from bounced import deliver, report
from ekis_local.devmail import Fault
from story import Person, Story, Ticket
from world import World


async def mailed(world: World) -> tuple[Story, Person, Ticket]:
    story, teacher = world.story, Person()
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    ticket = await story.ask(teacher, school)
    await story.reaches(ticket, "issued")
    return story, teacher, ticket


def bounce(world: World, text: str) -> None:
    """The mail with this text comes back."""
    deliver(world.bounces, report(next(one for one in world.mail.messages if text in one.view["text"]).sender))


async def test_a_bounce_of_the_credentials_is_shown_and_a_corrected_address_helps(world: World) -> None:
    story, teacher, ticket = await mailed(world)
    _, password = await story.credentials(teacher)
    bounce(world, password)
    await story.reaches(ticket, "undeliverable")
    corrected = Person(email=f"right.{teacher.email}")
    path = f"/identity/account-requests/{ticket.number}"
    await story.ok("PATCH", path, json={"email": corrected.email}, headers=ticket.headers)
    await world.bus.drain()
    assert (await story.track(ticket))["state"] in ("referred", "verifying")
    assert not [one for one in await story.mailbox(corrected.email) if "пароль" in one["text"]]


async def test_a_bounce_of_an_older_credential_says_nothing_of_the_newest(world: World) -> None:
    story, teacher, ticket = await mailed(world)
    _, old = await story.credentials(teacher)
    await world.pass_time(timedelta(days=4))
    await story.ok("POST", f"/identity/account-requests/{ticket.number}/resend", headers=ticket.headers)
    await world.bus.drain()
    bounce(world, old)
    await world.bus.drain()
    assert (await story.track(ticket))["state"] == "issued"


async def test_a_bounce_after_activation_changes_nothing(world: World) -> None:
    story, teacher, ticket = await mailed(world)
    _, password = await story.credentials(teacher)
    await story.enter(teacher)
    bounce(world, password)
    await world.bus.drain()
    assert (await story.track(ticket))["state"] == "activated"


async def test_a_password_that_expired_before_any_server_took_it_is_shown_and_renewed(world: World) -> None:
    story, teacher = world.story, Person()
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    await world.bus.drain()
    world.mail.faults.append(Fault(stage="mail", action="reply", reply="421 4.3.2 later", count=9_999))
    ticket = await story.ask(teacher, school)
    await story.reaches(ticket, "issued")
    await world.pass_time(timedelta(days=4))
    await story.reaches(ticket, "undeliverable")
    world.mail.faults.clear()
    await story.ok("POST", f"/identity/account-requests/{ticket.number}/resend", headers=ticket.headers)
    await story.reaches(ticket, "issued")
    await story.enter(teacher)
    assert len([one for one in await story.mailbox(teacher.email) if "пароль:" in one["text"]]) == 1
