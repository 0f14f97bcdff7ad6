"""The toy on a damaged chassis: `python -m mutants NAME run`. The system tests must see each damage."""

import sys
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer
from chassis.inbox import Told, Tx
from toy import service

from chassis import consumer, inbox, kafka


def without_inbox() -> None:
    """The inbox insert is dropped: whatever comes is fresh."""

    async def remember(_tx: Tx, _reaction: str, told: Sequence[Told]) -> list[Told]:
        return list(told)

    setattr(inbox, "remember", remember)  # noqa: B010 - mypy knows the names of its parameters


def with_auto_commit() -> None:
    """The client commits by itself what it has fetched."""

    def auto_committing(**options: Any) -> Any:
        return AIOKafkaConsumer(**options | {"enable_auto_commit": True, "auto_commit_interval_ms": 50})

    async def commit_nothing(*_: Any) -> None: ...

    setattr(kafka, "AIOKafkaConsumer", auto_committing)  # noqa: B010
    setattr(consumer.Consumer, "_commit", commit_nothing)  # noqa: B010


MUTANTS = {"without-inbox": without_inbox, "with-auto-commit": with_auto_commit}

if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)]()
    service.main()
