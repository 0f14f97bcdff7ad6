"""An XLSX file made into CSV by a child process with bounded memory, time and output: what is in it is not trusted."""

import asyncio
import contextlib
import os
import sys
from typing import IO

from cabinet.sheets.domain import Limits, Unreadable

SECONDS = 60.0
_CHILD = "cabinet.sheets.gateways.workbook_reader"


async def workbook_as_csv(workbook: IO[bytes], output: IO[bytes], limits: Limits) -> None:
    """Write the first sheet as CSV. Raises Unreadable, whatever the child dies of."""
    workbook.flush()
    workbook.seek(0)
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _CHILD, str(limits.rows), str(limits.columns)),
        stdin=workbook.fileno(),
        stdout=output.fileno(),
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        _, said = await asyncio.wait_for(child.communicate(), SECONDS)
    except TimeoutError:
        raise limits.too_large() from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if child.returncode:
        raise _refusal(said.decode(errors="replace").strip(), limits)


def _refusal(word: str, limits: Limits) -> Unreadable:
    """What the child says before it ends; a killed one says nothing, and was too large."""
    if word == "too-long":
        return limits.too_long()
    return Unreadable("file-unreadable") if word == "unreadable" else limits.too_large()
