"""The base of every event, the catalogue of all of them, and typed decoding."""

from functools import cache
from typing import Any, ClassVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from ekis_contracts.envelope import Envelope, Record, Undecodable, read
from ekis_contracts.sealing import Place, Sealed

_CATALOGUE: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """A fact that has happened. The topic is its name; the key is the id of the aggregate it is about.

    Producers are strict (an undeclared field is a bug), consumers tolerant (a new field is ignored). An event that
    `revokes` carries `account_id`, `session_epoch` and perhaps `sids`: tokens older than that are dead everywhere. One
    that is `compacted` repeats the whole public block of its aggregate; the newest record of a key is all one needs.
    `since` is the version of this package that had it first. The docstring says what has happened, then «Said when».
    A second `major` has a topic of its own, so that who reads the first never meets it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    topic: ClassVar[str]
    key: ClassVar[str]
    producers: ClassVar[tuple[str, ...]]
    type: ClassVar[str]
    revokes: ClassVar[bool]
    compacted: ClassVar[bool]
    since: ClassVar[str]

    def __init_subclass__(
        cls,
        *,
        topic: str = "",
        producer: str = "",
        key: str = "",
        major: int = 1,
        revokes: bool = False,
        compacted: bool = False,
        since: str = "0.1.0",
    ) -> None:
        super().__init_subclass__()
        if not topic:
            return
        cls.topic, cls.key, cls.producers = topic if major == 1 else f"{topic}-v{major}", key, tuple(producer.split())
        cls.type = f"ekis.{topic}.v{major}"
        cls.revokes, cls.compacted, cls.since = revokes, compacted, since
        _CATALOGUE[cls.type] = cls

    @property
    def aggregate_id(self) -> str:
        """The aggregate's id, which keys the record."""
        return str(getattr(self, self.key))

    def seals(self) -> list[Sealed[Any]]:
        """The sealed parts that this event carries."""
        return [value for name in _sealed_fields(type(self)) if (value := getattr(self, name)) is not None]


@cache
def _sealed_fields(model: type[Event]) -> tuple[str, ...]:
    """Looked up once: most events carry none, and every one that is read is asked."""
    return tuple(name for name, field in model.model_fields.items() if _is_sealed(field.annotation))


def _is_sealed(annotation: Any) -> bool:
    kinds = (get_origin(one) or one for one in (annotation, *get_args(annotation)))
    return any(isinstance(kind, type) and issubclass(kind, Sealed) for kind in kinds)


@cache
def catalogue() -> dict[str, type[Event]]:
    """Every event of the published language by its CloudEvents type."""
    import ekis_contracts.cabinet  # noqa: PLC0415 - the producers' modules import this one
    import ekis_contracts.identity  # noqa: PLC0415
    import ekis_contracts.notify  # noqa: PLC0415
    import ekis_contracts.registry  # noqa: F401, PLC0415

    return _CATALOGUE


def read_event(record: Record) -> tuple[Envelope, Event]:
    """What stands in a topic, for whoever reacts to it.

    Raises Undecodable with a code: `no-cloudevent`, `foreign-key` (not the id of what it is about), `foreign-topic`, or
    what `decode` says.
    """
    envelope = read(record)
    event = decode(envelope)
    if record.key != envelope.subject.encode():
        raise Undecodable("foreign-key")
    if record.topic != event.topic:
        raise Undecodable("foreign-topic")
    return envelope, event


def decode(envelope: Envelope) -> Event:
    """The typed event of an envelope, its seals still closed.

    Raises Undecodable with a code: `unknown-type` (or major version), `foreign-source` (that may not say this),
    `invalid-data`, `foreign-subject` (the data are about something else).
    """
    model = catalogue().get(envelope.type)
    if model is None:
        raise Undecodable("unknown-type")
    if envelope.source.removeprefix("/").removesuffix("-svc") not in model.producers:
        raise Undecodable("foreign-source")
    try:
        event = model.model_validate_json(envelope.data, extra="ignore")
    except (ValidationError, RecursionError) as error:
        raise Undecodable("invalid-data") from error
    if event.aggregate_id != envelope.subject:
        raise Undecodable("foreign-subject")
    for seal in event.seals():
        seal.place = Place(envelope.id, envelope.subject)
    return event
