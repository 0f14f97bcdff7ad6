"""A service works as a role that reads and writes the rows of its own database, and can do nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from chassis.migrations import migrate
from chassis.settings import SERVICES
from ekis_local.postgres import ensure_database, ensure_user

REFUSED = (asyncpg.InsufficientPrivilegeError,)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def roles(admin_dsn: str) -> dict[str, tuple[str, str]]:
    """Owner and user of every service's database, as the stack makes them, rights given before and after migrations."""
    made: dict[str, tuple[str, str]] = {}
    mark = uuid4().hex[:8]
    for service in SERVICES:
        name = f"{service}-{mark}"
        owner = await ensure_database(admin_dsn, name, "owner")
        user = await ensure_user(admin_dsn, name, "user")
        await migrate(owner, import_module(f"{service}.__main__").service.folder / "migrations")
        assert await ensure_user(admin_dsn, name, "user") == user
        made[service] = owner, user
    return made


@pytest.mark.parametrize("service", SERVICES)
async def test_it_uses_every_table_and_changes_none(service: str, roles: dict[str, tuple[str, str]]) -> None:
    async with connected(roles[service][1]) as it:
        tables = [row["tablename"] for row in await it.fetch(TABLES)]
        assert "outbox" in tables
        for table in tables:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                assert await it.fetchval("SELECT has_table_privilege($1, $2)", table, right), (table, right)
            for sql in (f"ALTER TABLE {table} ADD COLUMN x int", f"DROP TABLE {table}", f"TRUNCATE {table}"):
                with pytest.raises(REFUSED):
                    await it.execute(sql)
        await it.execute("INSERT INTO outbox (id, topic, key, value, headers) VALUES ($1, 't', 'k', '', '[]')", uuid4())
        await it.execute("DELETE FROM outbox")
        for sql in (
            "CREATE TABLE mine (x int)",
            "CREATE SCHEMA mine",
            "CREATE EXTENSION dblink",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
            f'SET ROLE "{roles[service][0].split("/")[-1]}"',
            "COPY outbox TO PROGRAM 'true'",
            "SELECT pg_read_file('/etc/passwd')",
        ):
            with pytest.raises(REFUSED):
                await it.execute(sql)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_database_of_another_lets_it_in(service: str, roles: dict[str, tuple[str, str]]) -> None:
    user = roles[service][1]
    for other in set(SERVICES) - {service}:
        with pytest.raises(REFUSED):
            await asyncpg.connect(user, database=roles[other][1].rpartition("/")[2])


async def test_the_audit_is_only_added_to_by_whomever(roles: dict[str, tuple[str, str]]) -> None:
    for dsn in roles["identity"]:
        async with connected(dsn) as it:
            await it.execute("INSERT INTO audit (id, at, act, details) VALUES ($1, now(), 'x', '{}')", uuid4())
            for sql in ("UPDATE audit SET act = 'y'", "DELETE FROM audit"):
                with pytest.raises(REFUSED):
                    await it.execute(sql)
    async with connected(roles["identity"][0]) as owner:
        await owner.execute("GRANT ALL ON audit TO CURRENT_USER")  # which an owner may
        with pytest.raises(REFUSED, match="only ever added to"):
            await owner.execute("DELETE FROM audit")


async def test_a_school_year_is_made_all_the_same(roles: dict[str, tuple[str, str]]) -> None:
    async with connected(roles["cabinet"][1]) as it:
        await it.execute("SELECT make_year(2031)")
        assert await it.fetchval("SELECT has_table_privilege('mark_2031', 'INSERT')")
        with pytest.raises(REFUSED):
            await it.execute("DROP TABLE mark_2031")
