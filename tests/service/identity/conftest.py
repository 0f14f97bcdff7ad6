"""identity-svc on a database of its own, and the people who use it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from chassis.testing.opened import Opened
from identity.__main__ import service

from .callers import Help
from .people import Desk

OpenService = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
async def desk(open_service: OpenService) -> AsyncIterator[Desk]:
    async with open_service(service, operator_second_factor="optional") as it:
        yield Desk(it)


@pytest.fixture
def helped(desk: Desk) -> Help:
    return Help(desk)
