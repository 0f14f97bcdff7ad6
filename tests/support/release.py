"""The previous release: its sources from git, to be run by the same interpreter beside this one's."""

import io
import os
import subprocess
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = tomllib.loads((ROOT / "tests" / "system" / "previous_release.toml").read_text())


def unpack_previous(folder: Path) -> dict[str, str]:
    """Write its packages below the folder; returns the variables that make a process run them."""
    command = ["git", "-C", str(ROOT), "archive", NAMED["commit"], "contracts", "chassis", "services"]
    archived = subprocess.run(command, capture_output=True, check=False)
    assert archived.returncode == 0, f"no commit of {NAMED['version']} in this clone: run `git fetch --unshallow`"
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as archive:
        archive.extractall(folder, filter="data")
    packages = [folder / "contracts", folder / "chassis", *(folder / "services").iterdir()]
    return {"PYTHONPATH": os.pathsep.join(map(str, packages))}
