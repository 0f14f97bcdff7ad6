"""A subscriber written from the AsyncAPI document alone: of EKIS and its code it knows nothing else."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from confluent_kafka import Consumer, KafkaError, Message, TopicPartition
from jsonschema import Draft7Validator, FormatChecker

Document = dict[str, Any]
Place = tuple[str, int]


@dataclass
class Channel:
    """What the document says of one topic."""

    is_state: bool
    key_field: str
    key: Draft7Validator
    headers: Draft7Validator
    payload: Draft7Validator


@dataclass
class Reader:
    """Reads every topic that is open to `reader`: what is compacted from its beginning, events from now on."""

    document: Document
    host: str
    login: tuple[str, str]
    reader: str = "city-system"
    states: dict[str, dict[str, tuple[str, Document]]] = field(default_factory=dict)  # topic: key: sequence, payload
    heard: dict[str, int] = field(default_factory=dict)
    reached: dict[Place, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        told = self.document["channels"].values()
        self.channels = {one["address"]: self._channel(one) for one in told if self.reader in one["x-readers"]}
        self.states = {address: {} for address, channel in self.channels.items() if channel.is_state}

    def _channel(self, channel: Document) -> Channel:
        (message,) = [self._at(self._at(one)) for one in channel["messages"].values()]
        key = message["bindings"]["kafka"]["key"]
        return Channel(
            channel["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == ["compact"],
            key["description"],
            *(_validator(one) for one in (key, message["headers"], self._at(message["payload"]))),
        )

    def _at(self, value: Document) -> Document:
        """What it refers to, if it refers to anything."""
        found: Any = self.document
        for step in value["$ref"].removeprefix("#/").split("/") if "$ref" in value else ():
            found = found[step]
        return value if found is self.document else found

    @contextmanager
    def following(self) -> Iterator[None]:
        """Reads beside the body, in a thread."""
        over, begun = threading.Event(), threading.Event()
        thread = threading.Thread(target=self._read, args=(over, begun))
        thread.start()
        try:
            assert begun.wait(30)
            yield
        finally:
            over.set()
            thread.join()

    def _read(self, over: threading.Event, begun: threading.Event) -> None:
        with closing(Consumer(self._settings())) as client:
            listed = client.list_topics(timeout=30).topics
            places = [(address, one) for address in self.channels for one in listed[address].partitions]
            begin = {place: self._begin(client, place) for place in places}
            client.assign([TopicPartition(*place, position) for place, position in begin.items()])
            begun.set()
            while not over.is_set():
                for message in client.consume(500, timeout=0.1):
                    self._settle(message)

    def _settings(self) -> dict[str, Any]:
        (scheme,) = [self._at(one)["type"] for one in self.document["servers"]["kafka"]["security"]]
        assert scheme == "scramSha512"
        return {
            "bootstrap.servers": self.host,
            "security.protocol": "SASL_PLAINTEXT",  # the document says kafka-secure; the tests' broker has no TLS
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": self.login[0],
            "sasl.password": self.login[1],
            "group.id": f"{self.login[0]}.reader",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "log_level": 0,
        }

    def _begin(self, client: Consumer, place: Place) -> int:
        low, high = client.get_watermark_offsets(TopicPartition(*place), timeout=30)
        return low if self.channels[place[0]].is_state else high

    def _settle(self, message: Message) -> None:
        error, address, position = message.error(), str(message.topic()), message.offset() or 0
        place = address, message.partition() or 0
        if error is None:
            pairs: Any = message.headers()
            headers = {name: value.decode() for name, value in pairs}
            why = self._fault(self.channels[address], headers, message)
            self.wrong += [f"{place} {position}: {why}"] if why else []
            self.heard[address] = self.heard.get(address, 0) + 1
            self._keep(address, headers, message)
            self.reached[place] = position + 1
        elif error.code() == KafkaError._PARTITION_EOF:
            self.reached[place] = max(position, self.reached.get(place, 0))
        else:
            self.wrong.append(f"{place}: {error.name()}")

    def _fault(self, channel: Channel, headers: Mapping[str, str], message: Message) -> str | None:
        key, payload = (message.key() or b"").decode(), json.loads(message.value() or b"null")
        checks = (channel.headers, headers), (channel.key, key), (channel.payload, payload)
        faults = [error.message for validator, value in checks for error in validator.iter_errors(value)]
        if not headers["ce_subject"] == key == payload[channel.key_field]:
            faults.append("the key is not what it is about")
        pairs: Any = dict(message.headers() or [])
        event = from_binary_event(KafkaMessage(pairs, message.key(), message.value() or b""))
        if (event.get_id(), event.get_type(), event.get_data()) != (headers["ce_id"], headers["ce_type"], payload):
            faults.append("the SDK of CloudEvents reads something else")
        return "; ".join(faults) or None

    def _keep(self, address: str, headers: Mapping[str, str], message: Message) -> None:
        """A newer state of something; the sequence is zero padded, so that the order of texts is its own."""
        if address in self.states:
            known, key = self.states[address], (message.key() or b"").decode()
            if key not in known or known[key][0] < headers["ce_sequence"]:
                known[key] = headers["ce_sequence"], json.loads(message.value() or b"null")


def _validator(schema: Document) -> Draft7Validator:
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema, format_checker=FormatChecker())
