"""Files for one pair of eyes: written whole, mode 0600."""

import json
import os
import secrets
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Replace the file at once; no reader sees half of it."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(file)


class Passwords:
    """Generated passwords, `passwords["kafka", "admin"]`: made when first asked for, the same ever after."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = file
        self._made: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def __getitem__(self, key: tuple[str, str]) -> str:
        name = "/".join(key)
        if name not in self._made:
            self._made[name] = secrets.token_hex(12)
            write_private(self._file, json.dumps(self._made, indent=1))
        return self._made[name]
