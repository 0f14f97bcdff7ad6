"""Which bytes, which delimiter, and cells that no spreadsheet runs."""

import pytest
from ekis_tables import Unreadable
from ekis_tables.encoding import Sniffer, delimiter_of
from ekis_tables.writing import csv_lines, defused
from hypothesis import given
from hypothesis import strategies as st

NBSP = "\u00a0"


def sniffed(*chunks: bytes) -> str:
    sniffer = Sniffer()
    for chunk in chunks:
        sniffer.feed(chunk)
    return sniffer.kind()


@pytest.mark.parametrize(
    ("line", "delimiter"), [("a;b;c", ";"), ("a,b", ","), ("a\tb", "\t"), ('"a,b,c";d', ";"), ("a", ";")]
)
def test_delimiters(line: str, delimiter: str) -> None:
    assert delimiter_of(line) == delimiter


@given(st.text(alphabet=st.characters(codec="cp1251", exclude_characters="\x00"), min_size=1))
def test_encodings_are_told_apart(text: str) -> None:
    text = f"Школа {text}"
    assert sniffed(text.encode()) == "utf-8-sig"
    assert sniffed(text.encode("utf-8-sig")) == "utf-8-sig"
    assert sniffed(text.encode("cp1251")) == "cp1251"


@given(st.integers(1, 40))
def test_where_chunks_are_cut_does_not_matter(size: int) -> None:
    for encoding, kind in (("utf-8", "utf-8-sig"), ("cp1251", "cp1251")):
        data = ("ИНН;КПП\nШкола;Гимназия\n" * 3).encode(encoding)
        assert sniffed(*(data[at : at + size] for at in range(0, len(data), size))) == kind


@pytest.mark.parametrize(("first", "second"), [("utf-8", "cp1251"), ("cp1251", "utf-8"), ("utf-8-sig", "cp1251")])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_mixture_is_refused_with_its_line(first: str, second: str, size: int) -> None:
    data = "Школа\nШкола\n".encode(first) + "Гимназия\n".encode(second)
    with pytest.raises(Unreadable, match="mixed") as refused:
        sniffed(*(data[at : at + size] for at in range(0, len(data), size)))
    assert refused.value.params == {"line": 3}


@pytest.mark.parametrize(
    "cell", ["=1+1", "+7", "-1", "@a", "\tx", "\rx", "＝1", "＋1", "－1", "＠a", " =1", f"{NBSP}=1"]
)
def test_formulas_are_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Школа № 1", "7718084659/771801001", "a=b"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert defused(cell) == cell


def test_lines_are_quoted_where_they_must_be() -> None:
    assert csv_lines([["a;b", None, 7], ['"', "=1", ""]]) == '"a;b";;7\r\n"""";\'=1;\r\n'
