"""Spans for a collector, over HTTP: named by templates and codes, in the trace of their cause, in nobody's way."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from chassis.testing.opened import Opened
from chassis.tracing import TRACEPARENT, export_spans
from collector import Collector, exporting
from ekis_contracts import read
from records import erased, left
from waiting import until

TRACE, ABOVE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CALLED = {"traceparent": f"00-{TRACE}-{ABOVE}-01"}
NAME = "Канарейкина"
QUEUE, BATCH = 2048, 512  # of the SDK


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with Collector() as it:
        yield it


async def test_a_request_is_a_span_named_by_its_template(toy: Opened, collector: Collector) -> None:
    thing = (await toy.http.post("/registry/things", json={"name": "Анна"})).json()["id"]
    async with exporting(collector, "registry"):
        await toy.http.get(f"/registry/things/{thing}?who={NAME}", headers=CALLED | toy.signed_in())
        await toy.http.get("http://ekis.test/live")
    (span,) = collector.spans
    assert (span.name, span.kind, span.trace, span.parent) == (
        "GET /api/registry/things/{thing_id}", "SERVER", TRACE, ABOVE,
    )  # fmt: skip
    assert span.said == {
        "http.request.method": "GET",
        "http.route": "/api/registry/things/{thing_id}",
        "http.response.status_code": 200,
        "url.scheme": "http",
    }
    assert span.process.items() >= {"service.name": "registry", "service.instance.id": "here"}.items()
    assert span.process["service.version"]
    assert thing.encode() not in b"".join(collector.bodies)
    assert NAME.encode() not in b"".join(collector.bodies)


@pytest.mark.parametrize(
    ("path", "problem", "failed"), [("conflicts", "wrong-step", False), ("bugs", "internal-error", True)]
)
async def test_what_went_wrong_is_told_by_its_code(
    toy: Opened, collector: Collector, path: str, problem: str, failed: bool
) -> None:
    async with exporting(collector, "registry"):
        await toy.http.post(f"/registry/{path}")
    (span,) = collector.spans
    assert (span.said["ekis.problem"], span.failed, span.said.get("error.type")) == (
        problem, failed, problem if failed else None,
    )  # fmt: skip
    assert span.events == 0
    assert b"person" not in b"".join(collector.bodies)


async def test_no_method_and_no_path_of_a_strangers_own_is_told(toy: Opened, collector: Collector) -> None:
    async with exporting(collector, "registry"):
        await toy.http.request(NAME.encode().hex().upper(), f"/registry/{NAME}")
    (span,) = collector.spans
    assert (span.name, span.said["http.request.method"]) == ("_OTHER", "_OTHER")
    assert "http.route" not in span.said


async def test_a_reaction_is_below_the_event_and_above_what_it_says(toy: Opened, collector: Collector) -> None:
    async with exporting(collector, "registry"):
        await toy.http.post("/registry/things", json={"name": "Анна"}, headers=CALLED)
        (record,) = await toy.sent()
        await toy.inbox.deliver([record])
        (answer,) = [read(one) for one in await toy.sent()]
    request, reaction = sorted(collector.spans, key=lambda one: one.kind, reverse=True)
    assert (reaction.name, reaction.kind) == ("count_leaving staff-left", "CONSUMER")
    assert (reaction.trace, reaction.parent) == (TRACE, request.span)
    assert answer.traceparent == f"00-{TRACE}-{reaction.span}-01"
    assert reaction.said["messaging.operation.type"] == "process"


async def test_a_failed_reaction_tells_its_type_and_no_text(toy: Opened, collector: Collector) -> None:
    async with exporting(collector, "registry"):
        await toy.inbox.deliver([left(uuid4(), reason="bug")])
    assert {(span.failed, span.said["error.type"], span.events) for span in collector.spans} == {
        (True, "RuntimeError", 0)
    }
    assert b"person" not in b"".join(collector.bodies)


async def test_who_is_not_sampled_stays_so_along_the_story(toy: Opened, collector: Collector) -> None:
    async with exporting(collector, "registry"):
        await toy.http.post(
            "/registry/things", json={"name": "Анна"}, headers={"traceparent": f"00-{TRACE}-{ABOVE}-00"}
        )
        (record,) = await toy.sent()
    assert collector.spans == []
    carried = read(record).traceparent or ""
    assert (carried[:35], carried[-3:]) == (f"00-{TRACE}", "-00")


async def test_requests_are_thinned_out_by_the_variables_of_the_sdk(
    toy: Opened, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    async with exporting(collector, "registry"):
        await toy.http.get("/registry/nothing")
        await toy.http.get("/registry/nothing", headers=CALLED)
    assert [span.trace for span in collector.spans] == [TRACE]


async def test_a_batch_is_below_its_first_event_and_linked_to_the_others(toy: Opened, collector: Collector) -> None:
    others = [f"00-{TRACE}-{number:016x}-01" for number in (2, 3)]
    told = [erased(uuid4(), traceparent=above) for above in (CALLED["traceparent"], *others)]
    async with exporting(collector, "registry"):
        await toy.inbox.deliver(told)
    (span,) = collector.spans
    assert (span.name, span.parent, span.links) == (
        "count_erased account-erased", ABOVE, (f"{2:016x}", f"{3:016x}"),
    )  # fmt: skip


@pytest.mark.parametrize("given", ["", "00-zz", f"00-{TRACE}-{ABOVE}-01"])
async def test_without_a_collector_a_trace_goes_on_without_a_gap(toy: Opened, given: str) -> None:
    await toy.http.post("/registry/things", json={"name": "Анна"}, headers={"traceparent": given})
    (record,) = await toy.sent()
    carried = read(record).traceparent or ""
    assert TRACEPARENT.fullmatch(carried)
    assert (carried == given) == given.endswith("-01")


async def test_a_collector_that_hangs_costs_spans_and_no_request(toy: Opened, collector: Collector) -> None:
    """What waits is bounded: of far more spans than the queue holds no more than the queue comes later."""
    collector.hang()
    asked = QUEUE + 4 * BATCH
    async with exporting(collector, "registry"):
        answers = [await toy.http.get("/registry/nothing") for _ in range(asked)]
        assert {answer.status_code for answer in answers} == {404}
        collector.go_on()

        async def empty() -> bool:
            return len(collector.spans) >= QUEUE

        await until(empty, "what waited has come")
    assert QUEUE <= len(collector.spans) <= QUEUE + 2 * BATCH < asked


async def test_a_collector_that_is_away_hinders_nobody(toy: Opened) -> None:
    with export_spans("http://127.0.0.1:1/v1/traces", "registry", "here"):
        assert (await toy.http.post("/registry/things", json={"name": "Анна"})).status_code == 202
