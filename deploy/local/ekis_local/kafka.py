"""Apache Kafka, the version deploy/kafka/pom.xml pins: one KRaft node, SCRAM and ACLs on, loopback only."""

import asyncio
import hashlib
import os
import secrets
import shutil
import tempfile
import uuid
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

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
node.id=1
log.dirs={data}
listeners=CLIENTS://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=CLIENTS://127.0.0.1:{port}
listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller_port}

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
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
"""


class Kafka:
    """One broker with its data under `home`; `passwords`, one for each of USERS, are fixed when it is formatted."""

    def __init__(self, home: Path, port: int, controller_port: int, passwords: Mapping[str, str]) -> None:
        self.home = home
        self.address = f"127.0.0.1:{port}"
        self.passwords = passwords
        self.admin = ("admin", passwords["admin"])
        self._port, self._controller_port = port, controller_port

    async def prepare(self, log: Path) -> Program:
        """Fetch the broker and format its storage, unless that was done, and tell how to run it."""
        java = [*JAVA, "-cp", f"{await fetch_jars()}/*"]
        data, properties = self.home / "data", self.home / "server.properties"
        self.home.mkdir(parents=True, exist_ok=True)
        properties.touch(mode=0o600)
        ports = {"port": self._port, "controller_port": self._controller_port}
        properties.write_text(_SERVER_PROPERTIES.format(data=data, password=self.admin[1], **ports))
        formatted = self.home / "formatted"
        if not formatted.exists():
            shutil.rmtree(data, ignore_errors=True)
            await self._format(java, properties)
            formatted.touch()
        return Program("kafka", [*java, "-Xmx512m", "kafka.Kafka", str(properties)], log, self._answers)

    async def _format(self, java: Sequence[str], properties: Path) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        scram = [f"SCRAM-SHA-512=[name={user},password={password}]" for user, password in self.passwords.items()]
        users = [option for credential in scram for option in ("--add-scram", credential)]
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "--config", str(properties)]
        await run([*java, *tool, *users])

    async def _answers(self) -> bool:
        return await tcp_ready(self._port)() and await asyncio.to_thread(self._lists_topics)

    def _lists_topics(self) -> bool:
        settings = client_settings(self.address, self.admin) | {"log_level": 0}
        try:
            return bool(AdminClient(settings).list_topics(timeout=2).brokers)
        except KafkaException:
            return False


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
        kafka = Kafka(Path(folder), ports["broker"], ports["controller"], passwords)
        async with Supervisor() as supervisor:
            await supervisor.start(await kafka.prepare(Path(folder) / "kafka.log"))
            await ensure_topics(kafka.address, kafka.admin)
            yield kafka
