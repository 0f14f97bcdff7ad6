"""Documents: when people are asked, how a text is cut and shown, what the sheet says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from cabinet.documents.domain.documents import Card, Document, Signature, Terms, Version
from cabinet.documents.domain.sheet import sheet
from cabinet.documents.domain.texts import CLOSE, OPEN, PASSAGE, as_html, clean, passages
from chassis.errors import Invalid, WrongStep
from ekis_contracts.values import Audience
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOON = NOW + timedelta(days=10)
CARD = Card("15-р", date(2026, 11, 1), "Департамент <образования>", "order", "О порядке", (), Audience(), None)
TERMS = Terms(UUID(int=1), date(2026, 12, 1), None, is_material=True, is_mandatory=True, acknowledge_by=SOON, note="")


def version(no: int, **terms: object) -> Version:
    return Version(UUID(int=no), UUID(int=9), no, replace(TERMS, **terms))  # type: ignore[arg-type] # fields of Terms


def test_people_are_asked_again_only_when_a_version_is_material() -> None:
    document = Document(UUID(int=9), CARD).published(version(1))
    assert (document.current_no, document.required_no, document.told) == (1, 1, 1)
    minor = document.published(version(2, is_material=False, acknowledge_by=SOON + timedelta(days=9)))
    assert (minor.current_no, minor.required_no, minor.acknowledge_by) == (2, 1, SOON)
    major = minor.published(version(3))
    assert (major.current_no, major.required_no, major.told) == (3, 3, 3)
    voluntary = major.published(version(4, is_mandatory=False, acknowledge_by=None))
    assert (voluntary.required_no, voluntary.acknowledge_by) == (None, None)
    asked_now = voluntary.published(version(5, is_material=False))
    assert asked_now.required_no == 5, "nobody has acknowledged anything yet"


def test_a_version_comes_out_once() -> None:
    with pytest.raises(WrongStep):
        Document(UUID(int=9), CARD).published(replace(version(1), published_at=NOW))


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        ({"in_force_to": date(2026, 11, 30)}, "/in_force_to"),
        ({"acknowledge_by": None}, "/acknowledge_by"),
        ({"acknowledge_by": NOW}, "/acknowledge_by"),
    ],
)
def test_terms_that_cannot_be(terms: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        replace(TERMS, **terms).checked(NOW)  # type: ignore[arg-type] # fields of Terms
    assert refused.value.errors[0].pointer == pointer


def test_reminders_that_would_have_been_before_the_publication_do_not_come() -> None:
    document = Document(UUID(int=9), CARD).published(version(1))
    assert document.reminders(NOW) == [SOON - timedelta(days=3), SOON - timedelta(days=1)]
    assert document.reminders(SOON - timedelta(days=2)) == [SOON - timedelta(days=1)]
    assert document.reminders(SOON - timedelta(hours=1)) == []


def test_words_that_a_line_has_broken_are_whole_and_nothing_hidden_stays() -> None:
    assert (
        clean("обра-\nзование\u00ad и\u200b  воспи\u0301тание\x00\n\n\n  детей")
        == "образование и воспи\u0301тание\nдетей"
    )
    assert clean("2024-\n2025") == "2024-\n2025"
    assert clean("<script>") == "‹script›", "PostgreSQL reads no words in what looks like a script"


@given(st.text(alphabet="абв \n.", max_size=3 * PASSAGE))
def test_no_word_is_lost_between_passages(text: str) -> None:
    cut = passages(clean(text))
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(one) <= PASSAGE for one in cut)


def test_what_was_found_is_marked_and_nothing_else_is_html() -> None:
    assert as_html(f"<b>{OPEN}приказ{CLOSE} & устав</b>") == "&lt;b&gt;<mark>приказ</mark> &amp; устав&lt;/b&gt;"


def test_the_sheet_says_who_and_when_in_moscow_and_lets_nothing_in() -> None:
    signed = Signature(
        1, UUID(int=1), False, "<i>Иванова", "Анна", None, "учитель", True, None, 1, NOW, bytes.fromhex("ab" * 32)
    )
    former = replace(signed, place=2, is_former=True, last_name=None, first_name=None, at=None, sha256=None)
    assert (signed.name, former.name) == ("<i>Иванова Анна", None)
    document = Document(UUID(int=9), CARD).published(version(1))
    page = sheet(document, "Школа № 1", [(signed.name or "", signed), ("Бывший сотрудник № 3", former)], NOW)
    assert "24.11.2026 15:00" in page
    assert "ab" * 32 in page
    assert "&lt;i&gt;Иванова Анна" in page
    assert "Бывший сотрудник № 3" in page
    assert "<i>" not in page
    assert "Департамент &lt;образования&gt;" in page
