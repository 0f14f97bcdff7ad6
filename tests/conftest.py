"""Fixtures that every kind of test shares: one PostgreSQL a session, one set of keys."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest
from chassis.testing.opened import Keyring, Opened, opened
from containers import container_postgres
from ekis_local.keys import make_keys
from ekis_local.postgres import temporary_postgres
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

settings.register_profile("ekis", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("ekis")

TESTS = Path(__file__).parent

OpenService = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture(scope="session")
async def admin_dsn() -> AsyncIterator[str]:
    """The superuser's address of a PostgreSQL of this session; nothing here survives a power cut, or has to."""
    if os.environ.get("EKIS_TEST_STACK") == "containers":
        async with container_postgres() as address:
            yield address
    else:
        async with temporary_postgres(fsync=False) as postgres:
            yield postgres.admin_dsn


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of all services."""
    root: Path = tmp_path_factory.mktemp("keys")
    make_keys(root)
    return Keyring(root)


@pytest.fixture
def open_service(admin_dsn: str, keyring: Keyring) -> OpenService:
    """`async with open_service(service, **settings) as it:` opens a service on a fresh database."""

    def open_one(service: object, **settings: object) -> AbstractAsyncContextManager[Opened]:
        return partial(opened, admin_dsn=admin_dsn, keyring=keyring)(service, **settings)  # type: ignore[arg-type]

    return open_one


class ByFile(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """A worker takes a whole file, or all system tests: these share a broker and a stack."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return "system" if file.startswith("tests/system/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """How `make test` uses more than one core."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts most comes first and last: the system's faults while others compute, the browser at the end."""
    items.sort(key=lambda item: {"system": 0, "browser": 2}.get(item.path.relative_to(TESTS).parts[0], 1))
