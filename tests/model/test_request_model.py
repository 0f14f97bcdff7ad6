"""No interleaving of the request story mails credentials to an address that nobody vouched for, or gets stuck."""

from datetime import datetime
from typing import Any

import pytest
from chassis.errors import WrongStep
from identity.domain import requests as identity
from identity.domain.request import CORRECTABLE, ISSUED, JUDGED, STEPS, Decision, Reissue, Request, Verdict
from request_model import Bounds, search


@pytest.mark.parametrize(
    "bounds",
    [
        Bounds(corrections=2, asks=0, resends=1),
        Bounds(corrections=1, asks=1, resends=1),
        pytest.param(Bounds(corrections=2, asks=1, resends=1), marks=pytest.mark.cycles),
    ],
    ids=str,
)
def test_no_interleaving_is_a_takeover_or_a_dead_end(bounds: Bounds) -> None:
    found = search(bounds)
    assert found.takeover is None
    assert found.dead_end is None
    assert found.states > 1_000


def test_the_model_finds_the_takeover_when_versions_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge_any_version(request: Request, verdict: Verdict) -> None:
        if request.state not in JUDGED:
            raise WrongStep(request.state, "verdict")

    monkeypatch.setattr(identity, "_judge", judge_any_version)
    found = search()
    assert found.takeover is not None
    assert any("stranger" in step for step in found.takeover), found.takeover


def test_the_model_finds_the_takeover_when_an_issued_address_may_be_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    real = identity.resend

    def resend_to_the_waiting_address(request: Request, now: datetime) -> Any:
        decision = real(request, now)
        account, email = request.account_id, request.contact.email
        again = tuple(Reissue(account, email) for _ in decision.effects if account)
        return Decision(decision.request, again, decision.notes)

    monkeypatch.setattr(identity, "resend", resend_to_the_waiting_address)
    monkeypatch.setattr(identity, "CORRECTABLE", CORRECTABLE | {"issued"})
    monkeypatch.setattr(identity, "ISSUED", ISSUED | {"verifying"})
    monkeypatch.setitem(STEPS, "issued", STEPS["issued"] | {"verifying"})
    monkeypatch.setitem(STEPS, "verifying", STEPS["verifying"] | {"issued"})
    assert search().takeover is not None
