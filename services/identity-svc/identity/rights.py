"""Who may do what with accounts. What is not here is denied."""

from chassis.auth import Reach, Rights

_VERBS = ("read", "suspend", "resume", "disable", "email-change")
_ALL: dict[str, Reach] = dict.fromkeys((*_VERBS, "restore", "look-up", "explain"), "any")
_READ: dict[str, Reach] = {"read": "any"}

RIGHTS = Rights(
    {
        "head": {
            "account": dict.fromkeys(_VERBS, "own-school"),
            "self": {"disable": "own"},
        },
        "employee": {"self": {"disable": "own"}},
        "support": {"account": _ALL, "deed": _READ, "ticket": {"handle": "any"}},
        "admin": {
            "account": _ALL | {"reset-second-factor": "any"},
            "deed": _READ,
            "operator": {"read": "any", "write": "any"},
            "system": {"read": "any", "write": "any"},
            "erasure": {"list": "any"},
        },
        "security": {
            "account": _READ,
            "deed": _READ,
            "operator": _READ,
            "system": _READ,
            "audit": {"read": "any", "export": "any"},
            "erasure": {"list": "any"},
        },
    }
)
