"""The names of columns, which are data."""

import tomllib
from pathlib import Path

from registry.domain.imports.headers import Layout

_FILE = Path(__file__).parents[1] / "imports.toml"
LAYOUTS = {
    kind: Layout(tuple(one["required"]), one["columns"]) for kind, one in tomllib.loads(_FILE.read_text()).items()
}
