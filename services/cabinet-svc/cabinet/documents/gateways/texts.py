"""The text of a file, read by a child process with bounded memory, time and output: what is in it is not trusted."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator

SECONDS = 60.0
_CHILD = "cabinet.documents.gateways.text_reader"


class Unreadable(Exception):
    """No text can be read of it, whatever the child died of."""


async def text_of(kind: str, chunks: AsyncIterator[bytes]) -> str:
    """All of it, as it stands there. Raises Unreadable."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)
        file.flush()
        file.seek(0)
        await _read(kind, file.fileno(), output.fileno())
        output.seek(0)
        return (await asyncio.to_thread(output.read)).decode(errors="replace")


async def _read(kind: str, source: int, target: int) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _CHILD, kind),
        stdin=source,
        stdout=target,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        code = await asyncio.wait_for(child.wait(), SECONDS)
    except TimeoutError:
        raise Unreadable from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if code:
        raise Unreadable
