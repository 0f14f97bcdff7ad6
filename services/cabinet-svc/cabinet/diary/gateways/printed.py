"""The journal as a sheet to print: HTML, in which everything that people typed is text."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)


def sheet(journal: bytes, lang: str, say: Callable[[str], str]) -> str:
    """A journal (JSON as it is answered) as a page; `say` gives the texts of codes."""
    page = _PAGES.overlay()
    page.filters = {**_PAGES.filters, "day": _day, "average": partial(_average, lang), "cell": partial(_cell, say)}
    return page.get_template("sheet.html").render(journal=json.loads(journal), lang=lang, say=say)


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}.{month}.{year}"


def _average(lang: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}".replace(".", "," if lang == "ru" else ".")


def _cell(say: Callable[[str], str], cell: Mapping[str, Any] | None) -> str:
    """Absence, then mark or credit: ОП 4."""
    if cell is None:
        return ""
    credit = {True: say("journal-credit"), False: say("journal-no-credit"), None: None}[cell.get("credit")]
    return " ".join(str(one) for one in (cell.get("absence"), cell.get("mark"), credit) if one)
