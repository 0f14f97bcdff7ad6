"""Who may do what in notify-svc; what is not here is denied."""

from collections.abc import Mapping

from chassis.auth import Reach, Rights

_OWN: Mapping[str, Mapping[str, Reach]] = {"preferences": {"read": "own", "write": "own"}}

_DESK: Mapping[str, Mapping[str, Reach]] = {
    "delivery": {"read": "any", "resend": "any"},
    "suppression": {"lift": "any"},
}

RIGHTS = Rights({"support": _DESK, "head": _OWN, "employee": _OWN})
