"""Words and messages: every template renders, every message reads as what was put in, nothing breaks out."""

import re
from datetime import UTC, datetime
from pathlib import Path

import notify
import pytest
from ekis_contracts.values import Lang
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from notify.domain.mails import Unsendable
from notify.domain.purposes import DIGEST, NOTICES, PURPOSES
from notify.gateways.gallery import ID, PARAMS, SAMPLES, Sample
from notify.gateways.mime import Skeleton, checked_address

from .reading import SITE, letter, parsed, part, with_addresses, written

NOW = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)
SKELETON = Skeleton("ЕКИС <noreply@ekis.example>")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: f"{it.purpose}-{it.lang}")
def test_every_purpose_renders_in_both_languages(sample: Sample) -> None:
    mail = written(sample)
    text, html = part(mail, "plain"), part(mail, "html")
    assert mail["Subject"]
    assert "\n\n\n" not in text, "an empty paragraph"
    assert "!" not in text, "we do not shout"
    assert "None" not in text + html
    assert "+7 495 276-04-20" in text
    assert "+7 495 651-92-94" in text
    assert set(re.findall(r"https?://[^/\s\"<]+", text + html)) == {SITE}
    assert not re.search(r"<(img|script|link|iframe)|url\(|@import", html), "nothing is fetched"
    words = text.replace("\n-- \n", "\n").replace("\n- ", "\n")
    assert re.sub(r"\s+", "", words) == re.sub(r"\s+", "", with_addresses(html)), "both parts say the same"


@pytest.mark.parametrize("sample", [it for it in SAMPLES if it.lang == "ru"], ids=lambda it: it.purpose)
def test_a_letter_in_russian_has_no_english_words(sample: Sample) -> None:
    text = re.sub(
        r"https?://\S+|petrova-an|[0-9A-Z]{4}(-[0-9A-Z]{4})+|k7mq\S+|[ART]26-\d+", "", part(written(sample), "plain")
    )
    assert not re.search(r"[A-Za-z]{2,}", text)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_there_are_no_templates_but_those_of_purposes(lang: str) -> None:
    folder = Path(notify.__file__).parent / "templates" / lang
    named = {purpose for purpose in PURPOSES if purpose not in NOTICES}
    assert {path.stem for path in folder.iterdir()} == named | {"letter", "named", "declinable", "notice"}


def test_an_application_for_a_school_that_is_there_is_not_to_be_repeated() -> None:
    text = part(letter("application-rejected", "ru", PARAMS["application-rejected"][1]), "plain")
    assert "https://ekis.test/request" in text
    assert "Исправьте" not in text


def test_a_forgotten_value_is_an_error_and_not_a_hole_in_the_text() -> None:
    with pytest.raises(UndefinedError):
        letter("request-referred", "ru", {})


def test_credentials_are_said_with_their_end_in_moscow_time() -> None:
    text = part(letter("account-created", "ru"), "plain")
    assert "petrova-an" in text
    assert "k7mq-29xw-4hdp" in text
    assert "до 24 ноября 2026, 15:30 по Москве" in text
    assert "https://ekis.test/signin" in text
    assert "before 24 November 2026, 15:30 Moscow time" in part(letter("account-created", "en"), "plain")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_who_asked_twice_is_not_told_of_a_cabinet_that_is_not_there(lang: Lang) -> None:
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
    assert "https://ekis.test/track#number=R26-000042&code=AB12-CD34-EF56-GH78" in part(mail, "plain")
    assert 'href="https://ekis.test/track#number=R26-000042&amp;code=AB12-CD34-EF56-GH78"' in part(mail, "html")


@pytest.mark.parametrize(
    "purpose",
    [
        "request-received",
        "application-submitted",
        "ticket-opened",
        "confirmation-email-change",
        "confirmation-email-code",
    ],
)
def test_nobody_can_make_us_write_a_strange_name_to_a_strange_address(purpose: str) -> None:
    mail = letter(purpose, "ru", name="buy.example")
    assert "buy.example" not in part(mail, "plain") + part(mail, "html")


def test_a_name_cannot_become_markup_or_a_link() -> None:
    html = part(letter("account-created", "ru", name='<a href="http://evil">&"\''), "html")
    assert "&lt;a href=" in html
    assert 'href="http://evil' not in html


def test_headers() -> None:
    mail = parsed(SKELETON.message(ID, "a@mail.ru", NOW, subject="Тема", text="т", html="<p>т</p>"))
    assert mail["From"] == "ЕКИС <noreply@ekis.example>"
    assert mail["Message-ID"] == f"<{ID}@ekis.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"


@given(
    subject=st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Co", "Cn"]), min_size=1),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
    html=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
)
def test_any_subject_and_bodies_come_back_as_they_were(subject: str, text: str, html: str) -> None:
    message = SKELETON.message(ID, "a@mail.ru", NOW, subject=subject, text=text, html=html)
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
        return SKELETON.message(ID, "a@mail.ru", NOW, subject=subject, text="", html="")

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
    mail = parsed(SKELETON.message(ID, address, NOW, subject="т", text="", html=""))
    recipients = [one.addr_spec.encode(errors="surrogateescape").decode() for one in mail["To"].addresses]
    assert recipients == [address]
    assert not {"Cc", "Bcc"} & set(mail.keys())


def test_a_cyrillic_domain_goes_in_ascii_and_a_cyrillic_mailbox_as_it_is() -> None:
    assert checked_address("анна@почта.рф") == "анна@xn--80a1acny.xn--p1ai"
    assert checked_address("a@straße.de") == "a@xn--strae-oqa.de", "not strasse.de, which is another's"
    assert checked_address("o'neil+a.b@mail.ru") == "o'neil+a.b@mail.ru"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_only_notices_and_digests_can_be_turned_off_with_one_click(purpose: str) -> None:
    mail = letter(purpose)
    if purpose in NOTICES or purpose == DIGEST:
        address = mail["List-Unsubscribe"]
        assert re.fullmatch(rf"<{SITE}/api/notify/unsubscribe\?token=[\w-]+>", address)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address.strip("<>") in part(mail, "plain")
    else:
        assert "List-Unsubscribe" not in mail
        assert "unsubscribe" not in part(mail, "html")


@pytest.mark.parametrize(
    ("total", "subject"),
    [(1, "1 новое сообщение"), (3, "3 новых сообщения"), (5, "5 новых сообщений"), (11, "11 новых сообщений"),
     (21, "21 новое сообщение"), (112, "112 новых сообщений")],
)  # fmt: skip
def test_numbers_go_with_their_forms(total: int, subject: str) -> None:
    params = {**PARAMS[DIGEST][0], "total": total}
    assert letter(DIGEST, params=params)["Subject"] == f"{subject} в кабинете ЕКИС"


def test_a_digest_groups_by_kind_and_counts_what_it_does_not_show() -> None:
    html = part(letter(DIGEST, params=PARAMS[DIGEST][2]), "html")
    assert re.findall("<h2>(.*?)</h2>", html) == ["Конкурсы и мероприятия", "Новости", "Опросы"]
    assert f'<li><a href="{SITE}/news/1">Каникулы начнутся 28 декабря</a></li>' in html
    assert "И ещё 5 сообщений." in html
