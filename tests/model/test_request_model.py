"""No interleaving of the request story mails credentials to an address that nobody vouched for, loses an account, makes
two, or gets stuck. Each of these is found when a rule of the code is broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from chassis.errors import WrongStep
from identity.domain import requests as identity
from identity.domain.request import CORRECTABLE, ISSUED, STEPS, Decision, Reissue, Request
from registry.domain import requests as registry
from request_model import Bounds, search, walking
from takeover import ignore_versions

LONG = pytest.mark.cycles
ALL_OF_IT = [
    Bounds(corrections=2),
    Bounds(corrections=1, asks=1),
    Bounds(corrections=1, address=False),
    Bounds(corrections=1, leaves=True),
    Bounds(corrections=0, leaves=True, asks=1, others=True),
    pytest.param(Bounds(corrections=2, address=False), marks=LONG),
    pytest.param(Bounds(corrections=1, leaves=True, asks=1), marks=LONG),
    pytest.param(Bounds(corrections=1, leaves=True, others=True), marks=LONG),
]


@pytest.mark.parametrize("bounds", ALL_OF_IT, ids=str)
def test_no_interleaving_comes_to_a_bad_state(bounds: Bounds) -> None:
    found = search(bounds)
    assert found.bad == {}
    assert found.states > 1_000


SLOW = Bounds(corrections=1, address=False, slow=True)


def test_a_decider_who_reads_first_and_answers_later_never_vouches_for_another_address() -> None:
    assert search(SLOW).bad == {}


def test_decisions_on_what_was_not_read_are_a_takeover(monkeypatch: pytest.MonkeyPatch) -> None:
    real = registry.require_decidable

    def decide_any_version(request: registry.AccountRequest, decider: registry.Decider) -> object:
        return real(request, replace(decider, read=request.request_version))

    monkeypatch.setattr(registry, "require_decidable", decide_any_version)
    assert "takeover" in search(SLOW, until="takeover").bad


def test_a_story_in_which_no_message_arrives_is_a_dead_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "told", lambda state, message: replace(state, flying=state.flying - {message}))
    assert list(search(Bounds(corrections=0)).bad) == ["dead end"]


def test_a_verdict_that_never_arrives_is_a_dead_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: Request, *_: Any, **__: Any) -> Decision:
        raise WrongStep(request.state, "verify")

    monkeypatch.setattr(identity, "verify", refuse)
    assert list(search(Bounds(corrections=0)).bad) == ["dead end"]


def test_ignored_versions_are_a_takeover(monkeypatch: pytest.MonkeyPatch) -> None:
    ignore_versions(monkeypatch)
    way = search(Bounds(corrections=1), until="takeover").bad["takeover"]
    assert any("stranger" in step for step in way), way


def test_an_issued_address_that_may_be_corrected_is_a_takeover(monkeypatch: pytest.MonkeyPatch) -> None:
    real = identity.resend

    def resend_to_the_waiting_address(request: Request, now: datetime) -> Decision:
        decision = real(request, now)
        account, email = request.account_id, request.contact.email
        again = tuple(Reissue(account, email) for _ in decision.effects if account)
        return Decision(decision.request, again, decision.notes)

    monkeypatch.setattr(identity, "resend", resend_to_the_waiting_address)
    monkeypatch.setattr(identity, "CORRECTABLE", CORRECTABLE | {"issued"})
    monkeypatch.setattr(identity, "ISSUED", ISSUED | {"verifying"})
    monkeypatch.setitem(STEPS, "issued", STEPS["issued"] | {"verifying"})
    monkeypatch.setitem(STEPS, "verifying", STEPS["verifying"] | {"issued"})
    assert "takeover" in search(Bounds(corrections=1), until="takeover").bad


def test_a_judge_who_asks_for_the_name_alone_is_a_takeover(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "is_same_email", lambda *_: True)
    assert "takeover" in search(Bounds(corrections=1), until="takeover").bad


def nothing(*_: Any) -> tuple[()]:
    return ()


def stay(request: Request, *_: Any) -> Decision:
    return Decision(request)


def held_by_nobody(real: Callable[..., Decision] = identity.verify) -> Callable[..., Decision]:
    return lambda *args, **given: real(*args, **{**given, "holder": None})


@pytest.mark.parametrize(
    ("rule", "broken", "kind"),
    [
        ("_unused", nothing, "stray account"),
        ("lose_account", stay, "issued nothing"),
        ("verify", held_by_nobody(), "two accounts"),
    ],
)
def test_a_broken_rule_is_found(monkeypatch: pytest.MonkeyPatch, rule: str, broken: Any, kind: str) -> None:
    monkeypatch.setattr(identity, rule, broken)
    assert kind in search(Bounds(corrections=0, leaves=True, others=True), until=kind).bad
