"""Named crash points, so that tests can prove what a kill -9 leaves behind in each window."""

import itertools
import os
import signal

_point, _, _nth = os.environ.get("EKIS_CRASH_AT", "").partition(":")
_passings = itertools.count(1)


def crash_point(name: str) -> None:
    """Kill this very process if the environment names this point and its count is reached; else nothing."""
    if name == _point and next(_passings) == int(_nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
