"""What deploy/kafka/*.yaml say of a topic: partitions, how long its records are kept, who may read it."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml

_SOURCES = Path(__file__).parents[1] / "deploy" / "kafka"
_DAY = 86_400_000  # milliseconds


class Topic(NamedTuple):
    """One topic as the broker is told to keep it; the configuration is Kafka's own."""

    partitions: int
    config: dict[str, Any]
    readers: list[str]

    @property
    def is_compacted(self) -> bool:
        """Whether the last record of each key stays for ever."""
        return self.config.get("cleanup.policy") == "compact"

    @property
    def kept_days(self) -> int | None:
        """None is for ever."""
        return None if self.is_compacted else int(self.config["retention.ms"]) // _DAY


def topics() -> dict[str, Topic]:
    """Every topic by its name."""
    listed = yaml.safe_load((_SOURCES / "topics.yaml").read_text())
    rights = yaml.safe_load((_SOURCES / "acls.yaml").read_text())
    return {
        name: Topic(listed["partitions"], listed["kinds"][kind], rights[name]["read"])
        for name, kind in listed["topics"].items()
    }
