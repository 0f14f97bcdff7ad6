"""The AsyncAPI 3 document of all events, for whoever subscribes: `python docs/asyncapi.py FILE`."""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from broker import Topic, topics
from ekis_contracts import Event, catalogue
from ekis_contracts.examples import example
from ekis_contracts.schemas import schemas

Document = dict[str, Any]

_ABOUT = """Facts that the services of EKIS tell each other and the city, as CloudEvents 1.0 in Kafka's binary mode.

- A topic holds one event; its key is the id of what the event is about. There is no order between topics.
- Everything may come twice: `ce_source` and `ce_id` together name an event.
- `ce_sequence` counts the changes of (`ce_source`, `ce_subject`): take in what is newer than what you have.
- Let in fields that you do not know, and skip events whose `ce_type` you do not know.
- Parts with `x-sealed-to` are JWEs that one service alone can open.
- `schools` and `accounts` are compacted: who has read one from its earliest record has all of them as they stand, and
  follows by reading on. Read committed records alone (`isolation.level=read_committed`).
"""
_HEADERS = {
    "ce_id": ("A UUIDv7; names the event, never orders it.", {"type": "string", "format": "uuid"}),
    "ce_specversion": ("The version of CloudEvents.", {"type": "string", "const": "1.0"}),
    "ce_subject": ("The id of what it is about; the record's key.", {"type": "string"}),
    "ce_time": ("When it has happened.", {"type": "string", "format": "date-time"}),
    "ce_dataschema": ("Where the JSON Schema of the data is.", {"type": "string", "format": "uri"}),
    "ce_sequence": ("The version of what it is about, 12 digits.", {"type": "string", "pattern": "^[0-9]{12}$"}),
    "ce_correlationid": ("The story that it belongs to.", {"type": "string"}),
    "ce_causationid": ("The event that has caused it.", {"type": "string"}),
    "ce_expirytime": ("After it the event has no effect.", {"type": "string", "format": "date-time"}),
    "traceparent": ("W3C Trace Context.", {"type": "string"}),
    "content-type": ("Of the data.", {"type": "string", "const": "application/json"}),
}
_SOMETIMES = {"ce_causationid", "ce_expirytime", "traceparent"}


def document() -> Document:
    """The whole document; it needs nothing outside of itself."""
    events, places = catalogue(), topics()
    ours = sorted(events.values(), key=lambda event: event.topic)
    return {
        "asyncapi": "3.1.0",
        "id": "urn:ekis:events",
        "info": {
            "title": "События ЕКИС",
            "version": version("ekis-contracts"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "contact": {"name": "Поддержка ЕКИС", "url": "https://ekis.example/help"},
            "tags": [{"name": name} for name in sorted({name for event in ours for name in event.producers})],
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {event.topic: _channel(event, places[event.topic]) for event in ours},
        "operations": {f"receive-{event.topic}": _operation(event) for event in ours},
        "components": {
            "messages": {event.topic: _message(event) for event in ours},
            "schemas": {kind: _draft_07(schema) for kind, schema in schemas().items()},
            "securitySchemes": {
                "scram": {"type": "scramSha512", "description": "A user and a password for each city system."}
            },
        },
    }


def _server() -> Document:
    return {
        "host": "{broker}",
        "protocol": "kafka-secure",
        "description": "Apache Kafka. The operator of EKIS tells the address and makes the user.",
        "variables": {"broker": {"description": "Host and port.", "default": "localhost:9092"}},
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
        "tags": [{"name": "sasl-scram-sha-512"}],
    }


def _channel(event: type[Event], topic: Topic) -> Document:
    config = {key: value for key, value in topic.config.items() if key == "retention.ms"}
    policy = {"cleanup.policy": ["compact" if topic.is_compacted else "delete"]}
    return {
        "address": event.topic,
        "title": event.topic,
        "summary": meaning(event),
        "messages": {event.topic: {"$ref": f"#/components/messages/{event.topic}"}},
        "servers": [{"$ref": "#/servers/kafka"}],
        "bindings": {
            "kafka": {
                "topic": event.topic,
                "partitions": topic.partitions,
                "topicConfiguration": policy | config,
                "bindingVersion": "0.5.0",
            }
        },
        "x-readers": topic.readers,
    }


def _operation(event: type[Event]) -> Document:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{event.topic}"},
        "title": event.topic,
        "summary": meaning(event),
        "messages": [{"$ref": f"#/channels/{event.topic}/messages/{event.topic}"}],
        "tags": [{"name": name} for name in event.producers],
    }


def _message(event: type[Event]) -> Document:
    data = example(event)
    return {
        "name": event.type,
        "title": event.topic,
        "summary": meaning(event),
        "description": said_when(event),
        "contentType": "application/json",
        "headers": _headers(event),
        "payload": {"$ref": f"#/components/schemas/{event.type}"},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {
            "kafka": {"key": {"type": "string", "format": "uuid", "description": event.key}, "bindingVersion": "0.5.0"}
        },
        "examples": [{"name": event.topic, "headers": _example_headers(event, data), "payload": data}],
        "x-since": event.since,
    }


def _headers(event: type[Event]) -> Document:
    fields: Document = {name: schema | {"description": text} for name, (text, schema) in _HEADERS.items()}
    fields["ce_type"] = {"type": "string", "const": event.type, "description": "The event and its version."}
    sources = [f"/{name}-svc" for name in event.producers]
    fields["ce_source"] = {"type": "string", "enum": sources, "description": "Who says it."}
    return {"type": "object", "required": sorted(fields.keys() - _SOMETIMES), "properties": fields}


def _example_headers(event: type[Event], data: Document) -> dict[str, str]:
    return {
        "ce_id": "0192f0c8-7d00-7000-8000-000000000001",
        "ce_specversion": "1.0",
        "ce_type": event.type,
        "ce_source": f"/{event.producers[0]}-svc",
        "ce_subject": str(data[event.key]),
        "ce_time": "2026-11-25T09:00:00.000000Z",
        "ce_dataschema": f"https://ekis.example/schemas/{event.type}.json",
        "ce_sequence": "000000000001",
        "ce_correlationid": "0192f0c8-7d00-7000-8000-000000000002",
        "content-type": "application/json",
    }


def _draft_07(schema: Document) -> Document:
    """As AsyncAPI's own schemas are; what we use means the same there."""
    return {key: value for key, value in schema.items() if key != "$schema"}


def meaning(event: type[Event]) -> str:
    """What has happened: the docstring up to «Said when»."""
    return " ".join((event.__doc__ or "").partition("Said ")[0].split())


def said_when(event: type[Event]) -> str:
    """The rest of it."""
    return " ".join("".join((event.__doc__ or "").partition("Said ")[1:]).split())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n")
