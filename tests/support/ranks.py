"""Whether two samples come from the same distribution: the test of Mann and Whitney, by its normal approximation."""

from collections.abc import Sequence
from itertools import groupby
from math import erfc, sqrt


def likelihood(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p of equal distributions, corrected for ties."""
    n, m = len(one), len(other)
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    rank_sum, ties, rank = 0.0, 0, 1
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        same = [which for _, which in group]
        rank_sum += (rank + (len(same) - 1) / 2) * same.count(0)
        ties += len(same) ** 3 - len(same)
        rank += len(same)
    u = rank_sum - n * (n + 1) / 2
    variance = n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1)))
    return erfc(abs(u - n * m / 2) / sqrt(2 * variance))
