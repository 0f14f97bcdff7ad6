"""The toy service, opened on a database of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from chassis.testing.opened import Opened
from toy import service

OpenService = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
async def toy(open_service: OpenService) -> AsyncIterator[Opened]:
    """Opened."""
    async with open_service(service) as it:
        yield it
