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

# In the diary `own` is: of a class and a subject that one teaches or replaces in, or (to read) of the class one leads;
# an online lesson is `own` of who gives it, or replaces its teacher on its day, or (to read) leads a class of it
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
            "rules": {"read": "own-school", "write": "own-school"},
            "teacher": {"read": "own-school"},
            "term": {"read": "own-school", "write": "own-school"},
            "class": {"read": "own-school", "write": "own-school"},
            "pupil": {"read": "own-school", "write": "own-school"},
            "subject": {"read": "own-school", "write": "own-school"},
            "load": {"read": "own-school", "write": "own-school"},
            "slot": {"read": "own-school", "write": "own-school"},
            "substitute": {"read": "own-school", "write": "own-school"},
            "leave": {"read": "own-school", "write": "own-school"},
            "rollover": {"read": "own-school", "write": "own-school"},
            "lesson": {"read": "own-school", "write": "own"},
            "mark": {"read": "own-school", "write": "own"},
            "final": {"read": "own-school", "write": "own"},
            "online-lesson": {"read": "own-school", "write": "own"},
            "attendance": {"read": "own-school", "write": "own"},
            "hand-in": {"read": "own-school", "write": "own"},
        },
        "employee": {
            **_PERSON,
            "acknowledgement": {"write": "own"},
            "rules": {"read": "own-school"},
            "teacher": {"read": "own-school"},
            "term": {"read": "own-school"},
            "class": {"read": "own-school"},
            "pupil": {"read": "own", "write": "own"},
            "subject": {"read": "own-school"},
            "load": {"read": "own-school"},
            "slot": {"read": "own-school"},
            "substitute": {"read": "own-school"},
            "leave": {"read": "own"},
            "lesson": {"read": "own", "write": "own"},
            "mark": {"read": "own", "write": "own"},
            "final": {"read": "own", "write": "own"},
            "online-lesson": {"read": "own", "write": "own"},
            "attendance": {"read": "own", "write": "own"},
            "hand-in": {"read": "own", "write": "own"},
        },
    }
)
