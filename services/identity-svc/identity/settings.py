"""Identity's own settings."""

from typing import Literal

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """EKIS_OPERATOR_SECOND_FACTOR: `optional` lets operators in by password alone (the native stack only)."""

    operator_second_factor: Literal["required", "optional"] = "required"
