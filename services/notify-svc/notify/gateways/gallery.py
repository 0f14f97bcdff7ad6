"""Every letter with invented data, written by the same code as real ones, to be looked at and judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

from ekis_contracts.values import Confirmation, Contact, Credentials, Lang, TicketLetter, Tracking

from notify.domain.mails import Letter, Mail
from notify.domain.purposes import DIGEST, NOTICES, PURPOSES, Secret
from notify.gateways.letters import PHRASES, Stationery

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
ID = UUID(int=7)
TO = "anna@school.example"
_UNTIL = "2026-12-08T12:30:00+00:00"
_APPLICATION, _REQUEST, _TICKET = ({"number": f"{letter}26-000042"} for letter in "ART")
_REPLY = (
    "Проверили: в списке сотрудников у вас указан старый адрес почты, поэтому письмо с паролем ушло на него.\n\n"
    "Попросите руководителя школы исправить адрес. Потом нажмите «Прислать новое письмо» на странице запроса."
)
SECRETS: Mapping[type[Secret], Secret] = {
    Credentials: Credentials(to=TO, login="petrova-an", one_time_password="k7mq-29xw-4hdp", expires_at=NOW),  # noqa: S106
    Tracking: Tracking(to=TO, tracking_code="AB12-CD34-EF56-GH78"),
    Confirmation: Confirmation(to=TO, code="7K3M-9QXA", expires_at=NOW),
    TicketLetter: TicketLetter(to=TO, text=_REPLY, tracking_code="AB12-CD34-EF56-GH78"),
}
_TITLES = {
    "news": "Каникулы начнутся 28 декабря",
    "document": "Приказ № 412 «О порядке проведения итогового сочинения»",
    "reminder": "Приказ № 398 ждёт вашего ознакомления",
    "contest": "Учитель года — 2027: ваша заявка одобрена",
    "poll": "Чего не хватает в электронном дневнике",
    "exam-results": "ОГЭ 2026, математика",
    "lesson": "Алгебра, 9Б: занятие перенесено",
    "task": "Подтвердите нового сотрудника школы",
}
_ENTRIES = [
    {"kind": kind, "title": _TITLES[kind], "page": f"/{kind}/1", "due": _UNTIL if kind == "poll" else None}
    for kind in ("news", "poll", "contest")
]


def _because(purpose: str, **more: Any) -> list[dict[str, Any]]:
    return [{"reason": reason, **more} for reason in PHRASES[purpose]]


# What the events say, by purpose, every reason in turn; a purpose that is not here says nothing of its own
PARAMS: Mapping[str, list[dict[str, Any]]] = {
    **{purpose: [_APPLICATION | {"reason": None}] for purpose in PURPOSES if purpose.startswith("application-")},
    "application-rejected": [_APPLICATION | {"reason": it} for it in ("not-a-school", "school-already-registered")],
    "request-received": [_REQUEST],
    "request-referred": [*_because("request-referred", until=_UNTIL), {"reason": "not-on-roll", "until": None}],
    "request-declined": _because("request-declined"),
    "request-duplicate": [{"reason": "open-request"}, {"reason": "has-account"}],
    "account-activated": [{"category": "head"}, {"category": "employee"}],
    "account-suspended": [
        *_because("account-suspended", until=None, days=None),
        {"reason": "left-roll", "until": _UNTIL, "days": 14},
    ],
    "account-resumed": _because("account-resumed"),
    "account-disabled": _because("account-disabled"),
    **{purpose: [_TICKET] for purpose in PURPOSES if purpose.startswith("ticket-")},
    **{
        purpose: [{"kind": kind, "title": _TITLES[kind], "page": f"/{kind}/1", "due": due} for due in (_UNTIL, None)]
        for purpose, kind in NOTICES.items()
    },
    DIGEST: [
        {"entries": _ENTRIES, "total": 3},
        {"entries": _ENTRIES[:1], "total": 1},
        {"entries": _ENTRIES, "total": 8},
    ],
}


@dataclass(frozen=True)
class Sample:
    """A letter to invent."""

    purpose: str
    lang: Lang
    params: dict[str, Any]

    def written(self, stationery: Stationery, name: str = "") -> Letter:
        """As it would leave, to somebody of this name."""
        name = name or ("Анна Сергеевна" if self.lang == "ru" else "Anna")
        contact = Contact(name=name, email=TO, lang=self.lang)
        kind = PURPOSES[self.purpose]
        mail = Mail(ID, ID, str(ID), 1, self.purpose, None, None, NOW, NOW, account_id=ID, params=self.params)
        return stationery.letter(mail, contact, SECRETS[kind] if kind else None, NOW)


SAMPLES = [
    Sample(purpose, lang, params)
    for purpose in PURPOSES
    for params in PARAMS.get(purpose, [{}])
    for lang in get_args(Lang)
]


def write_gallery(stationery: Stationery, folder: Path) -> int:
    """Write a page that shows all samples beside each other, each also alone. How many."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = "".join(_figure(folder, number, sample, stationery) for number, sample in enumerate(SAMPLES))
    (folder / "index.html").write_text(_PAGE.format(count=len(SAMPLES), shown=shown))
    return len(SAMPLES)


def _figure(folder: Path, number: int, sample: Sample, stationery: Stationery) -> str:
    mail = message_from_bytes(sample.written(stationery).message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    name = f"{number:03d}-{sample.purpose}-{sample.lang}"
    for kind, text in zip(("plain", "html"), _parts(mail), strict=True):
        (folder / f"{name}.{kind.replace('plain', 'txt')}").write_text(text)
    return _FIGURE.format(name=name, purpose=sample.purpose, subject=escape(str(mail["Subject"])))


def _parts(mail: EmailMessage) -> Iterator[str]:
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        yield str(part.get_content()).replace("\r\n", "\n")


_PAGE = """<!doctype html>
<html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Письма</title>
<style>
:root {{ color-scheme: light dark }} body {{ font: 16px/1.5 sans-serif; margin: 24px 16px }}
main {{ display: grid; grid-template-columns: minmax(0, 390px); gap: 24px }}
@media (min-width: 840px) {{ main {{ grid-template-columns: repeat(2, 390px) }} }}
@media (min-width: 1680px) {{ main {{ grid-template-columns: repeat(4, 390px) }} }}
figure {{ margin: 0 }} iframe {{ width: 100%; height: 560px; border: 1px solid gray }}
figcaption {{ overflow-wrap: anywhere }}
</style>
<h1>Все письма: {count}</h1>
<main>{shown}</main>
</html>"""
_FIGURE = """<figure><figcaption><b>{purpose}</b>: {subject} · <a href="{name}.html">html</a> ·
<a href="{name}.txt">text</a></figcaption><iframe loading="lazy" title="{name}" src="{name}.html"></iframe></figure>
"""
