"""A stranger who corrects the address of a request in a teacher's name gets nothing; without the versions, all."""

import pytest
from story import Person, Story
from takeover import attempt, ignore_versions, stolen


async def attacked(story: Story) -> Person:
    """The stranger, after a correction that came in time."""
    teacher, stranger = Person("Доверчивая", "Анна"), Person("Чужой", "Иван")
    school = await story.register(Person("Орлов", "Пётр"))
    await story.enrol(school, teacher)
    assert await attempt(story, teacher, school, stranger), "the attack has happened"
    return stranger


async def test_the_stranger_gets_no_credentials(story: Story) -> None:
    assert await stolen(story, await attacked(story)) == []


async def test_ignored_versions_are_seen(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    ignore_versions(monkeypatch)
    assert len(await stolen(story, await attacked(story))) == 1
