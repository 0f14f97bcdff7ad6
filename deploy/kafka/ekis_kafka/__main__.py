"""`python -m ekis_kafka diff | apply | system add NAME [--topics ...] | system remove NAME | system list`."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from ekis_kafka import drift, systems
from ekis_kafka.broker import admin_of, client_settings
from ekis_kafka.files import FOLDER, wanted


def main() -> None:
    """Exit code 1 when the broker differs (`diff`), something is refused, or no broker answers; 2 for wrong usage."""
    parser = _parser()
    args = parser.parse_args()
    password = os.environ.get("EKIS_KAFKA_PASSWORD")
    if args.user and not password:
        parser.error("--user needs its password in EKIS_KAFKA_PASSWORD")
    login = (args.user, password) if args.user and password else None
    try:
        client = admin_of(client_settings(args.bootstrap, login, args.ca))
        code, lines = _COMMANDS[args.command](client, args)
    except drift.Refused as refused:
        sys.exit(str(refused))
    except KafkaException as error:
        sys.exit(f"{args.bootstrap}: {error.args[0].str()}")
    except TimeoutError as error:
        sys.exit(f"{args.bootstrap}: {error}")
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ekis_kafka", epilog="The user's password is read from EKIS_KAFKA_PASSWORD.")
    parser.add_argument("--bootstrap", default=os.environ.get("EKIS_KAFKA", "localhost:9092"), metavar="HOST:PORT")
    parser.add_argument("--user", default=os.environ.get("EKIS_KAFKA_USER"), help="an administrator of the broker")
    parser.add_argument("--ca", default=os.environ.get("EKIS_KAFKA_CA"), metavar="FILE", help="certificates, for TLS")
    parser.add_argument("--files", type=Path, default=FOLDER, help="where topics.yaml and acls.yaml are")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("diff", help="print what `apply` would change; exit code 1 if there is anything")
    commands.add_parser("apply", help="make topics, set settings, give and take access rules as the files say")
    system = commands.add_parser("system", help="principals of city systems").add_subparsers(dest="act", required=True)
    add = system.add_parser("add", help="make one and print its password, once")
    add.add_argument("name")
    add.add_argument("--topics", nargs="+", help="some of the topics open to city systems; all by default")
    system.add_parser("remove", help="it cannot connect any more").add_argument("name")
    system.add_parser("list", help="each with the topics that it reads")
    return parser


Answer = tuple[int, list[str]]


def _diff(client: AdminClient, args: argparse.Namespace) -> Answer:
    lines = drift.drift(client, wanted(args.files)).lines()
    return int(bool(lines)), lines


def _apply(client: AdminClient, args: argparse.Namespace) -> Answer:
    return 0, drift.apply(client, wanted(args.files)).lines()


def _system(client: AdminClient, args: argparse.Namespace) -> Answer:
    match args.act:
        case "add":
            user, password = systems.add(client, wanted(args.files), args.name, args.topics)
            return 0, [f"user {user}", f"password {password}", f"groups {user}.*", "The password is shown this once."]
        case "remove":
            return 0, [f"{systems.remove(client, args.name)} is gone"]
        case _:
            return 0, [f"{user} {' '.join(topics)}" for user, topics in systems.listed(client).items()]


_COMMANDS: Mapping[str, Callable[[AdminClient, argparse.Namespace], Answer]] = {
    "diff": _diff,
    "apply": _apply,
    "system": _system,
}

if __name__ == "__main__":
    main()
