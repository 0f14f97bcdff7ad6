"""Words: a template, what it says, and a person's language become a message.

A template is plain text whose first line is the subject. The HTML part is made from the text: a blank line ends a
paragraph, four spaces set a line apart, hyphens begin the lines of a list (the line above is its heading), two hyphens
the foot. Only our own links are links; one that ends a line, after a colon, goes behind the words before it.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date, format_datetime
from ekis_contracts.values import Contact, Lang
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from notify.domain.mails import Letter, Mail
from notify.domain.preferences import MOSCOW
from notify.domain.purposes import NOTICES, Secret, declined_as
from notify.domain.unsubscribing import Declined, write_token
from notify.gateways.mime import Skeleton, checked_address, opening

TEMPLATES = Path(__file__).parents[1] / "templates"
PHRASES: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads((TEMPLATES / "phrases.toml").read_text())

_MOMENT = {"ru": "d MMMM y, HH:mm 'по' 'Москве'", "en": "d MMMM y, HH:mm 'Moscow' 'time'"}
_DAY = "d MMMM y"
_APART, _ITEM, _FOOT = "    ", "- ", "\n-- \n"
_VALUE = re.compile(r"^(.*: |)([^\s<>]{1,40})$")  # a code or a password, which must not be broken
_LONG = "text"  # the only value that may have several lines


@dataclass(frozen=True)
class Sender:
    """What is the same on all letters; `secret` is the key of unsubscribe links."""

    address: str
    public_url: str
    desk_phones: Sequence[str]
    secret: bytes


class Stationery:
    """Templates with the sender on them."""

    def __init__(self, sender: Sender) -> None:
        environment = partial(Environment, loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined)
        words = environment(auto_reload=False, trim_blocks=True, lstrip_blocks=True)
        self._site, self._secret = sender.public_url.rstrip("/"), sender.secret
        words.filters |= {"moment": moment, "day": day, "plural": plural, "link": self._page}
        words.globals |= {"site": self._site, "phones": sender.desk_phones, "phrase": phrase}
        self._words = words
        sheets = environment(auto_reload=False, autoescape=True)
        self._sheet, head = sheets.get_template("sheet.html"), sheets.get_template("head.html")
        self._heads = {lang: opening(head.render(lang=lang)) for lang in get_args(Lang)}
        self._skeleton = Skeleton(sender.address)
        self._shown = str(escape(self._site))
        link = re.escape(self._shown) + r"(?:[/#?][^\s<>]*)?(?![^\s<>])"
        self._link, self._behind = re.compile(link), re.compile(rf"(\S.*): ({link})")

    def letter(self, mail: Mail, contact: Contact, secret: Secret | None, now: datetime) -> Letter:
        """Ready to leave. Raises Unsendable for an address or a subject that could break the message."""
        recipient, lang = checked_address(contact.email), mail.params.get("lang", contact.lang)
        unsubscribe = self._unsubscribe(mail)
        said = {**mail.params, **(secret.model_dump() if secret else {}), "name": contact.name}
        subject, text = self.words(mail.purpose, lang, said | {"unsubscribe": unsubscribe})
        words, _, foot = text.rpartition(_FOOT)
        parts = {"paragraphs": self._paragraphs(words), "footer": self._paragraphs(foot)}
        html = self._sheet.render(subject=subject, **parts)
        message = self._skeleton.message(
            mail.mail_id,
            recipient,
            now,
            subject=subject,
            text=text,
            html=html,
            head=self._heads[lang],
            leave=unsubscribe,
        )
        return Letter(recipient, message)

    def words(self, purpose: str, lang: str, said: dict[str, Any]) -> tuple[str, str]:
        """Subject and text. Whatever is said stays on its line, so nothing of it becomes a paragraph or a header."""
        template = "notice" if purpose in NOTICES else purpose
        rendered = self._words.get_template(f"{lang}/{template}.txt").render(_tame(said) | {"lang": lang})
        subject, _, text = rendered.partition("\n")
        return subject, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def _page(self, page: str) -> str:
        """The address of a page of our own, whatever was given as its path."""
        return f"{self._site}/{quote(page.lstrip('/'), safe='/?#&=-._~%')}"

    def _unsubscribe(self, mail: Mail) -> str | None:
        kind = declined_as(mail.purpose)
        if kind is None or mail.account_id is None:
            return None
        return f"{self._site}/api/notify/unsubscribe?token={write_token(self._secret, Declined(mail.account_id, kind))}"

    def _paragraphs(self, text: str) -> list[Markup]:
        return [self._paragraph(part) for part in text.strip("\n").split("\n\n") if part.strip()]

    def _paragraph(self, part: str) -> Markup:
        lines = part.strip("\n").split("\n")
        if lines[-1].startswith(_ITEM) and all(line.startswith(_ITEM) for line in lines[1:]):
            return self._list(lines)
        if not part.startswith(_APART):
            return Markup(f"<p>{'<br>'.join(map(self._line, lines))}</p>")  # noqa: S704 - escaped line by line
        if len(lines) == 1 and self._behind.fullmatch(str(escape(lines[0].strip()))):
            return Markup(f'<p class="action">{self._line(lines[0])}</p>')  # noqa: S704
        apart = "<br>".join(_VALUE.sub(r"\1<b>\2</b>", self._line(line)) for line in lines)
        return Markup(f'<p class="set-apart">{apart}</p>')  # noqa: S704

    def _list(self, lines: list[str]) -> Markup:
        items = "".join(f"<li>{self._line(line.removeprefix(_ITEM))}</li>" for line in lines if line.startswith(_ITEM))
        head = "" if lines[0].startswith(_ITEM) else f"<h2>{self._line(lines[0])}</h2>"
        return Markup(f"{head}<ul>{items}</ul>")  # noqa: S704

    def _line(self, line: str) -> str:
        escaped = str(escape(line.strip()))
        if self._shown not in escaped:
            return escaped
        if behind := self._behind.fullmatch(escaped):
            return f'<a href="{behind[2]}">{behind[1]}</a>'
        return self._link.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escaped)


def _tame(said: Any) -> Any:
    """No control character, no line end, no separator of Unicode in anything said; paragraphs in a long text alone."""
    if isinstance(said, str):
        if said.isprintable() and said == " ".join(said.split()):
            return said
        return " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    if isinstance(said, dict):
        return {name: _tame_long(value) if name == _LONG else _tame(value) for name, value in said.items()}
    return [_tame(one) for one in said] if isinstance(said, list) else said


def _tame_long(text: str) -> str:
    return "\n".join(map(_tame, text.splitlines())).strip()


@pass_context
def phrase(context: Context, group: str, code: str | None) -> str:
    """What a code means, in words."""
    codes = PHRASES[group]
    return codes.get(code or "other", codes.get("other", {}))[context["lang"]]


@pass_context
def moment(context: Context, value: str | datetime) -> str:
    """A moment in words, Moscow time: «28 ноября 2026, 14:05 по Москве»."""
    lang = context["lang"]
    return str(format_datetime(_moscow(value), _MOMENT[lang], locale=lang))


@pass_context
def day(context: Context, value: str | datetime) -> str:
    """A day in words, as it is in Moscow: «28 ноября 2026»."""
    return str(format_date(_moscow(value), _DAY, locale=context["lang"]))


@pass_context
def plural(context: Context, number: int, **forms: str) -> str:
    """The form that goes with a number by the rules of CLDR: one, few and many in Russian, one and other in English."""
    return forms[Locale.parse(context["lang"]).plural_form(number)]


def _moscow(value: str | datetime) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(MOSCOW)
