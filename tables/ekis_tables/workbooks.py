"""An XLSX file made into CSV by a child process with bounded memory, time and output: what is in it is not trusted."""

import asyncio
import contextlib
import os
import sys
from typing import IO

from ekis_tables import Limits, Unreadable

SECONDS = 60.0
_CHILD = "ekis_tables.workbook_reader"


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
        raise Unreadable("sheet-large") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if child.returncode:
        raise _refusal(said.decode(errors="replace").strip(), limits)


def _refusal(word: str, limits: Limits) -> Unreadable:
    """What the child says before it ends; a killed one says nothing, and was too large."""
    most = {"too-long": {"most": limits.rows}, "too-wide": {"most": limits.columns}, "sheet-broken": {}}
    return Unreadable(word, **most[word]) if word in most else Unreadable("sheet-large")
