"""Where a broker differs from the files, and how it is mended. No topic is ever deleted, and no partition added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    ResourcePatternType,
    ResourceType,
)
from confluent_kafka.cimpl import NewTopic

from ekis_kafka.broker import PATIENCE, settle, until
from ekis_kafka.files import CITY, CITY_SYSTEM, Wanted, system_rules

_KEYED = (
    "{topic} has {there} partitions, the file says {wanted}. The partitions of a topic with keys are never changed: "
    "keys would move to other partitions, and the events of one school or account would lose their order. Put {there} "
    "back into the file; or make a new topic beside the old one and let its producer write both until all have moved."
)

Settings = Mapping[str, str]


class Refused(Exception):
    """What is asked for is not done, and why."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What is missing, otherwise, or too much. A setting of None goes back to the broker's default."""

    topics: Mapping[str, Settings]
    settings: Mapping[str, Mapping[str, str | None]]
    partitions: Mapping[str, int]
    rules: frozenset[AclBinding]
    foreign: frozenset[AclBinding]
    wanted: Wanted

    def lines(self) -> list[str]:
        """One for each difference: `+` is to be made, `~` changed, `-` taken away, `!` refused."""
        made = [f"+ topic {topic} {_spelled(settings)}" for topic, settings in self.topics.items()]
        changed = [f"~ topic {topic} {_spelled(settings)}" for topic, settings in self.settings.items()]
        given = sorted(f"+ {_told(rule)}" for rule in self.rules)
        taken = sorted(f"- {_told(rule)}" for rule in self.foreign)
        return [*made, *changed, *given, *taken, *(f"! {line}" for line in self.refusals())]

    def refusals(self) -> list[str]:
        """What cannot be mended, why, and what to do instead."""
        wanted = self.wanted.partitions
        return [_KEYED.format(topic=topic, there=there, wanted=wanted) for topic, there in self.partitions.items()]


def drift(client: AdminClient, wanted: Wanted) -> Drift:
    """Compare the broker with the files."""
    topics = client.list_topics(timeout=PATIENCE).topics
    there = {name: len(topics[name].partitions) for name in wanted.topics if name in topics}
    bindings = frozenset(settle([client.describe_acls(rules_of(), request_timeout=PATIENCE)])[0])
    return Drift(
        topics={name: settings for name, settings in wanted.topics.items() if name not in there},
        settings=_other_settings(client, wanted, list(there)),
        partitions={name: count for name, count in there.items() if count != wanted.partitions},
        rules=wanted.rules - bindings,
        foreign=frozenset(rule for rule in bindings - wanted.rules if _is_foreign(rule, wanted)),
        wanted=wanted,
    )


def apply(client: AdminClient, wanted: Wanted) -> Drift:
    """Mend what differs; returns what that was, once the broker says that nothing does any more. Raises Refused."""
    found = drift(client, wanted)
    if found.partitions:
        raise Refused("\n".join(found.refusals()))
    make_topics(client, wanted)
    _set(client, found.settings)
    take(client, found.foreign)
    give(client, found.rules)
    until(lambda: not drift(client, wanted).lines())
    return found


def make_topics(client: AdminClient, wanted: Wanted) -> None:
    """Those that are missing, replicated as the broker's default says."""
    new = [NewTopic(topic, wanted.partitions, -1, config=dict(settings)) for topic, settings in wanted.topics.items()]
    made = client.create_topics(new, operation_timeout=PATIENCE, request_timeout=PATIENCE)
    settle(made.values(), but=KafkaError.TOPIC_ALREADY_EXISTS)


def rules_of(principal: str | None = None) -> AclBindingFilter:
    """All rules, or those of one principal."""
    anything: Any = (
        ResourceType.ANY,
        None,
        ResourcePatternType.ANY,
        principal,
        None,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    return AclBindingFilter(*anything)


def give(client: AdminClient, rules: frozenset[AclBinding]) -> None:
    """Let these rules hold."""
    if rules:
        settle(client.create_acls(list(rules), request_timeout=PATIENCE).values())


def take(client: AdminClient, rules: frozenset[AclBinding]) -> None:
    """Let these rules hold no longer."""
    if rules:
        settle(client.delete_acls([_filter(rule) for rule in rules], request_timeout=PATIENCE).values())


def _other_settings(client: AdminClient, wanted: Wanted, there: list[str]) -> dict[str, dict[str, str | None]]:
    """Of what the files decide; whatever else a platform sets on a topic is its own."""
    resources = [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in there]
    answers = client.describe_configs(resources, request_timeout=PATIENCE) if resources else {}
    other: dict[str, dict[str, str | None]] = {}
    for resource, answer in answers.items():
        own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
        found = {name: one.value for name, one in answer.result().items() if one.source == own}
        asked = wanted.topics[resource.name]
        differing = {n: asked.get(n) for n in sorted(wanted.settings) if asked.get(n) != found.get(n)}
        if differing:
            other[resource.name] = differing
    return other


def _set(client: AdminClient, settings: Mapping[str, Mapping[str, str | None]]) -> None:
    resources = []
    for topic, changes in settings.items():
        entries = [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET if value else AlterConfigOpType.DELETE)
            for name, value in changes.items()
        ]
        resources.append(ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=entries))
    if resources:
        settle(client.incremental_alter_configs(resources, request_timeout=PATIENCE).values())


def _is_foreign(rule: AclBinding, wanted: Wanted) -> bool:
    """Ours to take away. Which of the open topics a city system reads is nobody's drift."""
    user = rule.principal.removeprefix("User:")
    is_system = user.startswith(CITY) and user != CITY_SYSTEM
    return _is_ours(rule, wanted) and not (is_system and rule in system_rules(user, wanted.open))


def _is_ours(rule: AclBinding, wanted: Wanted) -> bool:
    """Of one of our principals, or about one of our topics, also by a pattern that reaches it."""
    if rule.principal in wanted.principals or rule.principal.startswith(f"User:{CITY}"):
        return True
    if rule.restype is not ResourceType.TOPIC:
        return False
    if rule.resource_pattern_type is ResourcePatternType.PREFIXED:
        return any(topic.startswith(rule.name) for topic in wanted.topics)
    return rule.name == "*" or rule.name in wanted.topics


def _filter(rule: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        rule.restype,
        rule.name,
        rule.resource_pattern_type,
        rule.principal,
        rule.host,
        rule.operation,
        rule.permission_type,
    )


def _spelled(settings: Mapping[str, str | None]) -> str:
    return " ".join(f"{name}={'(default)' if value is None else value}" for name, value in settings.items())


def _told(rule: Any) -> str:
    star = "*" if rule.resource_pattern_type is ResourcePatternType.PREFIXED else ""
    deed = f"{rule.permission_type.name} {rule.principal} {rule.operation.name}".lower()
    return f"{deed} {rule.restype.name.lower().replace('_', ' ')} {rule.name}{star}"
