"""`python -m bench [workload ...]`: prints a table for each; all of them when none is named."""

import argparse
import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog
import uvloop
from chassis.service import GARBAGE

from bench import (
    client,
    cutoff,
    diary,
    documents,
    doors,
    imports,
    mail,
    mass,
    pages,
    reaction,
    relay,
    search,
    sizes,
    streams,
    subscriber,
    traces,
    webhooks,
)
from bench.ground import Servers, opened_servers

Work = Coroutine[Any, Any, None]


async def _on_servers(run: Callable[[Servers], Work]) -> None:
    """Servers are kept by this loop; the work itself runs in uvloop, as a service does."""
    async with opened_servers() as servers:
        await asyncio.to_thread(_run, run(servers))


def _run(work: Work) -> None:
    gc.freeze()  # as a service does
    gc.set_threshold(GARBAGE)
    uvloop.run(work)


WORKLOADS: dict[str, Callable[[], Work]] = {
    "relay": partial(_on_servers, relay.run),
    "reaction": partial(_on_servers, reaction.run),
    "mail": mail.run,
    "mass-mail": partial(_on_servers, mass.run),
    "search": partial(_on_servers, search.run),
    "sign-in": doors.run_sign_in,
    "refresh": doors.run_refresh,
    "diary": diary.run,
    "import": partial(_on_servers, imports.run),
    "cut-off": cutoff.run,
    "sizes": sizes.run,
    "streams": streams.run,
    "read-api": pages.run,
    "subscriber": partial(_on_servers, subscriber.run),
    "documents": partial(_on_servers, documents.run),
    "client": client.run,
    "traces": traces.run,
    "webhooks": partial(_on_servers, webhooks.run),
}


async def _main(chosen: list[str]) -> None:
    for name in chosen:
        await WORKLOADS[name]()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("workloads", nargs="*", default=[], help=" ".join(WORKLOADS))
    wanted = parser.parse_args().workloads
    if unknown := set(wanted) - set(WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(_main(wanted or list(WORKLOADS)))
