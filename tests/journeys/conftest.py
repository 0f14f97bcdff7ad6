"""Every journey is told in several orders of delivery."""

from collections.abc import AsyncIterator

import pytest
from chassis.testing.opened import Keyring
from story import Story
from world import World, opened_world

SEEDS = range(3)


@pytest.fixture(params=SEEDS)
async def world(request: pytest.FixtureRequest, admin_dsn: str, keyring: Keyring) -> AsyncIterator[World]:
    async with opened_world(admin_dsn, keyring, request.param) as it:
        yield it


@pytest.fixture
def story(world: World) -> Story:
    return world.story
