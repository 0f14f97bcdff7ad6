"""What deploy/kafka/{topics,acls}.yaml ask for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

FOLDER = Path(__file__).parents[1]
CITY = "city-"  # begins the principal of every city system
CITY_SYSTEM = "city-system"  # stands in acls.yaml for all of them


@dataclass(frozen=True, slots=True)
class Wanted:
    """Topics with their settings, `partitions` each, and who may do what."""

    partitions: int
    topics: Mapping[str, Mapping[str, str]]
    rules: frozenset[AclBinding]
    open: frozenset[str]  # to city systems: nothing in them is sealed

    @property
    def settings(self) -> frozenset[str]:
        """The settings that the files decide, for every topic."""
        return frozenset(name for settings in self.topics.values() for name in settings)

    @property
    def principals(self) -> frozenset[str]:
        """Whose rules are all in the files."""
        return frozenset(rule.principal for rule in self.rules)


def wanted(folder: Path = FOLDER) -> Wanted:
    """Read both files."""
    listed = yaml.safe_load((folder / "topics.yaml").read_text())
    rights = yaml.safe_load((folder / "acls.yaml").read_text())
    kinds = {kind: {name: str(value) for name, value in settings.items()} for kind, settings in listed["kinds"].items()}
    return Wanted(
        listed["partitions"],
        {topic: kinds[kind] for topic, kind in listed["topics"].items()},
        frozenset(_rules(rights)),
        frozenset(topic for topic, right in rights.items() if CITY_SYSTEM in right["read"]),
    )


def _rules(rights: Mapping[str, Mapping[str, list[str]]]) -> Iterator[AclBinding]:
    for topic, right in rights.items():
        for user in right["write"]:
            yield allow(ResourceType.TOPIC, topic, user, AclOperation.WRITE)
            yield allow(ResourceType.TRANSACTIONAL_ID, user, user, AclOperation.WRITE)
        for user in right["read"]:
            yield allow(ResourceType.TOPIC, topic, user, AclOperation.READ)
            yield allow(ResourceType.GROUP, user, user, AclOperation.READ)


def system_rules(user: str, topics: Iterable[str]) -> frozenset[AclBinding]:
    """What a city system may do: read these topics, by itself or in groups whose names begin with its own and a dot."""
    group = allow(ResourceType.GROUP, f"{user}.", user, AclOperation.READ)
    return frozenset({group, *(allow(ResourceType.TOPIC, topic, user, AclOperation.READ) for topic in topics)})


def allow(kind: ResourceType, name: str, user: str, operation: AclOperation) -> AclBinding:
    """The rule: topics by their names, groups and transactional ids by how they begin."""
    pattern = ResourcePatternType.LITERAL if kind is ResourceType.TOPIC else ResourcePatternType.PREFIXED
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)
