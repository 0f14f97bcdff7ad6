"""Cells as people filled them in: tidied, split, checked. What is wrong becomes a remark, never an exception."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from ekis_contracts import fields
from ekis_contracts.fault import Fault

from registry.domain.imports.jobs import Remark

LONGEST = 300  # characters of a value
LONGEST_NAME = 1_000
MOST_CONTACTS = 20
_QUOTED = 80  # characters of a dropped value that are repeated

# What people and spreadsheets write where there is nothing
_NOTHING = frozenset(
    (
        *("", "0", "-", "--", "---", "–", "—", ".", "нет", "н/д", "нд", "нет данных", "отсутствует", "не указан"),
        *("не указано", "n/a", "null", "none", "#н/д", "#знач!", "#ссылка!", "#имя?", "#дел/0!", "#n/a", "#value!"),
        *("#ref!", "#name?", "#div/0!", "#null!"),
    )
)
_LISTED = re.compile(r"[;,\s]+")
_PHONES = re.compile(r"[;,/]+")
_AROUND_AT = re.compile(r"\s*@\s*")
_EXTENSION = re.compile(r"[,\s]*(?:доб|вн|внутр|ext)[.\s:]*\d*.*$", re.IGNORECASE)
# What nearly all cells hold. The libraries would say the same, thirty times as slowly
_USUAL_PHONE = re.compile(r"(?:\+7|8)?[\s(-]*([349]\d\d)[\s)-]*(\d{3})[\s-]*(\d\d)[\s-]*(\d\d)", re.ASCII)
_USUAL_EMAIL = re.compile(
    r"([a-z0-9_]+(?:[.-][a-z0-9_]+)*)@((?:[a-z0-9]{1,60}(?:-[a-z0-9]{1,30})?\.){1,4}(?:ru|com|net|org|su))"
)
_LONGEST_LOCAL = 64
_SCHEME_TYPED = re.compile(r"(https?)\s*[:/][\s:/]*", re.IGNORECASE)


def tidy(cell: str) -> str:
    """One line of printable text: every kind of space is one space, invisible characters go."""
    text = " ".join(cell.split())
    if not text.isprintable():
        text = " ".join("".join(filter(str.isprintable, text)).split())
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def is_nothing(text: str) -> bool:
    """Whether a tidy cell only says that there is no value."""
    return text.casefold() in _NOTHING


class Cells:
    """The cells of one row by field. Values are asked for one by one; what is wrong is collected beside them."""

    def __init__(self, cells: Mapping[str, str], *, is_public: bool) -> None:
        self._cells, self._is_public = cells, is_public
        self.reasons: list[Remark] = []
        self.remarks: list[Remark] = []

    def text(self, field: str) -> str | None:
        """The tidy value; None when there is none. A cell that says so in words is remarked on."""
        text = tidy(self._cells.get(field, ""))
        if not is_nothing(text):
            return text
        if text:
            self.remark(field, "import-no-value", text)
        return None

    def required(self, field: str, rule: Callable[[str], str] | None = None, longest: int = LONGEST) -> str | None:
        """A value without which the row is rejected."""
        text = tidy(self._cells.get(field, ""))
        if is_nothing(text):
            self.reject(field, "empty")
            return None
        try:
            return _checked(text, rule, longest)
        except Fault as fault:
            self.reject(field, fault.code, **fault.params)
            return None

    def optional(self, field: str, rule: Callable[[str], str] | None = None, longest: int = LONGEST) -> str | None:
        """A value that is left out when it is wrong."""
        text = self.text(field)
        return self.checked(field, text, rule, longest) if text else None

    def checked(
        self, field: str, text: str, rule: Callable[[str], str] | None = None, longest: int = LONGEST
    ) -> str | None:
        """A part of a cell that is left out when it is wrong."""
        try:
            return _checked(text, rule, longest)
        except Fault as fault:
            self.remark(field, fault.code, text, **fault.params)
            return None

    def phones(self, field: str) -> list[str]:
        """Every number of the cell in E.164; an extension is left out."""
        found = []
        for part in self._parts(field, _PHONES, self.text(field) or ""):
            bare = _EXTENSION.sub("", part).strip()
            if bare != part.strip():
                self.remark(field, "import-phone-extension", part)
            found.append(self.checked(field, bare, phone) if bare else None)
        return _several(found)

    def emails(self, field: str) -> list[str]:
        """Every address of the cell."""
        parts = self._parts(field, _LISTED, _AROUND_AT.sub("@", self.text(field) or ""))
        return _several([self.checked(field, part.strip("."), email) for part in parts if part.strip(".")])

    def site(self, field: str) -> str | None:
        """The first address of the cell; there is room for one."""
        text = _SCHEME_TYPED.sub(r"\1://", self.text(field) or "")
        parts = self._parts(field, _LISTED, text)
        found = _several([self.checked(field, part.strip("."), fields.site) for part in parts if part.strip("./")])
        for other in found[1:]:
            self.remark(field, "import-site-several", other)
        return found[0] if found else None

    def _parts(self, field: str, splits: re.Pattern[str], text: str) -> list[str]:
        """The values of a cell that lists them, as many as there is room for: each may cost a remark."""
        parts = splits.split(text[:LONGEST_NAME])
        if len(text) > LONGEST_NAME or len(parts) > MOST_CONTACTS:
            self.remark(field, "too-long", text, max_length=MOST_CONTACTS)
        return parts[:MOST_CONTACTS]

    def reject(self, field: str, code: str, **params: Any) -> None:
        """A reason why the row is refused."""
        self.reasons.append(Remark(field, code, params))

    def remark(self, field: str, code: str, value: str, **params: Any) -> None:
        """Why a value was left out. What is about a person is not repeated."""
        said = {"value": value[:_QUOTED]} if self._is_public else {}
        self.remarks.append(Remark(field, code, params | said))


def _checked(text: str, rule: Callable[[str], str] | None, longest: int) -> str:
    if len(text) > longest:
        raise Fault("string-too-long", max_length=longest)
    return rule(text) if rule else text


def _several(found: list[str | None]) -> list[str]:
    return list(dict.fromkeys(filter(None, found)))


def phone(text: str) -> str:
    """One number in E.164."""
    usual = _USUAL_PHONE.fullmatch(text)
    return f"+7{''.join(usual.groups())}" if usual else fields.phone(text)


def email(text: str) -> str:
    """One address; a letter of another alphabet before the @ is a slip of the keyboard."""
    usual = _USUAL_EMAIL.fullmatch(text)
    if usual and len(usual[1]) <= _LONGEST_LOCAL:
        return text
    if not text.partition("@")[0].isascii():
        raise Fault("email-format")
    return fields.email(text)
