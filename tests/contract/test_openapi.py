"""The web client is typed by the services' OpenAPI: the files it is generated from are what the code says."""

import runpy
from pathlib import Path

import pytest
from chassis.settings import SERVICES

WEB = Path(__file__).parents[2] / "web"


@pytest.mark.parametrize("name", SERVICES)
def test_the_web_client_knows_the_newest_surface(name: str) -> None:
    text = runpy.run_path(str(WEB / "openapi.py"))["text"]
    assert (WEB / "openapi" / f"{name}.json").read_text() == text(name), "run `python web/openapi.py`"
