"""Who may do what in notify-svc; what is not here is denied."""

from collections.abc import Mapping

from chassis.auth import Reach, Rights

_OWN: Mapping[str, Mapping[str, Reach]] = {"preferences": {"read": "own", "write": "own"}}

RIGHTS = Rights({"support": {"delivery": {"read": "any"}}, "head": _OWN, "employee": _OWN})
