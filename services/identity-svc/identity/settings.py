"""Identity's own settings."""

from typing import Literal

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """EKIS_OPERATOR_SECOND_FACTOR: `optional` lets operators in by password alone (the native stack only).

    EKIS_QUIET_FORMS: public forms an hour that a source may file before it has to solve a challenge for each.
    EKIS_SUPPORT_PHONES: the numbers of the support desk as people are to read them, separated by commas.
    """

    operator_second_factor: Literal["required", "optional"] = "required"
    quiet_forms: int = 20
    support_phones: str = ""

    @property
    def phones(self) -> list[str]:
        """Each number by itself."""
        return [one.strip() for one in self.support_phones.split(",") if one.strip()]
