"""Who may do what in cabinet-svc; what is not here is denied."""

from collections.abc import Mapping

from chassis.auth import Reach, Rights

_PERSON: Mapping[str, Mapping[str, Reach]] = {
    "workplace": {"read": "own", "write": "own"},
    "inbox": {"read": "own", "write": "own"},
    "news": {"read": "own"},
    "file": {"write": "own"},
    "document": {"read": "any"},
    "poll": {"read": "own", "write": "own"},
    "contest": {"read": "own"},
    "export": {"read": "own"},
}

# Of exam results `own` are those of the subjects that one taught in a grade that sat the exam.
# In the diary `own` is: of a class and a subject that one teaches or replaces in, or (to read) of the class one leads;
# an online lesson is `own` of who gives it, or replaces its teacher on its day, or (to read) leads a class of it
RIGHTS = Rights(
    {
        "editor": {
            "department-news": {"read": "any", "write": "any"},
            "department-poll": {"read": "any", "write": "any"},
            "department-contest": {"read": "any", "write": "any"},
            "contest-entry": {"read": "any", "decide": "any"},
            "file": {"write": "own"},
            "document": {"read": "any", "write": "any"},
            "acknowledgement": {"read": "any", "count": "any"},
            "exam-batch": {"read": "any", "write": "any"},
        },
        "head": {
            **_PERSON,
            "school-news": {"read": "own-school", "write": "own-school"},
            "school-poll": {"read": "own-school", "write": "own-school"},
            "school-contest": {"read": "own-school", "write": "own-school"},
            "contest-entry": {"read": "own-school", "decide": "own-school", "write": "own"},
            "acknowledgement": {"read": "own-school", "write": "own"},
            "exam-result": {"read": "own-school", "write": "own-school"},
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
            "contest-entry": {"write": "own"},
            "exam-result": {"read": "own", "write": "own"},
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
