"""Who may do what in notify-svc; what is not here is denied."""

from collections.abc import Mapping

from chassis.auth import Reach, Rights

_OWN: Mapping[str, Mapping[str, Reach]] = {"preferences": {"read": "own", "write": "own"}}

_DESK: Mapping[str, Mapping[str, Reach]] = {
    "delivery": {"read": "any", "resend": "any"},
    "suppression": {"lift": "any"},
}

_ADMIN: Mapping[str, Mapping[str, Reach]] = {"webhook": {"read": "any", "write": "any"}}

_SYSTEM: Mapping[str, Mapping[str, Reach]] = {"webhook": {"read": "own", "write": "own"}}  # a city system's scope

RIGHTS = Rights({"admin": _ADMIN, "webhooks": _SYSTEM, "support": _DESK, "head": _OWN, "employee": _OWN})
