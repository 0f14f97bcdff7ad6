"""What a process of cabinet-svc has of its own, beside requests and loops."""

from dataclasses import dataclass

from cabinet.files.gateways import Objects
from cabinet.notices.gateways import Streams


@dataclass(frozen=True)
class Own:
    """Given to routes and loops as `runtime.own`."""

    streams: Streams
    objects: Objects
