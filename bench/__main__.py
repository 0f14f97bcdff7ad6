"""`python -m bench [workload ...]`: prints a table for each; all of them when none is named."""

import argparse
import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
import uvloop

from bench import imports, reaction, relay
from bench.ground import Servers, opened_servers

WORKLOADS: dict[str, Callable[[Servers], Coroutine[Any, Any, None]]] = {
    "relay": relay.run,
    "reaction": reaction.run,
    "import": imports.run,
}


async def _main(chosen: list[str]) -> None:
    """Fresh servers for each, kept by this loop; the work itself runs in uvloop, as a service does."""
    for name in chosen:
        async with opened_servers() as servers:
            await asyncio.to_thread(_run, WORKLOADS[name](servers))


def _run(work: Coroutine[Any, Any, None]) -> None:
    uvloop.run(work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("workloads", nargs="*", default=[], help=" ".join(WORKLOADS))
    wanted = parser.parse_args().workloads
    if unknown := set(wanted) - set(WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(_main(wanted or list(WORKLOADS)))
