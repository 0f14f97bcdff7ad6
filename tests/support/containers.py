"""EKIS_TEST_STACK=containers: PostgreSQL from its official image instead of this machine's binaries."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer

IMAGE = "postgres:18"


@asynccontextmanager
async def container_postgres() -> AsyncIterator[str]:
    """The superuser's address. Never a silent skip: without engine or image the run ends with the remedy."""
    try:
        server = PostgresContainer(IMAGE, username="postgres", driver=None).with_command("-c fsync=off")
        await asyncio.to_thread(server.start)
    except DockerException as error:
        pytest.exit(f"no {IMAGE} from Docker ({type(error).__name__}); unset EKIS_TEST_STACK for the native stack", 4)
    try:
        yield server.get_connection_url()
    finally:
        await asyncio.to_thread(server.stop)
