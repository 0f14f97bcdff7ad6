"""Who may do what with accounts. What is not here is denied."""

from chassis.auth import Reach, Rights

_VERBS = ("read", "suspend", "resume", "disable", "readdress")
_ALL: dict[str, Reach] = dict.fromkeys((*_VERBS, "look-up", "explain"), "any")

RIGHTS = Rights(
    {
        "head": {
            "account": dict.fromkeys(_VERBS, "own-school"),
            "self": {"disable": "own"},
        },
        "employee": {"self": {"disable": "own"}},
        "support": {"account": _ALL, "ticket": {"handle": "any"}},
        "admin": {"account": _ALL},
        "security": {"account": {"read": "any"}},
    }
)
