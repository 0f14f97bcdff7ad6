"""What a webhook may be told, how it is signed, what follows from an answer, and which addresses are outside."""

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from ekis_contracts import Envelope, catalogue
from ekis_contracts.fault import Fault
from hypothesis import given
from hypothesis import strategies as st
from notify.webhooks.domain import (
    OFFERED,
    PATIENCE,
    Answer,
    Greeting,
    body_of,
    greet,
    is_outside,
    is_within,
    judge,
    require_target,
    seconds_of,
    secret_of,
    signed,
    written,
)
from notify.webhooks.domain import test_body as body_for_a_test
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
WEBHOOK = UUID(int=1)
EVENT = UUID(int=2)


def has_seals(properties: dict[str, dict[str, object]]) -> bool:
    return "jwe" in json.dumps(properties)


def test_only_events_without_seals_are_offered() -> None:
    assert [event.type for event in OFFERED if has_seals(event.model_json_schema())] == []
    clear = {event.type for event in catalogue().values() if not has_seals(event.model_json_schema())}
    kept = clear - {event.type for event in OFFERED}
    assert {name.split(".")[1] for name in kept} == {
        "accounts",
        "schools",
        "notice-addressed",
        "notification-sent",
        "notification-failed",
        "personal-data-erased",
    }


@given(st.binary(min_size=1, max_size=300))
def test_the_signature_is_that_of_standard_webhooks(key: bytes) -> None:
    now = datetime.now(UTC)
    secret, body = secret_of(key, WEBHOOK, 1), body_for_a_test(EVENT, WEBHOOK, now)
    headers = signed([secret_of(key, WEBHOOK, 2), secret], EVENT, body, now)
    assert Webhook(written(secret)).verify(body, headers)["id"] == str(EVENT)
    for wrong in (body + b" ", body.replace(b"test", b"best")):
        with pytest.raises(WebhookVerificationError):
            Webhook(written(secret)).verify(wrong, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(written(secret_of(key, UUID(int=3), 1))).verify(body, headers)


def test_the_body_is_the_event_as_the_sdk_of_cloudevents_reads_it() -> None:
    school = {"school_id": str(EVENT), "short_name": "Школа № 7"}
    data = json.dumps(school).encode()
    envelope = Envelope(EVENT, "ekis.school-registered.v1", "/registry-svc", str(EVENT), NOW, 7, data, "story")
    event = JSONFormat().read(CloudEvent, body_of(envelope, "school-registered", "https://ekis.test/schemas"))
    assert (event.get_id(), event.get_type(), event.get_subject()) == (str(EVENT), envelope.type, str(EVENT))
    assert event.get_dataschema() == "https://ekis.test/schemas/ekis.school-registered.v1.json"
    assert event.get_extension("sequence") == "000000000007"
    assert event.get_data() == school


@pytest.mark.parametrize(
    ("answer", "attempts", "age", "kind", "pause"),
    [
        (Answer(1, 200), 1, 0, "delivered", 0),
        (Answer(1, 204), 9, 23, "delivered", 0),
        (Answer(1, 410), 1, 0, "gone", 0),
        (Answer(1, 301), 1, 0, "retry", 5),
        (Answer(1, 400), 2, 0, "retry", 10),
        (Answer(1, 500), 30, 1, "retry", 3600),
        (Answer(1, code="timeout"), 1, 0, "retry", 5),
        (Answer(1, 503, retry_after=120), 1, 0, "retry", 120),
        (Answer(1, 429, retry_after=10**9), 1, 0, "retry", 86400),
        (Answer(1, 500, retry_after=120), 1, 0, "retry", 5),
        (Answer(1, 500), 30, 24, "failed", 0),
    ],
)
def test_what_follows_from_an_answer(answer: Answer, attempts: int, age: int, kind: str, pause: int) -> None:
    verdict = judge(answer, attempts, NOW - timedelta(hours=age), NOW, 1.0)
    assert (verdict.kind, verdict.pause) == (kind, timedelta(seconds=pause))


@given(st.integers(1, 10**6), st.floats(0, 1, exclude_max=True))
def test_attempts_are_spread_and_never_rarer_than_hourly(attempts: int, luck: float) -> None:
    pause = judge(Answer(1, 500), attempts, NOW, NOW, luck).pause
    assert timedelta(seconds=2.5) <= pause <= timedelta(hours=1) < PATIENCE


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (200, {"webhook-allowed-origin": "*"}, Greeting()),
        (204, {"webhook-allowed-origin": "EKIS.test", "webhook-allowed-rate": "*"}, Greeting()),
        (200, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "120"}, Greeting(rate=120)),
        (200, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "0"}, Greeting("handshake-rate")),
        (200, {"webhook-allowed-origin": "*", "webhook-allowed-rate": "-1"}, Greeting("handshake-rate")),
        (200, {"webhook-allowed-origin": "other.test"}, Greeting("handshake-origin")),
        (200, {}, Greeting("handshake-origin")),
        (405, {"webhook-allowed-origin": "*"}, Greeting("handshake-status")),
        (302, {"webhook-allowed-origin": "*"}, Greeting("handshake-status")),
    ],
)
def test_what_a_receiver_allows(status: int, headers: dict[str, str], said: Greeting) -> None:
    assert greet(status, headers, "ekis.test") == said


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), ("Tue, 01 Sep 2026 08:01:00 GMT", 60), ("Tue, 01 Sep 2026 07:00:00 GMT", 0), ("soon", None)],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert seconds_of(text, NOW) == seconds


@given(st.text())
def test_a_strange_retry_after_is_none(text: str) -> None:
    assert (seconds_of(text, NOW) or 0) >= 0


INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2001:0:7f00:1::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_our_own_are_not_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2a00:1450:4010::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses_are_outside(address: str) -> None:
    assert is_outside(address)


def test_a_network_allows_its_own_addresses_alone() -> None:
    networks = [ip_network("127.0.0.0/8")]
    assert is_within("127.0.0.1", networks)
    assert not is_within("10.0.0.1", networks)
    assert not is_within("::1", networks)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "https://",
        "https://user:pw@a.example/",
        "https://a.example/#part",
        "https://a.example:99999/",
        "https://a.example:0/",
        "https://[::1/",
        "https://школа.example/",
        "https://a.example/ b",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_of_a_receiver(url: str) -> None:
    with pytest.raises(Fault):
        require_target(url)
