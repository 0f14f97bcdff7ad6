"""Who may do what with accounts. What is not here is denied."""

from chassis.auth import Reach, Rights

_ALL: dict[str, Reach] = {"read": "any", "suspend": "any", "resume": "any", "disable": "any"}
_READ: dict[str, Reach] = {"read": "any"}

RIGHTS = Rights(
    {
        "head": {
            "account": {
                "read": "own-school",
                "suspend": "own-school",
                "resume": "own-school",
                "disable": "own-school",
            },
            "self": {"disable": "own"},
        },
        "employee": {"self": {"disable": "own"}},
        "support": {"account": _ALL, "deed": _READ},
        "admin": {
            "account": _ALL | {"reset-second-factor": "any"},
            "deed": _READ,
            "operator": {"read": "any", "write": "any"},
        },
        "security": {
            "account": _READ,
            "deed": _READ,
            "operator": _READ,
            "audit": {"read": "any", "export": "any"},
        },
    }
)
