"""The broker and the database of docker-compose.yml, as far as they run without containers: its settings start a real
Kafka, the one-offs make what services need there, and a service comes in with what they have made."""

import asyncio
import re
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from ekis_doctor.checks import check_broker, check_database
from ekis_local.kafka import JAVA, fetch_jars
from ekis_local.prepare import make_secrets, prepare_servers
from ekis_local.process import Program, free_ports, run, tcp_ready
from ekis_local.supervisor import Supervisor
from waiting import until

ROOT = Path(__file__).parents[2]
PARTS: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def plain(text: str) -> str:
    """With the defaults of its variables."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def property_of(name: str) -> str:
    """As the official image reads its environment."""
    dotted = name.removeprefix("KAFKA_").replace("___", "\1").replace("__", "\2").replace("_", ".")
    return dotted.replace("\1", "-").replace("\2", "_").lower()


def server_properties(ports: dict[str, int], data: Path) -> str:
    given = PARTS["kafka"]["environment"] | {"KAFKA_LOG_DIRS": str(data)}
    lines = [
        f"{property_of(name)}={value}" for name, value in given.items() if name not in ("KAFKA_OPTS", "CLUSTER_ID")
    ]
    text = plain("\n".join(lines))
    text = (
        text.replace("//0.0.0.0:", "//127.0.0.1:").replace("//kafka:", "//127.0.0.1:").replace("@kafka:", "@127.0.0.1:")
    )
    for port, free in {"9092": ports["clients"], "9093": ports["controller"], "9094": ports["admin"]}.items():
        text = text.replace(f":{port}", f":{free}")
    return text


@pytest.fixture
async def prepared(tmp_path: Path, admin_dsn: str) -> AsyncIterator[tuple[Path, dict[str, int]]]:
    """Secrets made, and the broker of the compose file running with them."""
    ports = free_ports({"clients": 0, "controller": 0, "admin": 0})
    root = tmp_path / "prepared"
    root.mkdir()
    make_secrets(root, admin_dsn.rpartition("@")[2].partition("/")[0])
    (root / "postgres" / "password").write_text(
        admin_dsn.split(":")[2].partition("@")[0]
    )  # this server has one already
    file = tmp_path / "server.properties"
    file.write_text(server_properties(ports, tmp_path / "data"))
    java = [*JAVA, f"-Djava.security.auth.login.config={root}/kafka/jaas.conf", "-cp", f"{await fetch_jars()}/*"]
    cluster = PARTS["kafka"]["environment"]["CLUSTER_ID"]
    await run([*java, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "--config", str(file)])
    async with Supervisor() as supervisor:
        program = Program(
            "kafka", [*java, "kafka.Kafka", str(file)], tmp_path / "kafka.log", tcp_ready(ports["clients"])
        )
        await supervisor.start(program)
        yield root, ports


async def test_services_come_in_with_what_the_one_offs_have_made(
    prepared: tuple[Path, dict[str, int]], admin_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, ports = prepared
    kafka, server = f"127.0.0.1:{ports['clients']}", admin_dsn.rpartition("@")[2].partition("/")[0]
    for _ in range(2):  # a second time changes nothing
        await prepare_servers(root, server, kafka, f"127.0.0.1:{ports['admin']}", 1)
    service = import_module("registry.__main__").service
    for name, value in PARTS["registry"]["environment"].items():
        monkeypatch.setenv(name, plain(str(value)))
    given = {"kafka": kafka, "secrets": root / "registry", "keys": root / "public", "public_url": "http://ekis.test"}
    settings = service.settings(_secrets_dir=str(root / "registry"), **given)

    async def comes_in() -> bool:
        return await check_broker(settings, "registry", service.reactions.topics, {}) == []

    await until(comes_in, "the registry is let in by the broker, and sees its topics")
    [line] = await check_database(settings, service.folder / "migrations")
    assert line.endswith("run `migrate`")


async def test_a_stranger_is_not_let_in(prepared: tuple[Path, dict[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    root, ports = prepared
    given = {"database": "postgresql://x", "secrets": root / "registry", "keys": root / "public"}
    given |= {"kafka": f"127.0.0.1:{ports['clients']}", "public_url": "http://ekis.test"}
    settings = import_module("registry.settings").Settings(**given, kafka_user="registry-svc", kafka_password="guess")
    [line] = await asyncio.wait_for(check_broker(settings, "registry", ["staff-left"], {}), 30)
    assert line.startswith("broker: no session")
