"""Requisites with right check digits, computed apart from the code under test (order of the Federal Tax Service).

Their region is 99, so that no school of a real register has them.
"""

import itertools
import random

_numbers = itertools.count(random.SystemRandom().randrange(10**6, 9 * 10**6))
_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def new_inn() -> str:
    """Ten digits, never the same twice in a run."""
    body = f"99{next(_numbers) % 10**7:07d}"
    check = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11 % 10
    return f"{body}{check}"


def new_ogrn() -> str:
    """Thirteen digits."""
    body = f"10299{next(_numbers) % 10**7:07d}"
    return f"{body}{int(body) % 11 % 10}"
