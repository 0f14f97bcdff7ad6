"""Apache Kafka, the version deploy/kafka/pom.xml pins: one KRaft node or several, SCRAM and ACLs on, loopback only."""

import asyncio
import hashlib
import os
import secrets
import shutil
import signal
import tempfile
import uuid
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from ekis_kafka.broker import client_settings

from ekis_local.process import Program, StartError, free_ports, run, tcp_ready
from ekis_local.supervisor import Supervisor
from ekis_local.topics import ensure_topics

USERS = ("admin", "registry-svc", "identity-svc", "cabinet-svc", "notify-svc", "city-system")

_NO_BROKER = (
    "Apache Kafka could not be fetched from Maven Central. Name a mirror in ~/.m2/settings.xml, or give a broker of "
    "your own by EKIS_KAFKA=host:port, and run again."
)
_POM = Path(__file__).parents[2] / "kafka" / "pom.xml"
JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
_SERVER_PROPERTIES = """\
process.roles=broker,controller
node.id={node}
log.dirs={data}
listeners=CLIENTS://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=CLIENTS://127.0.0.1:{port}
listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
controller.quorum.voters={voters}

sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.clients.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.clients.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="{password}";
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required \
username="admin" password="{password}" user_admin="{password}";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin
allow.everyone.if.no.acl.found=false

# A broker that was killed may come back only when its old session has run out.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500

auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
default.replication.factor={brokers}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={brokers}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={brokers}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=4
"""


class Kafka:
    """Brokers, each a controller too, with their data under `home`; `ports` of each: for clients, for controllers.

    `passwords`, one for each of USERS, are fixed when they are formatted. Of three brokers one may be lost: a record
    goes to all of them and is acknowledged when two have it.
    """

    def __init__(self, home: Path, ports: Sequence[tuple[int, int]], passwords: Mapping[str, str]) -> None:
        self.home = home
        self.address = ",".join(f"127.0.0.1:{port}" for port, _ in ports)
        self.passwords = passwords
        self.admin = ("admin", passwords["admin"])
        self._ports = ports

    async def prepare(self, logs: Path) -> list[Program]:
        """Fetch Kafka and format the storage of each broker, unless that was done, and tell how to run them."""
        java = [*JAVA, "-cp", f"{await fetch_jars()}/*"]
        return await asyncio.gather(*(self._prepare(node, java, logs) for node in range(1, len(self._ports) + 1)))

    async def _prepare(self, node: int, java: Sequence[str], logs: Path) -> Program:
        name = broker_name(node)
        home = self.home if node == 1 else self.home / name
        home.mkdir(parents=True, exist_ok=True)
        properties = home / "server.properties"
        properties.touch(mode=0o600)
        properties.write_text(_SERVER_PROPERTIES.format(**self._settings(node, home / "data")))
        formatted = home / "formatted"
        if not formatted.exists():
            shutil.rmtree(home / "data", ignore_errors=True)
            await self._format(java, properties)
            formatted.touch()
        alone = len(self._ports) == 1
        argv = [*java, "-Xmx512m" if alone else "-Xmx256m", "kafka.Kafka", str(properties)]
        ready = partial(self._answers, self._ports[node - 1][0])
        # The last of several cannot stop in order: there is no majority to agree to it.
        stop = signal.SIGTERM if alone else signal.SIGKILL
        return Program(name, argv, logs / f"{name}.log", ready, stop_signal=stop)

    def _settings(self, node: int, data: Path) -> dict[str, Any]:
        brokers, (port, controller_port) = len(self._ports), self._ports[node - 1]
        voters = ",".join(f"{number}@127.0.0.1:{port}" for number, (_, port) in enumerate(self._ports, 1))
        own = {"node": node, "data": data, "port": port, "controller_port": controller_port}
        shared = {"voters": voters, "brokers": brokers, "in_sync": max(1, brokers - 1), "password": self.admin[1]}
        return own | shared

    async def _format(self, java: Sequence[str], properties: Path) -> None:
        cluster = urlsafe_b64encode(uuid.uuid5(uuid.NAMESPACE_URL, self.home.as_uri()).bytes).decode().rstrip("=")
        scram = [f"SCRAM-SHA-512=[name={user},password={password}]" for user, password in self.passwords.items()]
        users = [option for credential in scram for option in ("--add-scram", credential)]
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "--config", str(properties)]
        await run([*java, *tool, *users])

    async def _answers(self, port: int) -> bool:
        return await tcp_ready(port)() and await asyncio.to_thread(self._lists_topics, port)

    def _lists_topics(self, port: int) -> bool:
        settings = client_settings(f"127.0.0.1:{port}", self.admin) | {"log_level": 0}
        try:
            return bool(AdminClient(settings).list_topics(timeout=2).brokers)
        except KafkaException:
            return False


def broker_name(node: int) -> str:
    """The program of a node."""
    return "kafka" if node == 1 else f"kafka-{node}"


async def fetch_jars() -> Path:
    """The broker's jars, from a cache that all clones of this user share."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ekis"
    jars = caches / f"kafka-{hashlib.sha256(_POM.read_bytes()).hexdigest()[:12]}"
    if not jars.exists():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as folder:
            fetched = Path(folder) / "jars"
            maven = ["mvn", "--quiet", "--batch-mode", "--file", str(_POM)]
            try:
                await run([*maven, "dependency:copy-dependencies", f"-DoutputDirectory={fetched}"])
            except StartError as error:
                raise StartError(f"{error}\n{_NO_BROKER}") from None
            with suppress(OSError):  # another run was faster
                fetched.rename(jars)
    return jars


@asynccontextmanager
async def temporary_kafka() -> AsyncIterator[Kafka]:
    """A broker of its own for a test session, with the topics made, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ekis-kafka-") as folder:
        ports = free_ports({"broker": 0, "controller": 0})
        passwords = {user: secrets.token_hex(16) for user in USERS}
        kafka = Kafka(Path(folder), [(ports["broker"], ports["controller"])], passwords)
        async with Supervisor() as supervisor:
            (broker,) = await kafka.prepare(Path(folder))
            await supervisor.start(broker)
            await ensure_topics(kafka.address, kafka.admin)
            yield kafka
