"""The simulation of consumer groups agrees with what is known of queues, and the page shows what it says."""

import pytest
import scale


def mean_sojourn(rate: float, reaction: float) -> float:
    """Waiting and reaction at one worker of constant speed with arrivals by chance (M/D/1): Pollaczek and Khinchine."""
    load = rate * reaction
    return reaction + load * reaction / (2 * (1 - load))


@pytest.mark.parametrize("load", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(("partitions", "replicas"), [(1, 1), (6, 6), (12, 3)])
def test_waiting_is_that_of_the_formula(partitions: int, replicas: int, load: float) -> None:
    rate = replicas * load / scale.REACTION
    kept = scale.simulate(partitions, replicas, rate, scale.REACTION, seconds=150_000 / rate)
    assert kept
    assert kept.mean == pytest.approx(mean_sojourn(rate / replicas, scale.REACTION), rel=0.05)


@pytest.mark.parametrize("replicas", [1, 2, 3])
def test_after_an_outage_the_busiest_replica_is_the_last(replicas: int) -> None:
    """What has gathered, and what comes meanwhile, by the speed that is left: away x load / (1 - load)."""
    rate, away = 100.0, 600.0
    load = rate * scale.REACTION * (2 / 3 if replicas == 2 else 1 / replicas)
    kept = scale.simulate(3, replicas, rate, scale.REACTION, seconds=away * 4, away=away)
    assert kept
    assert kept.caught_up == pytest.approx(away * load / (1 - load), rel=0.05)
    assert kept.behind == pytest.approx(rate * away, rel=0.02)


def test_more_replicas_than_partitions_help_nobody() -> None:
    assert scale.simulate(3, 9, 100, 0.004, seconds=60) == scale.simulate(3, 3, 100, 0.004, seconds=60)


def test_who_cannot_keep_up_is_told_apart() -> None:
    assert scale.simulate(3, 2, 400, 0.004, seconds=1) is None


def test_the_page_shows_what_the_simulation_says() -> None:
    page = scale.TARGET.read_text()
    assert scale.drawn(page) == page, "run `python docs/scale.py`"
