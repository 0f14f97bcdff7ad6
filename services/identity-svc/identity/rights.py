"""Who may do what with accounts. What is not here is denied."""

from chassis.auth import Reach, Rights

_ALL: dict[str, Reach] = {"read": "any", "suspend": "any", "resume": "any", "disable": "any"}

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
        "support": {"account": _ALL},
        "admin": {"account": _ALL, "erasure": {"list": "any"}},
        "security": {"account": {"read": "any"}, "erasure": {"list": "any"}},
    }
)
