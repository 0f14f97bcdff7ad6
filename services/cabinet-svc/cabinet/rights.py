"""Who may do what in cabinet-svc; what is not here is denied."""

from chassis.auth import Rights

RIGHTS = Rights(
    {
        "head": {"workplace": {"read": "own", "write": "own"}},
        "employee": {"workplace": {"read": "own", "write": "own"}},
    }
)
