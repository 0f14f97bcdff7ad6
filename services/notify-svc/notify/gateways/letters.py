"""Words: a template, what it says, and a person's language become a message.

A template is plain text whose first line is the subject. The HTML part is made from the text: a blank line ends a
paragraph, four spaces set a line apart, and only our own links are links.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from ekis_contracts.values import Contact, Value
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from notify.domain.mails import Letter, Mail
from notify.gateways.mime import Skeleton, checked_address

MOSCOW = ZoneInfo("Europe/Moscow")
_MOMENT = {"ru": "d MMMM, HH:mm 'по' 'Москве'", "en": "d MMMM, HH:mm 'Moscow' 'time'"}
_INDENT = "    "


class Stationery:
    """Templates with the sender, the desk's phones and the address of the site on them."""

    def __init__(self, sender: str, public_url: str, desk_phones: Sequence[str]) -> None:
        loader = FileSystemLoader(Path(__file__).parents[1] / "templates")
        environment = partial(Environment, loader=loader, undefined=StrictUndefined, auto_reload=False)
        self._words = environment(trim_blocks=True, lstrip_blocks=True)
        self._words.filters |= {"moment": moment, "day": day}
        self._words.globals |= {"site": public_url.rstrip("/"), "phones": desk_phones}
        self._sheet = environment(autoescape=True).get_template("sheet.html")
        self._skeleton = Skeleton(sender)
        self._link = re.compile(re.escape(str(escape(public_url.rstrip("/")))) + r"[^\s<>]*")

    def letter(self, mail: Mail, contact: Contact, secret: Value | None, now: datetime) -> Letter:
        """Ready to leave. Raises Unsendable for an address or a subject that could break the message."""
        recipient = checked_address(contact.email)
        said = {**mail.params, **(secret.model_dump() if secret else {}), "name": contact.name}
        subject, text = self.words(mail.purpose, contact.lang, said)
        html = self._sheet.render(lang=contact.lang, subject=subject, paragraphs=self._paragraphs(text))
        return Letter(
            recipient, self._skeleton.message(mail.mail_id, recipient, now, subject=subject, text=text, html=html)
        )

    def words(self, purpose: str, lang: str, said: dict[str, Any]) -> tuple[str, str]:
        """Subject and text."""
        rendered = self._words.get_template(f"{lang}/{purpose}.txt").render(said, lang=lang)
        subject, _, text = rendered.partition("\n")
        return subject, text.strip() + "\n"

    def _paragraphs(self, text: str) -> list[Markup]:
        return [self._paragraph(part) for part in text.strip().split("\n\n") if part.strip()]

    def _paragraph(self, part: str) -> Markup:
        escaped = escape(part.strip("\n"))
        linked = self._link.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', str(escaped))
        lines = "<br>".join(line.strip() for line in linked.split("\n"))
        kind = ' class="set-apart"' if part.startswith(_INDENT) else ""
        return Markup(f"<p{kind}>{lines}</p>")  # noqa: S704 - escaped above, our own links apart


@pass_context
def moment(context: Context, value: str | datetime) -> str:
    """A moment in words, Moscow time: «28 ноября, 14:05 по Москве»."""
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    lang = context["lang"]
    return str(format_datetime(when.astimezone(MOSCOW), _MOMENT[lang], locale=lang))


@pass_context
def day(context: Context, value: str | datetime) -> str:
    """A day in words, as it is in Moscow: «28 ноября»."""
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(format_date(when.astimezone(MOSCOW), "d MMMM", locale=context["lang"]))
