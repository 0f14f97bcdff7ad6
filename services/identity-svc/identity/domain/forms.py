"""Public forms: how many a source files before it has to work for the next, how many requests may mail one address."""

from datetime import timedelta

from chassis.errors import AppError

FORMS_WITHIN = timedelta(hours=1)  # in which the setting `quiet_forms` counts
CHALLENGE_VALID = timedelta(minutes=10)
CHALLENGE_PATH = "/api/identity/challenge"

REQUESTS_A_DAY = 5  # that one address is told about, whoever files them
DAY = timedelta(days=1)


class ProofRequired(AppError, status=429, code="proof-of-work-required"):
    """This source has filed many forms lately: a solved challenge comes first."""

    def __init__(self) -> None:
        super().__init__(challenge=CHALLENGE_PATH)
