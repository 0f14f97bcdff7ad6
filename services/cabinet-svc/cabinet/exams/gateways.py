"""The names of columns, which are data."""

import tomllib
from pathlib import Path

COLUMNS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))
