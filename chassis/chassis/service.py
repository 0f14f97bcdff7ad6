"""A service: what it is made of, its commands `run`, `api`, `work`, `migrate`, `dead-letters`, `status`, `replay`."""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
import uvicorn
import uvloop
from fastapi import APIRouter
from pydantic import ValidationError
from pydantic_settings import SettingsError

from chassis import deadletters, migrations, operations
from chassis.auth import Tokens
from chassis.consumer import Consumer
from chassis.db import Database, connect, utc_now
from chassis.http import Runtime, create_app
from chassis.inbox import Inbox, Reactions
from chassis.kafka import Broker
from chassis.loops import PRUNING, Loop, run_loop
from chassis.outbox import Relay, hint_other_processes
from chassis.problems import load_texts
from chassis.revocation import Revocations, revocation_writer, revoking_topics
from chassis.settings import ServiceSettings, complaint, key_complaint, load_seals
from chassis.telemetry import configure_logs, failure
from chassis.tracing import export_spans

log = structlog.get_logger()

GARBAGE = 20_000  # containers made before a look at the young ones
GRACE = 20  # seconds for requests in flight after SIGTERM
KEEP_ALIVE = 75  # seconds; longer than the gateway's, or it would send a request into a connection that is being closed
ROLES = ("run", "api", "work")
POLITE = ("Server.serve", "Consumer.run")  # these end by themselves when asked to

Command = Callable[[Runtime, Sequence[str]], Awaitable[None]]
OPERATIONS: dict[str, Command] = {"status": operations.show, "replay": operations.command}
Prepare = Callable[[Runtime], AbstractAsyncContextManager[Any]]


@dataclass(frozen=True)
class Service:
    """The composition root. `folder` holds migrations/ and messages.toml; `prepare` makes `runtime.own`."""

    name: str
    settings: type[ServiceSettings]
    folder: Path
    router: APIRouter
    reactions: Reactions
    loops: Sequence[Loop] = ()
    commands: Mapping[str, Command] = field(default_factory=dict)
    prepare: Prepare = nullcontext

    @property
    def _commands(self) -> Mapping[str, Command]:
        return {**OPERATIONS, **self.commands}

    @asynccontextmanager
    async def open(self, settings: ServiceSettings, clock: Any = utc_now) -> AsyncIterator[Runtime]:
        """The runtime over an open pool."""
        seals = load_seals(self.name, settings.secrets, settings.keys)
        pool = await connect(settings.database.get_secret_value(), self.name, settings.pool_size)
        try:
            schemas = f"{settings.public_url.rstrip('/')}/schemas"
            database = Database(self.name, pool, seals, clock, settings.hmac_key, schemas)
            revocations = Revocations()
            tokens = Tokens(settings.keys / "tokens.json", revocations, clock)
            said = load_texts(self.folder), self.reactions.topics
            runtime = Runtime(self.name, settings, database, tokens, revocations, *said)
            async with self.prepare(runtime) as runtime.own:
                yield runtime
        finally:
            await asyncio.wait_for(pool.close(), GRACE)

    def main(self) -> None:
        """Run the command named on the command line; exits with 0, 1 when something broke, 2 when it may not begin."""
        parser = argparse.ArgumentParser(prog=self.name)
        parser.add_argument("command", choices=[*ROLES, "migrate", "dead-letters", *self._commands])
        parser.add_argument("rest", nargs=argparse.REMAINDER)
        args = parser.parse_args()
        settings = self.read_settings()
        if args.command != "migrate":
            self._refuse(key_complaint(self.name, settings))
        configure_logs(self.name, settings.log_level)
        with export_spans(settings.traces, self.name, settings.instance):
            gc.freeze()  # what is imported lives as long as the process: to go through it over and over
            gc.set_threshold(GARBAGE)  # took a third of every reaction
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                try:
                    sys.exit(runner.run(self._command(settings, args.command, args.rest)))
                except Exception as error:
                    if args.command not in ROLES:  # a person reads it
                        raise
                    log.error("broken", part="start", reason=failure(error))  # noqa: TRY400 - a text may be personal
                    sys.exit(1)

    def read_settings(self) -> ServiceSettings:
        """Ends the process with a line for each variable that is missing or wrong, without its value."""
        try:
            return self.settings()
        except ValidationError as error:
            self._refuse([complaint(self.settings, one["loc"], one["type"], one["msg"]) for one in error.errors()])
        except SettingsError as error:  # a list that is no JSON, or EKIS_SECRETS that is a file
            self._refuse([f"{error}: see docs/configuration.md"])
        raise AssertionError("refused")

    def _refuse(self, lines: Sequence[str]) -> None:
        if lines:
            sys.stderr.write("".join(f"{self.name}: {line}\n" for line in lines))
            sys.exit(2)

    async def _command(self, settings: ServiceSettings, command: str, rest: Sequence[str]) -> int:
        if command == "migrate":
            await migrations.migrate(settings.database.get_secret_value(), self.folder / "migrations")
            return 0
        async with self.open(settings) as runtime:
            if command in ROLES:
                return await _Process(self, runtime, settings, command).serve()
            if command == "dead-letters":
                await deadletters.command(runtime.database, Inbox(runtime.database, self.reactions).replay, rest)
            else:
                await self._commands[command](runtime, rest)
            return 0


class _Process:
    """One process of a service in the role `run` (both), `api` or `work`."""

    def __init__(self, service: Service, runtime: Runtime, settings: ServiceSettings, role: str) -> None:
        self._service, self._runtime, self._settings = service, runtime, settings
        self._works = role in ("run", "work")
        self._consumers: list[Consumer] = []
        host, _, port = settings.listen.rpartition(":")
        app = create_app(runtime, service.router if role in ("run", "api") else None)
        options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
        options |= {"timeout_graceful_shutdown": GRACE, "timeout_keep_alive": KEEP_ALIVE}
        config = uvicorn.Config(app, host=host, port=int(port), **options)
        self._server = uvicorn.Server(config)
        self._server.capture_signals = nullcontext  # type: ignore[method-assign, assignment] # the process has them

    async def serve(self) -> int:
        """Until SIGTERM or SIGINT: 0. When any part breaks: 1, so that the supervisor starts anew."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._runtime.stopping.set)
        tasks = [asyncio.create_task(part, name=getattr(part, "__qualname__", "")) for part in self._parts()]
        self._runtime.ready = self._ready
        await asyncio.wait([*tasks, asyncio.create_task(self._runtime.stopping.wait())], return_when="FIRST_COMPLETED")
        broken = [task for task in tasks if task.done()]
        for task in broken:
            log.error("broken", part=task.get_name(), reason=failure(task.exception() or SystemExit()))
        await self._stop(tasks)
        return 1 if broken else 0

    def _parts(self) -> list[Coroutine[Any, Any, Any]]:
        runtime, database = self._runtime, self._runtime.database
        parts: list[Coroutine[Any, Any, Any]] = [self._server.serve(), runtime.revocations.follow(database.pool)]
        if not self._works:
            return [*parts, hint_other_processes(database)]
        broker = Broker(self._settings, self._service.name)
        inbox = Inbox(database, self._service.reactions)
        cut_off = f"{broker.group}.revocation", revoking_topics(), revocation_writer(database)
        self._consumers = [
            Consumer(broker, broker.group, self._service.reactions.topics, inbox.deliver, database, resumes=True),
            Consumer(broker, *cut_off, database, resumes=False),
        ]
        parts += [consumer.run() for consumer in self._consumers]
        parts.append(Relay(database, broker, self._settings.database.get_secret_value()).run())
        return parts + [run_loop(loop, runtime, database) for loop in (*self._service.loops, PRUNING)]

    async def _ready(self) -> bool:
        """Not stopping, revocations read, partitions held, every migration applied."""
        it = self._runtime
        here = not it.stopping.is_set() and it.revocations.ready and all(c.ready for c in self._consumers)
        return here and await migrations.is_current(it.database.pool, self._service.folder / "migrations")

    async def _stop(self, tasks: Sequence["asyncio.Task[Any]"]) -> None:
        """Requests in flight are answered and records in hand settled; then the rest ends."""
        self._runtime.stopping.set()
        self._server.should_exit = True
        for consumer in self._consumers:
            consumer.stop()
        polite = {task for task in tasks if task.get_name().endswith(POLITE) and not task.done()}
        if polite:
            await asyncio.wait(polite, timeout=GRACE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
