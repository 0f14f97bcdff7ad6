"""Every code that a service can give as a reason has its words in both languages. The codes are read from the code."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from identity.actions import passwords as identity_passwords
from identity.actions import requests as identity_requests
from identity.domain import accounts as identity_accounts
from identity.domain.recovery import RESTORED
from notify.domain.mails import reason_of
from notify.domain.preferences import KINDS
from notify.domain.purposes import ALARMING, DIGEST, PURPOSES
from notify.gateways.letters import PHRASES
from registry.domain.applications import OVERTAKEN
from registry.domain.requests import decline_code
from registry.domain.staff import By

from .reading import letter, part

SERVICES = Path(__file__).parents[3] / "services"
# Just done by the person, or said face to face, or the new credentials are mailed
SILENT = {"signed-out", "operator-changed", "credentials-replaced"}

CHANNELS = {*get_args(identity_accounts.Channel)}
LEFT_ROLL = identity_accounts.LEFT_ROLL


def calls(service: str, *names: str) -> Iterator[ast.Call]:
    """Calls of these functions anywhere in a service."""
    for path in (SERVICES / f"{service}-svc" / service).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in names:
                    yield node


def constants(nodes: Iterator[ast.Call], place: int) -> set[str]:
    """The texts that stand at one place of the calls."""
    args = [node.args[place] for node in nodes if len(node.args) > place]
    return {arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def returned(service: str, module: str, function: str) -> set[str]:
    """The texts that a function returns."""
    tree = ast.parse((SERVICES / f"{service}-svc" / service / module).read_text())
    (found,) = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
    values = (value for node in ast.walk(found) if isinstance(node, ast.Return) for value in ast.walk(node))
    return {it.value for it in values if isinstance(it, ast.Constant) and isinstance(it.value, str)}


def texts_in(nodes: Iterator[ast.Call]) -> set[str]:
    """All texts that stand anywhere in the arguments of the calls."""
    inner = (inner for node in nodes for arg in node.args for inner in ast.walk(arg))
    return {it.value for it in inner if isinstance(it, ast.Constant) and isinstance(it.value, str)}


# Why a mail has not arrived, beside what mail servers answer; three are said in SQL (store.mails)
NOT_ARRIVED = texts_in(calls("notify", "Unsendable", "_NotReady", "_break", "cancelled"))
NOT_ARRIVED |= texts_in(calls("notify", "Outcome")) - {"accepted", "deferred", "refused", "lost", "returned"}
NOT_ARRIVED |= {"newer-credential", "account-ended", "declined"}
OUR_FAULT = {"internal-error", "subject-invalid"}
ANSWERS = {"550-5.1.1": "mailbox", "5.2.1": "mailbox", "421": "later", "552-5.2.2": "refused", "5.7.1": "refused"}

SAID = {
    "request-declined": constants(calls("registry", "Declined"), 0)
    | {decline_code(by) for by in get_args(By)}
    | constants(calls("identity", "_give_up"), 3)
    | {LEFT_ROLL},
    "request-referred": constants(calls("registry", "Referred"), 2)
    | returned("registry", "domain/requests.py", "_doubt"),
    "account-suspended": CHANNELS | {LEFT_ROLL, RESTORED},
    "account-resumed": CHANNELS,
    "account-disabled": CHANNELS
    | {LEFT_ROLL, RESTORED, identity_passwords.BY_HIMSELF, identity_requests.REQUEST_CLOSED},
    "kind": {*KINDS, DIGEST},
    "notice": {*KINDS},
    "notice-words": {*KINDS},
}


@pytest.mark.parametrize("group", SAID)
def test_every_reason_has_its_words(group: str) -> None:
    assert SAID[group] - set(PHRASES[group]) == set(), "say it in templates/phrases.toml"


@pytest.mark.parametrize("group", SAID)
def test_no_words_are_kept_for_what_nobody_says(group: str) -> None:
    assert set(PHRASES[group]) - SAID[group] <= {"other"}


def test_words_are_in_both_languages() -> None:
    phrases = [phrase for codes in PHRASES.values() for phrase in codes.values()]
    assert all(set(phrase) == {"ru", "en"} and all(phrase.values()) for phrase in phrases)


def test_the_code_is_read_well() -> None:
    assert "requisites-mismatch" in SAID["request-declined"]
    assert SAID["request-referred"] >= {"several-branches", "no-email", "not-on-roll"}


def test_every_end_of_a_session_is_mailed_or_known_to_be_silent() -> None:
    said = constants(calls("identity", "tell_revoked"), 2) | constants(calls("identity", "_end_session"), 3)
    assert said >= {"signed-out", "refresh-token-reused", "password-changed"}
    assert said <= SILENT | set(ALARMING)
    assert set(ALARMING) <= set(PURPOSES)


def test_ends_of_requests_that_have_a_reason_say_it() -> None:
    duplicates = {node.args[1].value for node in calls("identity", "Close") if _is_duplicate(node)}  # type: ignore[attr-defined]
    assert duplicates == {"open-request", "has-account"}
    overtaken = letter("application-rejected", params={"number": "A1", "reason": OVERTAKEN})
    assert "внесли в реестр" in part(overtaken, "plain")


def _is_duplicate(node: ast.Call) -> bool:
    return isinstance(node.args[0], ast.Constant) and node.args[0].value == "duplicate"


@pytest.mark.parametrize("group", ["request-declined", "request-referred", "account-suspended", "account-disabled"])
def test_a_reason_nobody_has_foreseen_gets_general_words(group: str) -> None:
    params: dict[str, object] = {"reason": "never-heard-of", "until": None, "days": None}
    assert PHRASES[group]["other"]["ru"] in part(letter(group, params=params), "plain")


def test_every_reason_for_a_mail_that_has_not_arrived_has_its_words() -> None:
    assert {"expired", "suppressed", "too-many", "seal-broken", "address-invalid", "timeout", "connect"} <= NOT_ARRIVED
    assert {code for code in NOT_ARRIVED if reason_of("failed", code) == "internal"} == OUR_FAULT
    assert {code: reason_of("failed", code) for code in ANSWERS} == ANSWERS
    reasons = {reason_of("failed", code) for code in (*NOT_ARRIVED, *ANSWERS)} | {reason_of("unknown", None)}
    texts = tomllib.loads((SERVICES / "notify-svc" / "notify" / "messages.toml").read_text())
    assert {name for name in texts if name.startswith("reason-")} == {f"reason-{reason}" for reason in reasons}
    assert all(text["ru"] and text["en"] for text in texts.values())


def test_a_mail_that_is_on_its_way_or_has_arrived_needs_no_reason() -> None:
    assert (reason_of("sent", "451"), reason_of("queued", None)) == (None, None)
