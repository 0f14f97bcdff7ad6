"""`registry seed` fills an empty registry, and a second run changes nothing."""

import time

import pytest
from ekis_contracts.values import PersonName
from registry.domain.city import DEMO, SCHOOLS, STAFF, city
from registry.loops.seed import seed

from .conftest import Registry


async def test_the_city_is_registered_once(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    await seed(registry.it.runtime, [])
    assert time.monotonic() - began < 60
    output = capsys.readouterr()
    assert f"{SCHOOLS} of {SCHOOLS} schools, {SCHOOLS} new" in output.err
    assert all(person.entry.name.last_name in output.out for person in DEMO)
    topics = [record.topic for record in await registry.it.sent()]
    assert (topics.count("school-registered"), topics.count("staff-enrolled")) == (SCHOOLS, STAFF)
    await seed(registry.it.runtime, [])
    assert f"{SCHOOLS} schools, 0 new" in capsys.readouterr().err
    assert await registry.told() == []
    await demo_people_do_as_described(registry)


async def demo_people_do_as_described(registry: Registry) -> None:
    inn = next(city()).form.inn
    for person in DEMO[:4]:
        name: PersonName = person.entry.name
        await registry.ask(
            school={"inn": inn}, **name.model_dump() | {"email": person.entry.email or "own@mail.example"}
        )
        (event,) = await registry.told()
        assert event.topic.removeprefix("account-request-") in person.shows
        assert getattr(event, "to", "at once") in person.shows
