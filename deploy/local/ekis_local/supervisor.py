"""Keeps programs running: starts them, waits until they are ready, brings back the ones that die."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Self

from ekis_local.process import Program, StartError, spawn

_TAIL_LINES = 20
_READY_SECONDS = 120.0  # a loaded machine is slow, not broken
_STOP_SECONDS = 30.0  # the services themselves give requests 20
_LIVED_LONG_SECONDS = 10.0
_FIRST_BACKOFF, _LAST_BACKOFF = 0.1, 5.0


class _Kept:
    """One program and the process that embodies it now."""

    def __init__(self, program: Program, changed: Callable[[], None]) -> None:
        self.program = program
        self.changed = changed
        self.process: asyncio.subprocess.Process | None = None
        self.keeper: asyncio.Task[None] | None = None

    async def start(self, extra_env: Mapping[str, str], timeout: float) -> None:
        """Spawn and wait until ready. An exit before that is an error, SIGKILL is not: it is a fault under test."""
        first = self.process = await spawn(self.program, extra_env)
        self.changed()
        self.keeper = asyncio.create_task(self._keep(first))
        await self.wait_ready(timeout, lambda: first.returncode not in {None, -signal.SIGKILL})

    async def wait_ready(self, timeout: float, failed: Callable[[], bool] = lambda: False) -> None:
        """Ask the probe until it says yes."""
        deadline = monotonic() + timeout
        while not await self.program.ready():
            if failed() or monotonic() > deadline:
                tail = "\n".join(self.program.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
                raise StartError(f"{self.program.name} did not get ready. Its log ends:\n{tail}")
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Ask it to end, then insist."""
        if self.keeper:
            self.keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self.keeper
        process, self.process = self.process, None
        if process and process.returncode is None:
            process.send_signal(self.program.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()
        self.changed()

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        backoff = _FIRST_BACKOFF
        while True:
            born = monotonic()
            await process.wait()
            self.process = None
            self.changed()
            if monotonic() - born > _LIVED_LONG_SECONDS:
                backoff = _FIRST_BACKOFF
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _LAST_BACKOFF)
            process = self.process = await spawn(self.program, {})
            self.changed()


class Supervisor:
    """Runs programs and restarts the ones that die, until told to stop them."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._changed = changed
        self._kept: dict[str, _Kept] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All programs, stopped ones too."""
        return tuple(self._kept)

    @property
    def pids(self) -> dict[str, int]:
        """The process of every program that is alive now."""
        return {name: kept.process.pid for name, kept in self._kept.items() if kept.process}

    async def start(self, program: Program, *, timeout: float = _READY_SECONDS) -> None:
        """Start a program and return when it is ready."""
        kept = self._kept[program.name] = _Kept(program, self._changed)
        await kept.start({}, timeout)

    async def stop(self, name: str) -> None:
        """Stop a program; it stays stopped until `resume`."""
        await self._kept[name].stop()

    async def resume(self, name: str, env: Mapping[str, str] | None = None, *, timeout: float = _READY_SECONDS) -> None:
        """Start a stopped program again; `env` is added for this one life of it."""
        await self._kept[name].start(env or {}, timeout)

    async def kill(self, name: str) -> None:
        """SIGKILL; returns when it is dead. It comes back by itself."""
        process = self._kept[name].process
        if process:
            process.kill()
            await process.wait()

    async def wait_ready(self, name: str, *, timeout: float = _READY_SECONDS) -> None:
        """Return when the program answers its probe."""
        await self._kept[name].wait_ready(timeout)

    async def close(self) -> None:
        """Stop everything, what was started last first."""
        for kept in reversed(self._kept.values()):
            await kept.stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
