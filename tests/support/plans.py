"""How PostgreSQL goes about the statements of a transaction: planned for these values, and, unless it is told not to,
for any values, as it does with a statement that comes often."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chassis.db import Tx

Plan = dict[str, Any]


@dataclass
class Explained:
    """Takes the place of `tx.fetch`, and keeps the plans of everything it is asked; `row` and `value` do so for
    `tx.fetchrow` and `tx.fetchval` where a test says so."""

    tx: Tx
    plans: list[Plan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._fetch = self.tx.fetch
        self.tx.fetch = self

    async def __call__(self, sql: str, *args: Any) -> Any:
        await self.tx.execute(f"PREPARE looked_at AS {sql}")
        given = f"({', '.join(map(_literal, args))})" if args else ""
        chosen = (await self._fetch("SHOW plan_cache_mode"))[0][0]
        for mode in ("force_custom_plan", "force_generic_plan") if chosen == "auto" else (chosen,):
            await self.tx.execute(f"SET LOCAL plan_cache_mode = {mode}")
            shown = await self._fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE looked_at{given}")
            self.plans.append(json.loads(shown[0][0])[0]["Plan"])
        await self.tx.execute(f"DEALLOCATE looked_at; SET LOCAL plan_cache_mode = {chosen}")
        return await self._fetch(sql, *args)

    async def row(self, sql: str, *args: Any) -> Any:
        """The first row, None when there is none."""
        rows = await self(sql, *args)
        return rows[0] if rows else None

    async def value(self, sql: str, *args: Any) -> Any:
        """The first value of the first row."""
        row = await self.row(sql, *args)
        return row[0] if row else None

    def scans(self, kind: str) -> list[Any]:
        """The tables that were read in this way."""
        return [node["Relation Name"] for node in self._nodes() if node["Node Type"] == kind]

    def rows_read(self, table: str) -> int:
        """The most rows of a table that one statement touched, those thrown away included."""
        return max((sum(_rows(node, table) for node in _walk(plan)) for plan in self.plans), default=0)

    def rows_of(self, kind: str, table: str) -> int:
        """The most rows of a table that one scan of this kind touched."""
        return max((_rows(node, table) for node in self._nodes() if node["Node Type"] == kind), default=0)

    def _nodes(self) -> Iterator[Plan]:
        for plan in self.plans:
            yield from _walk(plan)


def _walk(plan: Plan) -> Iterator[Plan]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _walk(part)


def _rows(node: Plan, table: str) -> int:
    if node.get("Relation Name") != table:
        return 0
    thrown = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return int((node["Actual Rows"] + thrown) * node["Actual Loops"])


def _literal(value: Any) -> str:
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, list | tuple):
        parts = ("NULL" if one is None else json.dumps(str(one), ensure_ascii=False) for one in value)
        value = "{" + ",".join(parts) + "}"
    return "'" + str(value).replace("'", "''") + "'"
