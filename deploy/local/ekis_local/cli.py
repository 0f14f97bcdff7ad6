"""`python -m ekis_local run | down | reset | status | demo | rotate-keys`: the stack of this checkout.

It runs in the background. Whoever holds the lock .ekis/lock is the running stack; the file holds its pid.
"""

import argparse
import asyncio
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from chassis.auth import LIFETIME

from ekis_local.demo import play
from ekis_local.keys import drop_old_keys, publish_next_key, sign_with_next_key
from ekis_local.postgres import reachable_home
from ekis_local.process import StartError
from ekis_local.stack import Stack

ROOT = Path(__file__).parents[3] / ".ekis"
PORTS = {
    "gateway": 8080,
    "registry": 8101,
    "identity": 8102,
    "cabinet": 8103,
    "notify": 8104,
    "postgres": 15432,
    "kafka": 9092,
    "controller": 9093,
    "smtp": 1025,
    "mail": 8025,
}
_STOP_SECONDS = 120
_TOKENS_LIVE = int(LIFETIME.total_seconds()) + 60  # a minute for clocks that differ


def main() -> None:
    """Do what the command line says; the exit code tells whether it worked."""
    parser = argparse.ArgumentParser(prog="ekis_local")
    parser.add_argument("command", choices=["run", "down", "reset", "status", "demo", "rotate-keys", "supervise"])
    parser.add_argument("register", nargs="?", type=Path, help="of demo: a file of the feed to begin with")
    args = parser.parse_args()
    commands: dict[str, Callable[[], int]] = {
        "run": _run,
        "down": _down,
        "reset": _reset,
        "status": _status,
        "demo": lambda: _demo(args.register),
        "rotate-keys": _rotate_keys,
        "supervise": _supervise,
    }
    sys.exit(commands[args.command]())


def _run() -> int:
    if _running_pid():
        return _wait_for_another()
    print("Starting the stack; the first time it also fetches Apache Kafka and generates the city.")
    (ROOT / "logs").mkdir(parents=True, exist_ok=True)
    with (ROOT / "logs" / "supervisor.log").open("a") as log:
        command = [sys.executable, "-m", "ekis_local", "supervise"]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
    try:
        for line in child.stdout or ():  # ends when the stack is ready, or when it failed
            print(line, end="", flush=True)
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        return 1
    if child.poll() is None:
        return _status()
    print(f"The stack did not start; {ROOT / 'logs'} tells more.", file=sys.stderr)
    return 1


def _wait_for_another() -> int:
    """It runs already, or another `make run` is starting it."""
    while _running_pid() and not (ROOT / "stack.json").exists():
        time.sleep(0.2)
    return _status()


def _down() -> int:
    pid = _running_pid()
    if pid is None:
        print("nothing runs")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _running_pid() == pid:
        if time.monotonic() > deadline:
            print(f"process {pid} does not stop", file=sys.stderr)
            return 1
        time.sleep(0.1)
    print("stopped")
    return 0


def _reset() -> int:
    if failed := _down():
        return failed
    home = reachable_home(ROOT / "data")
    for folder in (ROOT / "data", ROOT / "secrets", ROOT / "logs", home):
        shutil.rmtree(folder, ignore_errors=True)
    print("all data deleted")
    return 0


def _status() -> int:
    if not _running_pid() or not (ROOT / "stack.json").exists():
        print("not running (or not ready yet)")
        return 1
    stack = json.loads((ROOT / "stack.json").read_text())
    print(f"\n  portal and API  {stack['gateway']}\n  caught mail     {stack['mail_api']}")
    print(f"  Kafka           {stack['kafka']}\n  everything      {ROOT / 'stack.json'}\n\n  operators:")
    for role, operator in stack["operators"].items():
        print(f"    {role:<10} {operator['login']:<10} {operator['password']}")
    people = ROOT / "data" / "people.txt"
    print("\n" + people.read_text().rstrip() if people.exists() else "")
    print(f"\n  Try first: open {stack['gateway']} or run `make demo`. `make logs`, `make down`, `make reset`.")
    return 0


def _demo(register: Path | None) -> int:
    if not _running_pid() or not (ROOT / "stack.json").exists():
        print("nothing runs: `make run` first")
        return 1
    if register and not register.is_file():
        print(f"there is no file {register}", file=sys.stderr)
        return 1
    try:
        play(json.loads((ROOT / "stack.json").read_text()), register)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _rotate_keys() -> int:
    """All three steps; the running stack follows, and nobody is signed out."""
    keys = ROOT / "secrets" / "keys"
    if not keys.exists():
        print("there are no keys yet: `make run` makes them")
        return 1
    publish_next_key(keys)
    print("The next key is published.")
    sign_with_next_key(keys)
    print(f"Access tokens are signed with it; those of the old one live {_TOKENS_LIVE // 60} minutes more.", flush=True)
    time.sleep(_TOKENS_LIVE)
    drop_old_keys(keys)
    print("The old key is gone.")
    return 0


def _supervise() -> int:
    """The background process: start, tell the parent by closing stdout, stay until told to stop."""
    with _lock() as held:
        if not held:
            print("another stack is starting or running")
            return 1
        try:
            asyncio.run(_stay())
        except StartError as error:
            print(error, flush=True)
            return 1
    return 0


async def _stay() -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    begun = time.monotonic()

    def progress(done: str) -> None:
        print(f"  {time.monotonic() - begun:5.1f} s  {done}", flush=True)

    kafka, postgres = os.environ.get("EKIS_KAFKA"), os.environ.get("EKIS_POSTGRES")
    stack = Stack(ROOT, ports=PORTS, kafka=kafka, postgres=postgres, progress=progress)
    stopping = asyncio.create_task(told_to_stop.wait())
    starting = asyncio.create_task(stack.start())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            _close_stdout()
            await stopping
    finally:
        starting.cancel()
        await stack.stop()


def _close_stdout() -> None:
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


@contextmanager
def _lock() -> Iterator[bool]:
    """Hold the lock and say True, or say False when someone else holds it."""
    ROOT.mkdir(exist_ok=True)
    with (ROOT / "lock").open("a+") as file:
        held = _try_lock(file)
        if held:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield held


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _running_pid() -> int | None:
    """The pid of the running stack; a stale file proves nothing, a held lock does."""
    try:
        with (ROOT / "lock").open() as file:
            return None if _try_lock(file) else int(file.read())
    except FileNotFoundError:
        return None
