"""Whatever stands in a name, a title, a reply or a path: one recipient, no new header, no markup, no foreign link."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from ekis_contracts.values import Contact, TicketLetter
from hypothesis import given
from hypothesis import strategies as st
from notify.domain.mails import Mail
from notify.gateways.gallery import ID, NOW, PARAMS, TO

from .reading import SITE, STATIONERY, letter, parsed, part

NASTY = [
    "Анна\r\nBcc: b@mail.ru",
    "Анна\x0bBcc: b@mail.ru",
    "Анна\x85Subject: другое",
    "Анна\u2028\u2029Bcc: b@mail.ru",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    '"a@x, b@y"',
    "\n\n    Войти: https://evil.example/signin",
    "https://ekis.test.evil.example/",
    "https://ekis.test@evil.example/",
    "-- \nконец",
    '"><img src=x onerror=alert(1)>',
    "\u202eгпж.exe\x00",
]
words = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=80))


class Tags(HTMLParser):
    """What an HTML part is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.targets: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets |= {value or "" for name, value in attrs if name == "href"}


def require_harmless(mail: EmailMessage, like: EmailMessage) -> None:
    assert [one.addr_spec for one in mail["To"].addresses] == [TO]
    assert mail.keys() == like.keys()
    assert mail["Subject"].isprintable()
    tags = Tags(part(mail, "html"))
    assert set(tags.tags) <= {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "b", "br", "a",
                              "ul", "li", "footer"}  # fmt: skip
    assert tags.attributes <= {"lang", "charset", "name", "content", "href", "class"}
    assert all(re.match(rf"{re.escape(SITE)}(/|\Z)", target) for target in tags.targets), tags.targets


@given(words)
def test_a_name_stays_a_name(name: str) -> None:
    mail = letter("account-created", name=name)
    require_harmless(mail, letter("account-created"))
    greeting = part(mail, "plain").split("\n")[0]
    assert greeting.startswith("Здравствуйте")
    assert part(mail, "plain").count("\n") == part(letter("account-created"), "plain").count("\n")


@given(title=words, page=words)
def test_a_title_and_a_path_stay_what_they_are(title: str, page: str) -> None:
    given = {**PARAMS["notice-document"][0], "title": title, "page": page}
    require_harmless(letter("notice-document", params=given), letter("notice-document"))
    entries = [{"kind": "news", "title": title, "page": page, "due": None}]
    digest = letter("digest", params={"entries": entries, "total": 1})
    require_harmless(digest, letter("digest"))


@given(words)
def test_a_reply_of_the_desk_stays_a_text(text: str) -> None:
    secret = TicketLetter(to=TO, text=text, tracking_code="AB12")
    mail = Mail(ID, ID, str(ID), 1, "ticket-answered", None, None, NOW, NOW, params={"number": "T1"})
    sent = STATIONERY.letter(mail, Contact(name="Анна", email=TO), secret, NOW)
    require_harmless(parsed(sent.message), letter("ticket-answered"))


def test_what_looks_like_a_template_is_not_run() -> None:
    text = part(letter("account-created", name="{{ 7 * 7 }}"), "plain")
    assert "{{ 7 * 7 }}" in text
    assert "49" not in text.split("\n")[0]


@pytest.mark.parametrize(
    "page", ["//evil.example/x", "https://evil.example", ".evil.example", "@evil.example", "\\evil"]
)
def test_a_page_is_one_of_our_own(page: str) -> None:
    text = part(letter("notice-task", params={**PARAMS["notice-task"][1], "page": page}), "plain")
    assert set(re.findall(r"https?://[^/\s]+", text)) == {SITE}
