"""The toy service as processes of the operating system, to be killed and started again."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import psutil
from chassis.testing.opened import Keyring
from ekis_local.kafka import Kafka
from ekis_local.process import Program, free_ports, http_ready, spawn
from waiting import until

SUPPORT = Path(__file__).parent


def environment(dsn: str, keyring: Keyring, kafka: Kafka | None = None) -> dict[str, str]:
    """The variables of a toy."""
    variables = {
        "PYTHONPATH": str(SUPPORT),
        "EKIS_DATABASE": dsn,
        "EKIS_KAFKA": "127.0.0.1:1",
        "EKIS_PUBLIC_URL": "http://ekis.test",
        "EKIS_SECRETS": str(keyring.root / "registry"),
        "EKIS_KEYS": str(keyring.root / "public"),
    }
    if kafka:
        user, password = kafka.admin
        variables |= {"EKIS_KAFKA": kafka.address, "EKIS_KAFKA_USER": user, "EKIS_KAFKA_PASSWORD": password}
    return variables


class Replica:
    """One process of the toy, in one life after the other. Nothing brings it back but the test."""

    def __init__(
        self, env: Mapping[str, str], log: Path, instance: str = "0", module: Sequence[str] = ("toy",)
    ) -> None:
        port = free_ports({"toy": 0})["toy"]
        self.url = f"http://127.0.0.1:{port}"
        own = {"EKIS_INSTANCE": instance, "EKIS_LISTEN": f"127.0.0.1:{port}"}
        argv = [sys.executable, "-m", *module, "run"]
        self._program = Program(f"toy-{instance}", argv, log, http_ready(f"{self.url}/ready"), {**env, **own})
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, crash_at: str = "") -> None:
        """Returns when it is ready, or dead already."""
        process = self._process = await spawn(self._program, {"EKIS_CRASH_AT": crash_at})

        async def is_settled() -> bool:
            return process.returncode is not None or await self._program.ready()

        await until(is_settled, f"the toy is ready, see {self._program.log}")

    async def exit_code(self, seconds: float = 30) -> int:
        """Wait for its end."""
        assert self._process
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, unless it has ended, and wait for its end."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(how)
        return await self.exit_code() if self._process else 0

    async def kill(self) -> None:
        """SIGKILL, if it lives."""
        await self.end(signal.SIGKILL)


def broker_pid(kafka: Kafka) -> int:
    """The process of this broker."""
    mark = str(kafka.home / "server.properties")
    (pid,) = [it.pid for it in psutil.process_iter(["cmdline"]) if mark in (it.info["cmdline"] or [])]
    return int(pid)


async def postgres_pid(dsn: str) -> int:
    """The first process of this server."""
    connection = await asyncpg.connect(dsn)
    try:
        folder = await connection.fetchval("SHOW data_directory")
    finally:
        await connection.close()
    return int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])


def end_process(pid: int, how: signal.Signals) -> None:
    """SIGKILL, or SIGQUIT: PostgreSQL's immediate shutdown. Their supervisors bring both back."""
    os.kill(pid, how)
