"""A principal for each city system: it reads topics that are open to city systems, and does nothing else."""

import re
import secrets
from collections.abc import Iterable

from confluent_kafka.admin import (
    AdminClient,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from ekis_kafka.broker import PATIENCE, settle, until
from ekis_kafka.drift import Refused, give, rules_of
from ekis_kafka.files import CITY, CITY_SYSTEM, Wanted, system_rules

_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}[a-z0-9]")
_ITERATIONS = 8192


def add(client: AdminClient, wanted: Wanted, name: str, topics: Iterable[str] | None = None) -> tuple[str, str]:
    """A principal that may read these topics, or all that are open. Returns it and its password, kept nowhere.

    Raises Refused for a name that is none or taken, and for topics that are unknown or carry sealed parts.
    """
    user = _user(name)
    asked = frozenset(topics or wanted.open)
    _require_open(asked, wanted)
    if user in _passwords(client):
        raise Refused(f"{user} exists. For another password or other topics remove it, then add it again.")
    password = secrets.token_urlsafe(32)
    give(client, system_rules(user, asked))
    how = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, _ITERATIONS)
    _alter(client, UserScramCredentialUpsertion(user, how, password.encode()))
    until(lambda: user in _passwords(client))
    return user, password


def remove(client: AdminClient, name: str) -> str:
    """It cannot connect any more, and what is connected may do nothing. Returns the principal. Raises Refused."""
    user = _user(name)
    if user not in _passwords(client):
        raise Refused(f"{user} does not exist.")
    _alter(client, UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512))
    until(lambda: user not in _passwords(client))
    settle(client.delete_acls([rules_of(f"User:{user}")], request_timeout=PATIENCE).values())
    return user


def listed(client: AdminClient) -> dict[str, list[str]]:
    """Every city system's principal with the topics that it may read."""
    systems = {}
    for user in sorted(_passwords(client)):
        (rules,) = settle([client.describe_acls(rules_of(f"User:{user}"), request_timeout=PATIENCE)])
        systems[user] = sorted(rule.name for rule in rules if rule.restype is ResourceType.TOPIC)
    return systems


def _user(name: str) -> str:
    user = f"{CITY}{name}"
    if not _NAME.fullmatch(name) or user == CITY_SYSTEM:
        raise Refused(f"{name!r} is no name: 3 to 32 of a-z, 0-9 and -, beginning with a letter; not `system`.")
    return user


def _require_open(topics: frozenset[str], wanted: Wanted) -> None:
    unknown = sorted(topics - wanted.topics.keys())
    if unknown:
        raise Refused(f"There is no topic {', '.join(unknown)}. Open are: {', '.join(sorted(wanted.open))}.")
    closed = sorted(topics - wanted.open)
    if closed:
        raise Refused(f"Not open to city systems, for they carry parts sealed to a service: {', '.join(closed)}.")


def _passwords(client: AdminClient) -> set[str]:
    """The principals of city systems that have a password."""
    answer = client.describe_user_scram_credentials(request_timeout=PATIENCE)
    return {user for user in answer.result() if user.startswith(CITY) and user != CITY_SYSTEM}  # type: ignore[union-attr]


def _alter(client: AdminClient, change: UserScramCredentialUpsertion | UserScramCredentialDeletion) -> None:
    settle(client.alter_user_scram_credentials([change], request_timeout=PATIENCE).values())
