"""Identity's own settings."""

from typing import Annotated, Literal

from chassis.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """How hard it is to get in, and whom to call."""

    operator_second_factor: Literal["required", "optional"] = "required"
    """`optional` lets operators in by password alone (the native stack only)"""
    quiet_forms: Annotated[int, Field(ge=1)] = 20
    """public forms an hour that a source may file before it has to solve a challenge for each"""
    support_phones: str = ""
    """numbers of the support desk as people are to read them, separated by commas"""

    @property
    def phones(self) -> list[str]:
        """Each number by itself."""
        return [one.strip() for one in self.support_phones.split(",") if one.strip()]
