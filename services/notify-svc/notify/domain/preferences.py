"""What a person wants to be told of, when and in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo

from chassis.errors import Fault
from ekis_contracts.cabinet import NoticeAddressed
from ekis_contracts.values import Lang

MOSCOW = ZoneInfo("Europe/Moscow")

Wish = Literal["now", "digest", "off"]
KINDS: tuple[str, ...] = get_args(NoticeAddressed.model_fields["kind"].annotation)

# What asks for something to be done by a day comes at once, what can be read any time once a day
_READ_ANY_TIME = ("news", "poll", "contest")
USUALLY: Mapping[str, Wish] = {kind: "digest" if kind in _READ_ANY_TIME else "now" for kind in KINDS}
MORNING = 8  # of Moscow, before the first lesson


def known_kinds(kinds: dict[str, Wish]) -> dict[str, Wish]:
    """Raises Fault for a kind that there is not."""
    if not kinds.keys() <= USUALLY.keys():
        raise Fault("notice-kind", kinds=", ".join(USUALLY))
    return kinds


@dataclass(frozen=True)
class Preferences:
    """`kinds` holds every kind; `lang` is None while the language is that of the contact."""

    kinds: Mapping[str, Wish]
    digest_hour: int = MORNING
    lang: Lang | None = None
    version: int = 0

    @classmethod
    def of(cls, chosen: Mapping[str, Wish]) -> Self:
        """Those of somebody who has chosen this much; a kind that came later is as usual."""
        return cls({kind: chosen.get(kind, usual) for kind, usual in USUALLY.items()})

    @property
    def off(self) -> list[str]:
        """The kinds that are declined."""
        return [kind for kind, wish in self.kinds.items() if wish == "off"]

    def without(self, declined: str) -> Self:
        """One kind of notice less, or with `digest` all that the digest brings."""
        off = {kind for kind, wish in self.kinds.items() if declined in (kind, wish)}
        return replace(self, kinds={kind: "off" if kind in off else wish for kind, wish in self.kinds.items()})

    def next_digest(self, now: datetime) -> datetime:
        """When the digest comes that takes in what arrives now."""
        today = now.astimezone(MOSCOW).replace(hour=self.digest_hour, minute=0, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)
