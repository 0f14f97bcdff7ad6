"""`python -m ekis_doctor SERVICE [--topics topics.yaml]`, with the variables of the service: exits with 0 when nothing
is wrong, 1 when something is, 2 when the variables themselves are."""

import argparse
import asyncio
import logging
import sys
from importlib import import_module
from pathlib import Path

import yaml
from chassis.revocation import revoking_topics
from chassis.service import Service
from chassis.settings import SERVICES, ServiceSettings
from ekis_contracts import catalogue

from ekis_doctor.checks import check_broker, check_database, check_mail, find_wrong_keys


async def examine(service: Service, settings: ServiceSettings, topics_file: Path | None) -> list[str]:
    """All that is wrong."""
    writes = {event.topic for event in catalogue().values() if service.name in event.producers}
    topics = sorted({*service.reactions.topics, *revoking_topics(), *writes})
    listed = yaml.safe_load(topics_file.read_text()) if topics_file else {"topics": {}}  # noqa: ASYNC240 - alone
    checks = [
        check_database(settings, service.folder / "migrations"),
        check_broker(settings, service.name, topics, dict.fromkeys(listed["topics"], listed.get("partitions", 0))),
    ]
    if mail := getattr(settings, "smtp", None):
        login = (getattr(settings, f"smtp_{name}") for name in ("tls", "user", "password"))
        checks.append(check_mail(mail, *login))
    found = await asyncio.gather(*checks)
    return [*find_wrong_keys(service.name, settings), *(line for lines in found for line in lines)]


def main() -> None:
    """One line for each thing that is wrong."""
    parser = argparse.ArgumentParser(prog="ekis_doctor")
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--topics", type=Path, help="deploy/kafka/topics.yaml, to compare partitions")
    args = parser.parse_args()
    logging.disable()  # the libraries' own view of the same
    service: Service = import_module(f"{args.service}.__main__").service
    wrong = asyncio.run(examine(service, service.read_settings(), args.topics))
    sys.stdout.write("".join(f"{args.service}: {line}\n" for line in wrong or ["nothing is wrong"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
