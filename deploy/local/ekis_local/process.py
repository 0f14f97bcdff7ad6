"""A program the stack runs, how it is spawned and how one knows that it is ready."""

import asyncio
import ctypes
import os
import pwd
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    """What to run, where its output goes and when it counts as ready."""

    name: str
    argv: Sequence[str]
    log: Path
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def _die_with_parent() -> None:
    """Have the kernel kill this child with the runner, so that nothing is orphaned (Linux only)."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _as_user(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": [], "cwd": "/"} if user else {}


async def spawn(program: Program, extra_env: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start the program in a process group of its own: Ctrl-C must not reach it before the runner."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *program.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **program.env, **extra_env},
            process_group=0,
            preexec_fn=_die_with_parent,
            **_as_user(program.user),
        )


async def run(
    argv: Sequence[str], *, env: Mapping[str, str] | None = None, stdin: str = "", user: str | None = None
) -> str:
    """Run a command to its end and return what it says; what it says to stderr is shown only when it fails."""
    child = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(env or {})},
        preexec_fn=_die_with_parent,
        **_as_user(user),
    )
    try:
        output, errors = await child.communicate(stdin.encode())
    finally:
        if child.returncode is None:  # cancelled
            child.kill()
            await child.wait()
    if child.returncode:
        command = " ".join(argv[:3])  # what follows may hold a password
        raise StartError(f"{command} ... failed:\n{(output + errors).decode(errors='replace')}")
    return output.decode(errors="replace")


def tcp_ready(port: int) -> Callable[[], Awaitable[bool]]:
    """Probe: something listens on this loopback port."""

    async def probe() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return probe


def http_ready(url: str) -> Callable[[], Awaitable[bool]]:
    """Probe: the address answers 200."""

    async def probe() -> bool:
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            try:
                return (await client.get(url)).status_code == httpx.codes.OK
            except httpx.HTTPError:
                return False

    return probe


# Below those that the system gives to connections (32768 on Linux), so that none of them takes a port before its server
# has; and drawn, since two runs beside each other would otherwise be told the same.
_FEW_USE = range(15_000, 32_000)


def free_ports(wanted: Mapping[str, int]) -> dict[str, int]:
    """Take each wanted port if it is free, else any free one; 0 asks for any."""
    held = {name: _bind(port) for name, port in wanted.items()}
    ports = {name: int(held[name].getsockname()[1]) for name in wanted}
    for listener in held.values():
        listener.close()
    return ports


def _bind(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    while True:
        try:
            listener.bind(("127.0.0.1", port or _FEW_USE.start + secrets.randbelow(len(_FEW_USE))))
        except OSError:
            port = 0
        else:
            return listener


class StartError(Exception):
    """A part of the stack could not be started."""
