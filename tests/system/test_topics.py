"""Topics and access rules as files: each kind of drift is found and mended, and what must not be is refused."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
)
from ekis_kafka.broker import admin_of, client_settings, settle
from ekis_kafka.drift import Refused, apply, drift, give, rules_of, take
from ekis_kafka.files import FOLDER, allow, wanted
from ekis_local.kafka import Kafka

STRANGER = AclBinding(
    ResourceType.TOPIC,
    "account-",
    ResourcePatternType.PREFIXED,
    "User:stranger",
    "*",
    AclOperation.READ,
    AclPermissionType.ALLOW,
)
ELSEWHERE = allow(ResourceType.TOPIC, "canteen-orders", "canteen", AclOperation.READ)


@pytest.fixture
def admin(kafka: Kafka) -> Iterator[AdminClient]:
    client = admin_of(client_settings(kafka.address, kafka.admin))
    yield client
    take(client, frozenset({STRANGER, ELSEWHERE}))
    apply(client, wanted())


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy that a test may alter."""
    for name in ("topics.yaml", "acls.yaml"):
        (tmp_path / name).write_text((FOLDER / name).read_text())
    return tmp_path


def alter(path: Path, **changes: object) -> None:
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | changes))


def mended(client: AdminClient, folder: Path = FOLDER) -> list[str]:
    """What was different; afterwards nothing is."""
    lines = apply(client, wanted(folder)).lines()
    assert drift(client, wanted(folder)).lines() == []
    assert apply(client, wanted(folder)).lines() == [], "a second time changes nothing"
    return lines


def test_the_broker_is_what_the_files_say(admin: AdminClient) -> None:
    assert drift(admin, wanted()).lines() == []


def test_a_missing_topic_is_made(admin: AdminClient, files: Path) -> None:
    topics = yaml.safe_load((files / "topics.yaml").read_text())["topics"]
    alter(files / "topics.yaml", topics=topics | {"school-visited": "clear"})
    alter(files / "acls.yaml", **{"school-visited": {"write": ["registry-svc"], "read": ["city-system"]}})
    assert mended(admin, files) == [
        "+ topic school-visited retention.ms=7776000000",
        "+ allow user:city-system read topic school-visited",
        "+ allow user:registry-svc write topic school-visited",
    ]
    described = admin.list_topics(timeout=30).topics["school-visited"]
    assert len(described.partitions) == 3
    mended(admin)
    assert "school-visited" in admin.list_topics(timeout=30).topics, "no topic is ever deleted"


def test_settings_go_back_to_what_the_files_say_and_others_are_left_alone(admin: AdminClient) -> None:
    changes = {"retention.ms": "1000", "cleanup.policy": "compact", "max.message.bytes": "900000"}
    entries = [ConfigEntry(n, v, incremental_operation=AlterConfigOpType.SET) for n, v in changes.items()]
    resource = ConfigResource(ConfigResource.Type.TOPIC, "account-created", incremental_configs=entries)
    settle(admin.incremental_alter_configs([resource]).values())
    assert mended(admin) == ["~ topic account-created cleanup.policy=(default) retention.ms=1209600000"]
    (found,) = settle(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, "account-created")]).values())
    assert (found["cleanup.policy"].value, found["max.message.bytes"].value) == ("delete", "900000")


def test_rules_are_given_and_taken(admin: AdminClient) -> None:
    lost = allow(ResourceType.TOPIC, "schools", "registry-svc", AclOperation.WRITE)
    own = allow(ResourceType.TOPIC, "account-created", "city-dnevnik", AclOperation.READ)
    take(admin, frozenset({lost}))
    give(admin, frozenset({STRANGER, ELSEWHERE, own}))
    assert mended(admin) == [
        "+ allow user:registry-svc write topic schools",
        "- allow user:city-dnevnik read topic account-created",
        "- allow user:stranger read topic account-*",
    ]
    left = settle([admin.describe_acls(rules_of(ELSEWHERE.principal))])[0]
    assert left == [ELSEWHERE], "what is not about EKIS is not ours"


@pytest.mark.parametrize("partitions", [2, 6])
def test_partitions_of_keyed_topics_are_never_changed(admin: AdminClient, files: Path, partitions: int) -> None:
    alter(files / "topics.yaml", partitions=partitions)
    take(admin, frozenset({allow(ResourceType.TOPIC, "schools", "registry-svc", AclOperation.WRITE)}))
    with pytest.raises(Refused, match=f"schools has 3 partitions, the file says {partitions}.*order.*new topic"):
        apply(admin, wanted(files))
    assert "+ allow user:registry-svc write topic schools" in drift(admin, wanted(files)).lines(), "nothing was mended"
    assert len(admin.list_topics(timeout=30).topics["schools"].partitions) == 3


def test_the_command_tells_by_its_exit_code(kafka: Kafka, admin: AdminClient, files: Path) -> None:
    def command(*args: str) -> tuple[int, str]:
        user, password = kafka.admin
        env = os.environ | {"EKIS_KAFKA": kafka.address, "EKIS_KAFKA_USER": user, "EKIS_KAFKA_PASSWORD": password}
        argv = [sys.executable, "-m", "ekis_kafka", "--files", str(files), *args]
        ended = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    assert command("diff") == (0, "")
    give(admin, frozenset({STRANGER}))
    line = "- allow user:stranger read topic account-*\n"
    assert command("diff") == (1, line)
    assert command("apply") == (0, line)
    assert command("apply") == (0, "")
    alter(files / "topics.yaml", partitions=6)
    code, said = command("apply")
    assert code == 1
    assert "order" in said
    assert command("system", "add", "Дневник")[0] == 1
