"""The CloudEvents 1.0 envelope on Kafka: binary mode out, binary and structured in.

Source: CloudEvents 1.0.2, Kafka protocol binding. The mode is decided by the content-type alone.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Headers = list[tuple[str, bytes]]

STRUCTURED = "application/cloudevents+json"
SEQUENCE_DIGITS = 12  # zero padded, so that text order is number order


class Undecodable(Exception):
    """The bytes are not an event that this version of the language can read: a dead letter at once."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a topic holds: the bytes exactly as they were, and where they stood."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who says what, about whom, and because of what.

    `id` names the event and never orders it; `sequence` counts the changes of (`source`, `subject`).
    """

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    data: bytes
    correlation: str
    causation: str | None = None
    expires: datetime | None = None
    traceparent: str | None = None


def write(envelope: Envelope, topic: str, schemas: str | None = None) -> Record:
    """The envelope as a binary-mode record, keyed by its subject; `schemas` is the address that serves the schemas."""
    attributes = {
        "ce_id": str(envelope.id),
        "ce_specversion": "1.0",
        "ce_type": envelope.type,
        "ce_source": envelope.source,
        "ce_subject": envelope.subject,
        "ce_time": _timestamp(envelope.time),
        "ce_dataschema": f"{schemas}/{envelope.type}.json" if schemas else None,
        "ce_sequence": f"{envelope.sequence:0{SEQUENCE_DIGITS}d}",
        "ce_correlationid": envelope.correlation,
        "ce_causationid": envelope.causation,
        "ce_expirytime": _timestamp(envelope.expires) if envelope.expires else None,
        "traceparent": envelope.traceparent,
        "content-type": "application/json",
    }
    headers = [(name, value.encode()) for name, value in attributes.items() if value is not None]
    return Record(topic, envelope.subject.encode(), envelope.data, headers)


def read(record: Record) -> Envelope:
    """The envelope of a record in either mode. Raises Undecodable, and nothing else, whatever the bytes."""
    try:
        headers = {name.lower(): value.decode() for name, value in record.headers}
        if headers.get("content-type", "").lower().startswith(STRUCTURED):
            return _structured(record, headers)
        return _envelope(headers, record.value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise Undecodable("no-cloudevent") from error


def _structured(record: Record, headers: dict[str, str]) -> Envelope:
    body: dict[str, Any] = json.loads(record.value or b"")
    if "data_base64" in body:
        data = base64.b64decode(body["data_base64"], validate=True)
    else:
        data = json.dumps(body["data"], ensure_ascii=False).encode()
    attributes = {f"ce_{name}": value for name, value in body.items() if isinstance(value, str)}
    attributes["traceparent"] = headers.get("traceparent") or attributes.get("ce_traceparent", "")
    return _envelope(attributes, data)


def _envelope(headers: dict[str, str], data: bytes | None) -> Envelope:
    if headers["ce_specversion"] != "1.0" or data is None:
        raise ValueError
    expires = headers.get("ce_expirytime")
    return Envelope(
        id=UUID(headers["ce_id"]),
        type=headers["ce_type"],
        source=headers["ce_source"],
        subject=headers["ce_subject"],
        time=_moment(headers["ce_time"]),
        sequence=int(headers["ce_sequence"]),
        data=data,
        correlation=headers.get("ce_correlationid", headers["ce_id"]),
        causation=headers.get("ce_causationid"),
        expires=_moment(expires) if expires else None,
        traceparent=headers.get("traceparent") or None,
    )


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment
