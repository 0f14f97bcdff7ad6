"""What has to be there before services start in containers: `python -m ekis_local.prepare secrets | servers`.

`secrets` makes keys and passwords below EKIS_PREPARED, one folder for each who may read it, and keeps what exists.
`servers` makes what they are for: databases with their roles, SCRAM users, topics and access rules.
"""

import asyncio
import os
import secrets
import sys
from pathlib import Path

from chassis.settings import SERVICES
from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)
from ekis_kafka.broker import client_settings, until

from ekis_local.keys import make_keys
from ekis_local.postgres import ensure_database, ensure_user
from ekis_local.private import write_private
from ekis_local.topics import ensure_topics

USERS = (*(f"{name}-svc" for name in SERVICES), "city-system")
DATA = ("kafka-1-data", "kafka-2-data", "kafka-3-data")  # volumes that the broker's image leaves to root
OWNERS = {"postgres": 999, "kafka": 1000, **dict.fromkeys(DATA, 1000)}  # uids of the official images; else a service
SERVICE_UID = 10001
_PATIENCE = 120  # seconds
_JAAS = """\
{listener}.KafkaServer {{
  org.apache.kafka.common.security.plain.PlainLoginModule required
  username="admin" password="{password}" user_admin="{password}";
}};
"""
_SCRAM = "clients.KafkaServer {\n  org.apache.kafka.common.security.scram.ScramLoginModule required;\n};\n"


def _password(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, secrets.token_hex(24))
    return file.read_text()


def make_secrets(root: Path, postgres: str) -> None:
    """Everything secret, and the public keys; `postgres` is host:port of the server."""
    make_keys(root)
    _password(root / "postgres" / "password")
    admin = _password(root / "kafka" / "admin")
    write_private(
        root / "kafka" / "jaas.conf",
        "".join([_JAAS.format(listener=listener, password=admin) for listener in ("admin", "controller")] + [_SCRAM]),
    )
    for user in USERS:
        name = user.removesuffix("-svc")
        kafka = _password(root / name / "ekis_kafka_password")
        if name in SERVICES:
            for role, folder in {name: f"{name}-owner", user: name}.items():
                password = _password(root / "passwords" / role)
                (root / folder).mkdir(exist_ok=True)
                write_private(root / folder / "ekis_database", f"postgresql://{role}:{password}@{postgres}/{name}")
                write_private(root / folder / "ekis_kafka_password", kafka)
    if os.getuid() == 0:
        _hand_over(root)


def _hand_over(root: Path) -> None:
    """Each folder to the one who reads it."""
    for folder in root.iterdir():
        uid = OWNERS.get(folder.name, SERVICE_UID)
        for path in [folder, *(() if folder.name in DATA else folder.iterdir())]:
            os.chown(path, uid, uid)


async def prepare_servers(root: Path, postgres: str, kafka: str, kafka_admin: str, brokers: int) -> None:
    """Databases, users by the broker's own listener for administrators, then by the clients' one topics and rules; a
    second time changes nothing."""
    admin = f"postgresql://postgres:{_password(root / 'postgres' / 'password')}@{postgres}/postgres"
    for name in SERVICES:
        await ensure_database(admin, name, _password(root / "passwords" / name))
        await ensure_user(admin, name, _password(root / "passwords" / f"{name}-svc"))
    login = "admin", _password(root / "kafka" / "admin")
    settings = client_settings(kafka_admin, login) | {"sasl.mechanism": "PLAIN"}
    client = AdminClient(settings)
    await asyncio.to_thread(_await_brokers, client, brokers)
    await asyncio.to_thread(_make_users, root, client)
    await ensure_topics(kafka, login)


def _await_brokers(client: AdminClient, count: int) -> None:
    """Return when so many have joined: with fewer, a topic of as many replicas is refused."""
    until(lambda: len(client.list_topics(timeout=10).brokers) >= count, _PATIENCE)


def _make_users(root: Path, client: AdminClient) -> None:
    scram = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192)
    passwords = {user: root / user.removesuffix("-svc") / "ekis_kafka_password" for user in USERS}
    passwords["admin"] = root / "kafka" / "admin"
    wished: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(user, scram, _password(file).encode()) for user, file in passwords.items()
    ]
    for done in client.alter_user_scram_credentials(wished).values():
        done.result(30)


def main() -> None:
    """Run what the command line names, by the addresses of the environment."""
    root, postgres = Path(os.environ["EKIS_PREPARED"]), os.environ["EKIS_POSTGRES"]
    if sys.argv[1:] == ["secrets"]:
        make_secrets(root, postgres)
    elif sys.argv[1:] == ["servers"]:
        brokers = int(os.environ["EKIS_BROKERS"])
        asyncio.run(prepare_servers(root, postgres, os.environ["EKIS_KAFKA"], os.environ["EKIS_KAFKA_ADMIN"], brokers))
    else:
        sys.exit("usage: python -m ekis_local.prepare secrets | servers")


if __name__ == "__main__":
    main()
