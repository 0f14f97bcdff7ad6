"""Every write that was answered 2xx is a promise: a row in one database, and an event on Kafka."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
from registry.domain.applications import OUTCOMES


class Promise(NamedTuple):
    """What must be true for ever: `sql` finds the aggregate in `service`, and `topic` has an event of that key."""

    service: str
    topic: str
    sql: str
    args: tuple[Any, ...]


class Asked(NamedTuple):
    """A request that was accepted."""

    parts: tuple[str, ...]  # what the pattern of the path has found
    body: dict[str, Any]
    answer: Any
    headers: httpx.Headers
    etag: str

    @property
    def account(self) -> str:
        """Whose token came with it."""
        return subject_of(self.headers["Authorization"].removeprefix("Bearer "))


def subject_of(token: str) -> str:
    """The account of a token, unverified."""
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])


def _application(asked: Asked) -> Promise:
    sql = "SELECT application_id FROM application WHERE number = $1"
    return Promise("registry", "school-application-submitted", sql, (asked.answer["number"],))


def _decision(asked: Asked) -> Promise:
    sql = "SELECT application_id FROM application WHERE number = $1 AND state = $2"
    args = asked.parts[0], OUTCOMES[asked.body["decision"]]
    return Promise("registry", "school-application-decided", sql, args)


def _enrolment(asked: Asked) -> Promise:
    sql = "SELECT staff_id FROM staff WHERE staff_id = $1::text::uuid AND last_name = $2"
    return Promise("registry", "staff-enrolled", sql, (asked.answer["staff_id"], asked.body["last_name"]))


def _correction(asked: Asked) -> Promise:
    sql = "SELECT school_id FROM school WHERE school_id = $1::text::uuid AND version >= $2"
    return Promise("registry", "school-changed", sql, (asked.parts[0], int(asked.etag.strip('W/"'))))


def _referral(asked: Asked) -> Promise:
    state = {"confirm": "verified", "decline": "declined"}[asked.body["decision"]]
    sql = "SELECT request_id FROM account_request WHERE request_id = $1::text::uuid AND state IN ($2, 'closed')"
    return Promise("registry", f"account-request-{state}", sql, (asked.parts[0], state))


def _request(asked: Asked) -> Promise:
    return Promise(
        "identity", "account-requested", "SELECT id FROM account_request WHERE number = $1", (asked.answer["number"],)
    )


def _activation(asked: Asked) -> Promise:
    sql = "SELECT id FROM account WHERE id = $1::text::uuid AND activated_at IS NOT NULL"
    return Promise("identity", "account-activated", sql, (subject_of(asked.answer["access_token"]),))


def _disabling(asked: Asked) -> Promise:
    sql = "SELECT id FROM account WHERE id = $1::text::uuid AND state IN ('disabled', 'erased')"
    return Promise("identity", "account-disabled", sql, (asked.account,))


def _workplace(asked: Asked) -> Promise:
    sql = """
    SELECT account_id FROM account LEFT JOIN workplace USING (account_id)
    WHERE account_id = $1::text::uuid AND (state = 'erased' OR workplace.version >= $2)
    """
    return Promise("cabinet", "workplace-completed", sql, (asked.account, int(asked.etag.strip('W/"'))))


_WRITES: dict[tuple[str, str], Callable[[Asked], Promise]] = {
    ("POST", "/registry/applications"): _application,
    ("POST", "/registry/applications/([^/]+)/decision"): _decision,
    ("PATCH", "/registry/schools/([^/]+)"): _correction,
    ("POST", "/registry/schools/([^/]+)/staff"): _enrolment,
    ("POST", "/registry/referrals/([^/]+)/decision"): _referral,
    ("POST", "/identity/account-requests"): _request,
    ("POST", "/identity/activation"): _activation,
    ("POST", "/identity/disable-requests"): _disabling,
    ("PUT", "/cabinet/workplace"): _workplace,
}
_SILENT = {("POST", "/identity/sessions")}  # tells nobody


def promise_of(method: str, path: str, answer: httpx.Response) -> Promise | None:
    """What this answer promises. A write that nobody has thought of here fails."""
    if method == "GET" or not answer.is_success or (method, path) in _SILENT:
        return None
    for (verb, pattern), made in _WRITES.items():
        if verb == method and (found := re.fullmatch(pattern, path)):
            body = json.loads(answer.request.content or b"{}")
            said = answer.json() if answer.content else None
            return made(Asked(found.groups(), body, said, answer.request.headers, answer.headers.get("ETag", "")))
    raise AssertionError(f"{method} {path} promises something: say what")
