"""Words and messages: every template renders, every message reads as what was put in, nothing breaks out."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import notify
import pytest
from ekis_contracts.values import Contact, Credentials, Tracking, Value
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from notify.domain.mails import PURPOSES, Mail, Unsendable
from notify.gateways.letters import Stationery
from notify.gateways.mime import Skeleton, checked_address

NOW = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)
MAIL_ID = UUID(int=7)
STATIONERY = Stationery("ЕКИС <noreply@ekis.example>", "https://ekis.test", ("+7 495 276-04-20", "+7 495 651-92-94"))
SKELETON = Skeleton("ЕКИС <noreply@ekis.example>")
SECRETS: dict[type[Value], Value] = {
    Credentials: Credentials(to="a@mail.ru", login="petrova-an", one_time_password="k7mq-29xw", expires_at=NOW),
    Tracking: Tracking(to="a@mail.ru", tracking_code="AB12-CD34"),
}
UNTIL = "2026-11-28T11:05:00+00:00"
PARAMS: dict[str, list[dict[str, object]]] = {
    "application-submitted": [{"number": "A26-000042"}],
    "application-approved": [{"number": "A26-000042", "reason": None}],
    "application-rejected": [
        {"number": "A26-000042", "reason": reason} for reason in ("not-a-school", "school-already-registered")
    ],
    "application-withdrawn": [{"number": "A26-000042", "reason": None}],
    "application-expired": [{"number": "A26-000042", "reason": None}],
    "application-clarification-requested": [{"number": "A26-000042", "reason": None}],
    "request-received": [{"number": "R26-000042"}],
    "request-referred": [{"until": UNTIL}, {"until": None}],
    "request-declined": [
        {"reason": reason}
        for reason in (
            "requisites-mismatch",
            "school-not-active",
            "left-roll",
            "declined-by-head",
            "declined-by-department",
            None,
        )
    ],
    "request-withdrawn": [{"reason": None}],
    "request-expired": [{"reason": None}],
    "request-duplicate": [{"reason": "open-request"}, {"reason": "has-account"}],
    "account-activated": [{"category": "head"}, {"category": "employee"}],
    "account-suspended": [{"reason": r, "until": u} for r in ("left-roll", "other") for u in (UNTIL, None)],
}
CASES = [
    (purpose, lang, params) for purpose in PURPOSES for lang in ("ru", "en") for params in PARAMS.get(purpose, [{}])
]


def a_mail(purpose: str, params: dict[str, object]) -> Mail:
    return Mail(
        mail_id=MAIL_ID,
        event_id=MAIL_ID,
        subject="a",
        version=1,
        purpose=purpose,
        contact=None,
        contact_event=None,
        queued_at=NOW,
        expires_at=NOW,
        params=params,
    )


def parsed(message: bytes) -> EmailMessage:
    mail = message_from_bytes(message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def letter(purpose: str, lang: str, params: dict[str, object], name: str = "Анна Петровна") -> EmailMessage:
    kind = PURPOSES[purpose]
    contact = Contact.model_validate({"name": name, "email": "a@mail.ru", "lang": lang})
    sent = STATIONERY.letter(a_mail(purpose, params), contact, SECRETS[kind] if kind else None, NOW)
    assert sent.recipient == "a@mail.ru"
    return parsed(sent.message)


@pytest.mark.parametrize(("purpose", "lang", "params"), CASES, ids=str)
def test_every_purpose_renders_in_both_languages(purpose: str, lang: str, params: dict[str, object]) -> None:
    mail = letter(purpose, lang, params)
    text, html = part(mail, "plain"), part(mail, "html")
    assert mail["Subject"]
    assert "\n\n\n" not in text, "an empty paragraph"
    assert "!" not in text, "we do not shout"
    assert "+7 495 276-04-20" in text
    assert "+7 495 651-92-94" in text
    assert set(re.findall(r"https?://[^/\s]+", text)) == {"https://ekis.test"}
    assert "<img" not in html
    assert re.sub(r"\s+", "", text) in re.sub(r"\s+|<[^>]+>", "", html.replace("&amp;", "&")), "both parts say the same"


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_there_are_no_templates_but_those_of_purposes(lang: str) -> None:
    folder = Path(notify.__file__).parent / "templates" / lang
    assert {path.stem for path in folder.iterdir()} == {*PURPOSES, "letter", "named"}


def test_an_application_for_a_school_that_is_there_is_not_to_be_repeated() -> None:
    text = part(letter("application-rejected", "ru", PARAMS["application-rejected"][1]), "plain")
    assert "https://ekis.test/request" in text
    assert "Исправьте" not in text


def test_a_forgotten_value_is_an_error_and_not_a_hole_in_the_text() -> None:
    with pytest.raises(UndefinedError):
        letter("request-referred", "ru", {})


def test_credentials_are_said_with_their_end_in_moscow_time() -> None:
    text = part(letter("account-created", "ru", {}), "plain")
    assert "petrova-an" in text
    assert "k7mq-29xw" in text
    assert "до 25 ноября, 14:05 по Москве" in text
    assert "https://ekis.test/signin" in text
    assert "before 25 November, 14:05 Moscow time" in part(letter("account-created", "en", {}), "plain")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_who_asked_twice_is_not_told_of_a_cabinet_that_is_not_there(lang: str) -> None:
    twice = letter("request-duplicate", lang, {"reason": "open-request"})
    has_one = letter("request-duplicate", lang, {"reason": "has-account"})
    assert twice["Subject"] != has_one["Subject"]
    assert "https://ekis.test/track" in part(twice, "plain")
    assert "/signin" not in part(twice, "plain")
    assert "https://ekis.test/signin" in part(has_one, "plain")
    for mail in (twice, has_one):
        assert "/help/" not in part(mail, "plain"), "pages that are not there yet"


def test_the_tracking_code_stands_behind_the_number_sign() -> None:
    mail = letter("request-received", "ru", {"number": "R26-000042"})
    assert "https://ekis.test/track#number=R26-000042&code=AB12-CD34" in part(mail, "plain")
    assert 'href="https://ekis.test/track#number=R26-000042&amp;code=AB12-CD34"' in part(mail, "html")


@pytest.mark.parametrize("purpose", ["request-received", "application-submitted"])
def test_nobody_can_make_us_write_a_strange_name_to_a_strange_address(purpose: str) -> None:
    mail = letter(purpose, "ru", {"number": "1"}, name="buy.example")
    assert "buy.example" not in part(mail, "plain") + part(mail, "html")


def test_a_name_cannot_become_markup_or_a_link() -> None:
    html = part(letter("account-created", "ru", {}, name='<a href="http://evil">&"\''), "html")
    assert "&lt;a href=" in html
    assert 'href="http://evil' not in html


def test_headers() -> None:
    mail = parsed(SKELETON.message(MAIL_ID, "a@mail.ru", NOW, subject="Тема", text="т", html="<p>т</p>"))
    assert mail["From"] == "ЕКИС <noreply@ekis.example>"
    assert mail["Message-ID"] == f"<{MAIL_ID}@ekis.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"


@given(
    subject=st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Co", "Cn"]), min_size=1),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
    html=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
)
def test_any_subject_and_bodies_come_back_as_they_were(subject: str, text: str, html: str) -> None:
    message = SKELETON.message(MAIL_ID, "a@mail.ru", NOW, subject=subject, text=text, html=html)
    mail = parsed(message)
    assert [address.addr_spec for address in mail["To"].addresses] == ["a@mail.ru"]
    assert mail["Subject"] == subject
    assert part(mail, "plain") == text
    assert part(mail, "html") == html
    assert all(len(line) <= 76 for line in message.split(b"\r\n") if not line.startswith(b"Content-Type: multipart"))
    assert b"\r" not in message.replace(b"\r\n", b"")
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert not any(line.startswith(b".") for line in message.split(b"\r\n"))


@given(st.text(max_size=60))
def test_a_hostile_subject_is_refused_or_harmless(subject: str) -> None:
    def message(subject: str) -> bytes:
        return SKELETON.message(MAIL_ID, "a@mail.ru", NOW, subject=subject, text="", html="")

    if subject.isprintable():
        assert parsed(message(subject)).keys() == parsed(message("")).keys()
    else:
        with pytest.raises(Unsendable, match="subject-invalid"):
            message(subject)


HOSTILE = [
    "a@mail.ru\r\nBcc: b@mail.ru",
    "a@mail.ru\n",
    "a@mail.ru, b@mail.ru",
    "a@mail.ru;b@mail.ru",
    "<a@mail.ru>",
    "a@mail.ru> SIZE=1",
    "Anna <a@mail.ru>",
    '"a b"@mail.ru',
    "a b@mail.ru",
    "a@b@mail.ru",
    "a@[127.0.0.1]",
    "a@localhost",
    "@mail.ru",
    "a@",
    "",
    "a\x00@mail.ru",
    "a\u2028@mail.ru",
    "a@mail\u200b.ru",
    "a" * 300 + "@mail.ru",
    "group:a@mail.ru;",
    "a@" + "я" * 70 + ".ru",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(Unsendable, match="address-invalid"):
        checked_address(address)


@given(st.from_regex(r"\A[^@]{1,20}@[^@]{1,20}\.[a-z]{2}\Z"))
def test_a_taken_address_is_the_only_recipient(text: str) -> None:
    try:
        address = checked_address(text)
    except Unsendable:
        return
    mail = parsed(SKELETON.message(MAIL_ID, address, NOW, subject="т", text="", html=""))
    recipients = [one.addr_spec.encode(errors="surrogateescape").decode() for one in mail["To"].addresses]
    assert recipients == [address]
    assert not {"Cc", "Bcc"} & set(mail.keys())


def test_a_cyrillic_domain_goes_in_ascii_and_a_cyrillic_mailbox_as_it_is() -> None:
    assert checked_address("анна@почта.рф") == "анна@xn--80a1acny.xn--p1ai"
    assert checked_address("a@straße.de") == "a@xn--strae-oqa.de", "not strasse.de, which is another's"
    assert checked_address("o'neil+a.b@mail.ru") == "o'neil+a.b@mail.ru"
