"""The names of columns, which are data; and which edition of the rules cleans their cells."""

import tomllib
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import ekis_contracts

from registry.domain.imports.headers import Layout

_HERE = Path(__file__).parents[1]
LAYOUTS = {
    kind: Layout(tuple(one["required"]), one["columns"])
    for kind, one in tomllib.loads((_HERE / "imports.toml").read_text()).items()
}


def _edition() -> bytes:
    """Of all code that has a say in what a row means: nobody needs to remember to count it up."""
    code = [*sorted((_HERE / "domain").rglob("*.py")), Path(ekis_contracts.__file__).with_name("fields.py")]
    libraries = "".join(version(name) for name in ("phonenumberslite", "email-validator"))
    return blake2b(b"".join(file.read_bytes() for file in code) + libraries.encode(), digest_size=32).digest()


RULES = _edition()
