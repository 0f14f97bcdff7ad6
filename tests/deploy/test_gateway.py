"""How the gateway keeps connections towards the services, as Caddy itself reads its file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chassis.service import KEEP_ALIVE
from chassis.settings import SERVICES

ROOT = Path(__file__).parents[2]


def proxies(node: Any) -> Iterator[dict[str, Any]]:
    """Every reverse proxy of a configuration."""
    if isinstance(node, dict):
        if node.get("handler") == "reverse_proxy":
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from proxies(one)


def test_the_gateway_closes_idle_connections_before_a_service_does() -> None:
    # Otherwise a POST now and then meets a connection that the service is closing, and ends as 502
    caddy = str(Path(sys.executable).with_name("caddy"))
    file = ROOT / "deploy" / "gateway" / "Caddyfile"
    names = [f"EKIS_{name.upper()}" for name in SERVICES]
    environment = dict.fromkeys([*names, "EKIS_GATEWAY_BIND", "EKIS_GATEWAY_PORT", "EKIS_WEB"], "1")
    command = [caddy, "adapt", "--config", str(file)]
    adapted = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found = [one["transport"]["keep_alive"]["idle_timeout"] / 1e9 for one in proxies(json.loads(adapted))]
    assert len(found) == 4
    assert max(found) < KEEP_ALIVE
