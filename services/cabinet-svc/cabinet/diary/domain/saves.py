"""What saves of many cells share: all errors at once, each at its place."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import FieldError, Invalid


def all_invalid(errors: Sequence[FieldError]) -> Invalid:
    """One refusal that names every wrong cell; its code is the first one's."""
    problem = Invalid(errors[0].code, errors[0].pointer)
    problem.errors = list(errors)
    return problem


def repeated(keys: Sequence[UUID | tuple[UUID, UUID]]) -> list[int]:
    """The places of those that have come before."""
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    return [place for place, key in enumerate(keys) if first[key] != place]
