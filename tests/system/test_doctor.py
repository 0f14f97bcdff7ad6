"""The doctor names each fault, and the remedy, on real PostgreSQL, Kafka and SMTP; a healthy service has none."""

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from chassis.migrations import migrate
from chassis.testing.opened import Keyring, Opened
from confluent_kafka.admin import AdminClient
from ekis_doctor import checks
from ekis_doctor.__main__ import examine
from ekis_kafka.broker import client_settings
from ekis_local.kafka import Kafka
from ekis_local.postgres import ensure_database
from ekis_local.process import free_ports
from ekis_local.topics import ensure_topics
from pydantic import SecretStr
from waiting import until

ROOT = Path(__file__).parents[2]
TOPICS = ROOT / "deploy" / "kafka" / "topics.yaml"
OpenService = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
async def registry(open_service: OpenService, kafka: Kafka) -> AsyncIterator[Opened]:
    login = {"kafka_user": "registry-svc", "kafka_password": kafka.passwords["registry-svc"]}
    async with open_service(import_module("registry.__main__").service, kafka=kafka.address, **login) as it:
        yield it


async def told(it: Opened, **changes: Any) -> list[str]:
    given = it.runtime.settings.model_dump() | changes
    return await examine(it.service, type(it.runtime.settings)(**given), TOPICS)


async def test_a_healthy_service_has_nothing_wrong(registry: Opened) -> None:
    async def healthy() -> bool:
        return await told(registry) == []

    await until(healthy, "the broker knows the rules that were just made")


@pytest.mark.parametrize(
    ("part", "other", "said"),
    [
        ("postgres:", "stranger:", "database: the login is refused"),
        ("/registry_", "/nowhere_", "database: there is none of that name"),
        ("127.0.0.1:", "127.0.0.2:", "database: not reachable"),
    ],
)
async def test_a_database_that_cannot_be_used(registry: Opened, part: str, other: str, said: str) -> None:
    given = registry.runtime.settings.database.get_secret_value()
    assert part in given
    [line] = await told(registry, database=given.replace(part, other))
    assert line.startswith(said)


async def test_a_migration_that_was_not_applied(registry: Opened) -> None:
    pool = registry.runtime.database.pool
    last = await pool.fetchrow("DELETE FROM migration WHERE name = (SELECT max(name) FROM migration) RETURNING *")
    assert last is not None
    try:
        [line] = await told(registry)
        assert line == f"database: 1 migrations not applied, first {last['name']}: run `migrate`"
    finally:
        await pool.execute("INSERT INTO migration VALUES ($1, $2, $3)", *last)


async def test_a_role_without_rights(registry: Opened) -> None:
    pool, dsn = registry.runtime.database.pool, registry.runtime.settings.database.get_secret_value()
    await pool.execute("CREATE ROLE weak LOGIN PASSWORD 'weak'")
    try:
        server = dsn.rpartition("@")[2]
        [line] = await told(registry, database=f"postgresql://weak:weak@{server}")
        assert line.endswith("may not be used by this role: docs/deploy.md tells its rights")
        assert "outbox" in line
    finally:
        await pool.execute("DROP ROLE weak")


@pytest.mark.parametrize("name", ["registry", "identity", "cabinet", "notify"])
async def test_the_role_of_a_service_is_enough(registry: Opened, admin_dsn: str, name: str) -> None:
    service = import_module(f"{name}.__main__").service
    dsn = await ensure_database(admin_dsn, f"own_{name}", "own")
    await migrate(dsn, service.folder / "migrations")
    settings = registry.runtime.settings.model_copy(update={"database": SecretStr(dsn)})
    assert await checks.check_database(settings, service.folder / "migrations") == []


async def test_clocks_that_are_apart(registry: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CLOCK", -1.0)
    [line] = await told(registry)
    assert line.startswith("clock: ")


async def test_a_broker_that_is_away_or_refuses(registry: Opened) -> None:
    assert (await told(registry, kafka="127.0.0.1:1"))[0].startswith("broker: 127.0.0.1:1 is not reachable")
    [line] = await told(registry, kafka_password="wrong")
    assert line.startswith("broker: no session")
    assert "EKIS_KAFKA_PASSWORD" in line


async def test_a_topic_that_is_missing(registry: Opened, kafka: Kafka) -> None:
    client = AdminClient(client_settings(kafka.address, kafka.admin))
    client.delete_topics(["staff-left"])["staff-left"].result(10)
    try:
        [line] = await told(registry)
        assert line.startswith("topics: staff-left missing")
    finally:
        await ensure_topics(kafka.address, kafka.admin)


async def test_too_few_partitions(registry: Opened, tmp_path: Path) -> None:
    other = tmp_path / "topics.yaml"
    other.write_text("partitions: 12\ntopics: {staff-left: clear}\n")
    lines = await examine(registry.service, registry.runtime.settings, other)
    assert lines == ["topics: staff-left has 3 partitions, not 12: apply deploy/kafka/topics.yaml and acls.yaml"]


async def test_keys_absent_spoilt_or_of_somebody_else(registry: Opened, keyring: Keyring, tmp_path: Path) -> None:
    shutil.copytree(keyring.root / "registry", tmp_path / "own")
    shutil.copytree(keyring.root / "public", tmp_path / "public")
    where = {"secrets": tmp_path / "own", "keys": tmp_path / "public"}
    own, public = tmp_path / "own" / "seal_keys", tmp_path / "public"
    shutil.copy(keyring.root / "notify" / "seal_keys", own)
    assert [line.split(" has no half")[0] for line in await told(registry, **where)] == [
        f"keys: {public / 'seal-registry.json'}"
    ]
    shutil.copy(public / "seal-registry.json", own)
    assert "holds a public key only" in (await told(registry, **where))[0]
    own.write_text("no JSON: secret")
    (public / "tokens.json").unlink()
    (tmp_path / "own" / "hmac_key").write_text("beef")
    lines = await told(registry, **where)
    assert ["is no JWK set" in lines[0], "cannot be read" in lines[1], "32 bytes" in lines[2]] == [True] * 3
    assert "secret" not in json.dumps(lines)


async def test_a_mail_server_that_is_away_or_speaks_plainly() -> None:
    port = free_ports({"smtp": 0})["smtp"]
    assert (await checks.check_mail(f"127.0.0.1:{port}", "none", None, None))[0].startswith("mail: 127.0.0.1")
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert await checks.check_mail(f"127.0.0.1:{port}", "none", None, None) == []
        assert "EKIS_SMTP_TLS" in (await checks.check_mail(f"127.0.0.1:{port}", "starttls", None, None))[0]
    finally:
        server.stop()
