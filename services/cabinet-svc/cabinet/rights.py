"""Who may do what in cabinet-svc; what is not here is denied."""

from collections.abc import Mapping

from chassis.auth import Reach, Rights

_PERSON: Mapping[str, Mapping[str, Reach]] = {
    "workplace": {"read": "own", "write": "own"},
    "inbox": {"read": "own", "write": "own"},
    "news": {"read": "own"},
    "file": {"write": "own"},
    "document": {"read": "any"},
    "export": {"read": "own"},
}

RIGHTS = Rights(
    {
        "editor": {
            "department-news": {"read": "any", "write": "any"},
            "file": {"write": "own"},
            "document": {"read": "any", "write": "any"},
            "acknowledgement": {"read": "any", "count": "any"},
        },
        "head": {
            **_PERSON,
            "school-news": {"read": "own-school", "write": "own-school"},
            "acknowledgement": {"read": "own-school", "write": "own"},
        },
        "employee": {**_PERSON, "acknowledgement": {"write": "own"}},
    }
)
