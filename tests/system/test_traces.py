"""One request, one trace: through HTTP, the outboxes, the broker, the reactions of three services and the mail."""

from collections.abc import AsyncIterator
from secrets import token_hex

import pytest
from chassis.settings import SERVICES
from collector import Collector, Span
from live import Live, live_stack
from story import Person, Ticket
from waiting import until

# From what the client calls to the mail with the password; each is the parent of the next
WAY = [
    ("identity", "SERVER", "POST /api/identity/account-requests"),
    ("identity", "PRODUCER", "send account-requested"),
    ("registry", "CONSUMER", "judge_request account-requested"),
    ("registry", "PRODUCER", "send account-request-verified"),
    ("identity", "CONSUMER", "issue_account account-request-verified"),
    ("identity", "PRODUCER", "send account-created"),
    ("notify", "CONSUMER", "send_credentials account-created"),
    ("notify", "CLIENT", "send mail"),
]
BESIDE = [
    ("notify", "CONSUMER", "confirm_request account-requested"),
    ("cabinet", "CONSUMER", "provision_cabinet account-created"),
    ("notify", "PRODUCER", "send notification-sent"),
    ("identity", "CONSUMER", "note_sent notification-sent"),
]


@pytest.fixture(scope="module")
async def live(collector: Collector) -> AsyncIterator[Live]:
    """A stack whose services send their spans, soon."""
    told = {"EKIS_TRACES": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_EXPORTER_OTLP_TIMEOUT": "1"}
    async with live_stack(env=dict.fromkeys(SERVICES, told)) as it:
        yield it


async def ask(live: Live, person: Person, traceparent: str) -> Ticket:
    """An employee on the roll asks for an account, as a browser that begins traces does."""
    school = await live.story.register(Person())
    await live.story.enrol(school, person)
    applicant = {**person.name, "email": person.email, "post": "учитель"}
    claim = {"inn": school.inn, "kpp": school.kpp, "name": school.name}
    body = {"applicant": applicant, "school": claim, "category": "employee", "consent": True}
    called = {"traceparent": traceparent}
    made = await live.story.ok("POST", "/identity/account-requests", json=body, headers=called)
    return Ticket(made["number"], made["tracking_code"])


def what(span: Span) -> tuple[str, str, str]:
    return span.service, span.kind, span.name


def way_up(spans: dict[str, Span], span: Span) -> list[Span]:
    """From the first span of the trace down to this one."""
    above = spans.get(span.parent)
    return [*(way_up(spans, above) if above else []), span]


async def test_a_request_and_all_it_causes_are_one_trace(live: Live, collector: Collector) -> None:
    trace, client = token_hex(16), token_hex(8)
    teacher = Person("Следопытова")
    ticket = await ask(live, teacher, f"00-{trace}-{client}-01")
    await live.story.reaches(ticket, "issued")
    login, _ = await live.story.credentials(teacher)

    async def complete() -> bool:
        return {what(span) for span in collector.of(trace).values()} >= {*WAY, *BESIDE}

    await until(complete, "every part of the story has its span")
    spans = collector.of(trace)
    (mail,) = [one for one in spans.values() if one.said.get("ekis.mail.purpose") == "account-created"]
    way = way_up(spans, mail)
    assert [what(span) for span in way] == WAY
    assert way[0].parent == client
    assert {span.parent for span in spans.values()} <= {client, *spans}, "no gap"
    assert all("ekis.outbox.waited" in span.said for span in spans.values() if span.kind == "PRODUCER")
    assert not any(span.events for span in collector.spans)
    told = b"".join(collector.bodies)
    for secret in (teacher.last_name, teacher.email, login, ticket.number, ticket.code):
        assert secret.encode() not in told


async def test_a_collector_that_hangs_hinders_no_story_and_no_end(live: Live, collector: Collector) -> None:
    collector.hang()
    teacher = Person("Ждунова")
    ticket = await ask(live, teacher, "")
    await live.story.reaches(ticket, "issued")
    await live.story.credentials(teacher)
    await live.stack.restart("identity")
    assert (await live.story.track(ticket))["state"] == "issued"
    collector.go_on()
