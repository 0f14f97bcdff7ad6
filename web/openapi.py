"""Writes the OpenAPI of every service to web/openapi/: `python web/openapi.py`. A test holds them against the code."""

import json
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from chassis.http import Runtime, create_app
from chassis.settings import SERVICES

TARGET = Path(__file__).parent / "openapi"


def document(name: str) -> dict[str, Any]:
    """The OpenAPI of one service."""
    service = import_module(f"{name}.__main__").service
    return create_app(cast(Runtime, SimpleNamespace(service=name)), service.router).openapi()


def text(name: str) -> str:
    """The same as it is written."""
    return json.dumps(document(name), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for name in SERVICES:
        (TARGET / f"{name}.json").write_text(text(name))
