"""A system may read 60 times at once, then 5 times a second."""

import pytest
from chassis.outbox import new_id
from registry.domain.pace import BURST, PER_SECOND, Pace, TooFast


def test_a_bucket_empties_and_fills_again() -> None:
    pace, system = Pace(), new_id()
    for _ in range(BURST):
        pace.take(system, 100.0)
    for _ in range(3):
        with pytest.raises(TooFast) as refused:
            pace.take(system, 100.0)
        assert refused.value.headers == {"Retry-After": "1"}
    for _ in range(PER_SECOND):
        pace.take(system, 101.0)
    with pytest.raises(TooFast):
        pace.take(system, 101.0)
    pace.take(new_id(), 101.0)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    pace, system = Pace(), new_id()
    for _ in range(BURST):
        pace.take(system, 100.0)
    with pytest.raises(TooFast):
        pace.take(system, 50.0)
