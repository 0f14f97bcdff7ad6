"""An XLSX file made into CSV by a child process with bounded memory, time and output: what is in it is not trusted."""

import asyncio
import contextlib
import os
import sys
from typing import IO

from registry.domain.imports.jobs import MOST_COLUMNS, MOST_ROWS, Unreadable

SECONDS = 60.0
_CHILD = "registry.gateways.sheet_reader"
_REFUSALS = {  # what the child says before it ends -> why the file is not read
    "too-large": ("import-sheet-large", {}),
    "too-long": ("import-too-long", {"most": MOST_ROWS}),
    "too-wide": ("import-too-wide", {"most": MOST_COLUMNS}),
    "unreadable": ("import-sheet-broken", {}),
}


async def sheet_as_csv(sheet: IO[bytes], output: IO[bytes]) -> None:
    """Write the first sheet as CSV. Raises Unreadable, whatever the child dies of."""
    sheet.flush()
    sheet.seek(0)
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _CHILD),
        stdin=sheet.fileno(),
        stdout=output.fileno(),
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        _, said = await asyncio.wait_for(child.communicate(), SECONDS)
    except TimeoutError:
        raise Unreadable("import-sheet-large") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if child.returncode:
        code, params = _REFUSALS.get(said.decode(errors="replace").strip(), _REFUSALS["too-large"])
        raise Unreadable(code, **params)
