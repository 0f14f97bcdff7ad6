"""The whole native stack, started in order: for `make run`, and as a fixture of the system tests.

async with temporary_stack(seeded=False) as stack:
    await stack.restart("registry", {"EKIS_CRASH_AT": "before-offset-commit"})
    await stack.kill("kafka")
    await stack.wait_ready("kafka")
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Self

from chassis.settings import SERVICES

from ekis_local import services
from ekis_local.gateway import gateway
from ekis_local.kafka import USERS, Kafka
from ekis_local.keys import make_keys
from ekis_local.postgres import Postgres, ensure_database, ensure_user, reachable_home
from ekis_local.private import Passwords, write_private
from ekis_local.process import Program, free_ports, http_ready
from ekis_local.services import OPERATORS
from ekis_local.supervisor import Supervisor
from ekis_local.topics import ensure_topics
from ekis_local.web import build_web

_PORTS = ("gateway", "postgres", "smtp", "mail")


class Stack:
    """Everything lives under `root`: data, secrets, logs, and stack.json, which tells others where things are."""

    def __init__(
        self,
        root: Path,
        *,
        ports: Mapping[str, int] | None = None,
        env: Mapping[str, Mapping[str, str]] | None = None,
        kafka: str | None = None,
        postgres: str | None = None,
        seeded: bool = True,
        brokers: int = 1,
        replicas: int = 1,
        progress: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """`ports` are taken if free; `env` adds variables per service or replica; `kafka`, `postgres` are servers that
        exist; there are `replicas` of each service, the second of registry is registry-2.
        """
        self.root = root.resolve()
        self.replicas = {name: services.numbered(name, replicas) for name in SERVICES}
        self.services = tuple(chain.from_iterable(self.replicas.values()))
        clients, controllers = services.numbered("kafka", brokers), services.numbered("controller", brokers)
        names = [*_PORTS, *clients, *controllers, *self.services]
        self.ports = free_ports({name: (ports or {}).get(name, 0) for name in names})
        self.passwords = Passwords(self.root / "secrets" / "passwords.json")
        self.kafka_passwords = {} if kafka else {user: self.passwords["kafka", user] for user in USERS}
        self.brokers = None
        if not kafka:
            pairs = [(self.ports[one], self.ports[other]) for one, other in zip(clients, controllers, strict=True)]
            self.brokers = Kafka(self.root / "data" / "kafka", pairs, self.kafka_passwords)
        self.kafka = self.brokers.address if self.brokers else str(kafka)
        self.databases: dict[str, str] = {}  # as their owners, who migrate
        self._users: dict[str, str] = {}  # as the services work with them
        self._existing_postgres = postgres
        self._extra_env = env or {}
        self._seeded = seeded
        self._progress = progress
        self._supervisor = Supervisor(self._write_description)
        self._started = False

    @property
    def gateway(self) -> str:
        """The one address that people and clients see."""
        return self._url("gateway")

    @property
    def mail_api(self) -> str:
        """Where caught mail is read and faults are ordered."""
        return self._url("mail")

    @property
    def smtp(self) -> str:
        """Where notify hands in its mail."""
        return f"127.0.0.1:{self.ports['smtp']}"

    @property
    def pids(self) -> dict[str, int]:
        """What runs now, the supervisor included."""
        return {"supervisor": os.getpid(), **self._supervisor.pids}

    def service_url(self, name: str) -> str:
        """A service without the gateway before it: /live, /ready, /metrics."""
        return self._url(name)

    def env(self, name: str) -> dict[str, str]:
        """The variables of a replica, for the commands of its service too."""
        keys, replica, name = self.root / "secrets" / "keys", name, services.service_of(name)
        variables = {
            "EKIS_DATABASE": self._users[name],
            "EKIS_KAFKA": self.kafka,
            "EKIS_LISTEN": f"127.0.0.1:{self.ports[replica]}",
            "EKIS_PUBLIC_URL": self.gateway,
            "EKIS_SECRETS": str(keys / name),
            "EKIS_KEYS": str(keys / "public"),
        }
        user = f"{name}-svc"
        if user in self.kafka_passwords:
            variables |= {"EKIS_KAFKA_USER": user, "EKIS_KAFKA_PASSWORD": self.kafka_passwords[user]}
        if replica != name:
            variables["EKIS_INSTANCE"] = f"{os.uname().nodename}-{replica}"
        special = services.special_settings(name, self.smtp, self.root / "data")
        return variables | special | {**self._extra_env.get(name, {}), **self._extra_env.get(replica, {})}

    def owner_env(self, name: str) -> dict[str, str]:
        """The variables of a service for its command `migrate`."""
        return self.env(name) | {"EKIS_DATABASE": self.databases[name]}

    async def start(self) -> None:
        """Start everything in order; returns when all of it is ready."""
        make_keys(self.root / "secrets" / "keys")
        await _together(self._start_postgres(), self._start_kafka(), self._start_mail(), self._build_web())
        with self._timed("migrations"):
            await _together(*(services.migrate(name, self.owner_env(name)) for name in SERVICES))
        with self._timed("four services"):
            runs = [services.service(name, self.env(name), self._log(name)) for name in self.services]
            await _together(*map(self._run, runs))
        with self._timed("gateway"):
            upstreams = {name: [self.ports[it] for it in its] for name, its in self.replicas.items()}
            caddy = self.root / "data" / "caddy"
            await self._run(gateway(caddy, self.ports["gateway"], upstreams, self._log("gateway")))
        if self._seeded:
            await _together(self._fill(), services.write_letters(self.env("notify"), self._letters))
        self._started = True
        self._write_description()

    async def stop(self) -> None:
        """Stop everything: the services together, then the rest in the opposite order."""
        self._started = False
        (self.root / "stack.json").unlink(missing_ok=True)
        await _together(*(self.halt(name) for name in self.services if name in self._supervisor.names))
        await self._supervisor.close()

    async def halt(self, name: str) -> None:
        """Stop one program and keep it stopped until `resume`."""
        await self._supervisor.stop(name)

    async def resume(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Start a halted program; `env` is added for this one life of it."""
        await self._supervisor.resume(name, env)

    async def restart(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Stop gracefully and start again; `env` is added for this one life of it."""
        await self.halt(name)
        await self.resume(name, env)

    async def kill(self, name: str) -> None:
        """SIGKILL; returns when it is dead. It comes back by itself: `wait_ready`."""
        await self._supervisor.kill(name)

    async def wait_ready(self, *names: str) -> None:
        """Return when these programs, or all, answer their probes."""
        await _together(*(self._supervisor.wait_ready(name) for name in names or self._supervisor.names))

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _start_postgres(self) -> None:
        with self._timed("PostgreSQL"):
            admin = self._existing_postgres
            if admin is None:
                home = reachable_home(self.root / "data")
                server = Postgres(home, self.ports["postgres"], self.passwords["postgres", "postgres"])
                await self._run(await server.prepare(self._log("postgres")))
                admin = server.admin_dsn
            for name in SERVICES:
                self.databases[name] = await ensure_database(admin, name, self.passwords["postgres", name])
                self._users[name] = await ensure_user(admin, name, self.passwords["postgres", f"{name}-svc"])

    async def _start_kafka(self) -> None:
        with self._timed("Kafka"):
            if self.brokers:
                await _together(*map(self._run, await self.brokers.prepare(self.root / "logs")))
            await ensure_topics(self.kafka, self.brokers.admin if self.brokers else None)

    async def _start_mail(self) -> None:
        ports = str(self.ports["smtp"]), str(self.ports["mail"])
        argv = [sys.executable, "-m", "ekis_local.devmail", *ports, str(self._letters)]
        await self._run(Program("mail", argv, self._log("mail"), http_ready(f"{self.mail_api}/messages")))

    async def _build_web(self) -> None:
        with self._timed("web client"):
            await build_web(self._log("web"))

    async def _fill(self) -> None:
        """The operators and the city, once for each PostgreSQL."""
        done = self.root / "secrets" / "filled"
        server = self._existing_postgres or "own"
        if done.exists() and done.read_text() == server:
            return
        await _together(self._make_operators(), self._make_city())
        write_private(done, server)

    async def _make_operators(self) -> None:
        with self._timed("operators"):
            for login in OPERATORS:
                await services.make_operator(login, self.passwords["operators", login], self.env("identity"))

    async def _make_city(self) -> None:
        with self._timed("city"):
            people = await services.seed(self.env("registry"))
            (self.root / "data" / "people.txt").write_text(people)

    async def _run(self, program: Program) -> None:
        await self._supervisor.start(program)

    def _write_description(self) -> None:
        """Keep stack.json true; it exists only while everything is meant to be up."""
        if self._started:
            write_private(self.root / "stack.json", json.dumps(self._describe(), indent=1, ensure_ascii=False))

    def _describe(self) -> dict[str, Any]:
        users = ("admin", "city-system") if self.kafka_passwords else ()
        return {
            "gateway": self.gateway,
            "kafka": self.kafka,
            "mail_api": self.mail_api,
            "postgres": self.databases,
            "smtp": self.smtp,
            "pids": self.pids,
            "kafka_users": {user: {"username": user, "password": self.kafka_passwords[user]} for user in users},
            "operators": {
                login: {"login": login, "password": self.passwords["operators", login]} for login in OPERATORS
            },
        }

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        begun = monotonic()
        yield
        self._progress(f"{what}, {monotonic() - begun:.1f} s")

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    @property
    def _letters(self) -> Path:
        return self.root / "data" / "letters"

    def _log(self, name: str) -> Path:
        return self.root / "logs" / f"{name}.log"


@asynccontextmanager
async def temporary_stack(**options: Any) -> AsyncIterator[Stack]:
    """A private stack on free ports, gone afterwards; takes the options of Stack."""
    with TemporaryDirectory(prefix="ekis-stack-") as folder:
        root = Path(folder)
        root.chmod(0o711)  # the database's user has to pass
        async with Stack(root, **options) as stack:
            yield stack


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """All at once; the first failure cancels the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
