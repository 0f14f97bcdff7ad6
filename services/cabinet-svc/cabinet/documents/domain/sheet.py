"""«Лист ознакомления»: who of a school has acknowledged a document, to be printed and signed on."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from string import Template

from cabinet.documents.domain.documents import Document, Signature
from cabinet.people.domain import MOSCOW

_STYLE = """
body { font: 12pt/1.35 "PT Serif", "Times New Roman", serif; margin: 2rem auto; max-width: 60rem; }
h1 { font-size: 15pt; text-align: center; } p { margin: 0.3rem 0; }
.hash { font: 8pt monospace; word-break: break-all; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; } thead { display: table-header-group; }
th, td { border: 1px solid #000; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
tr { break-inside: avoid; }
@page { size: A4; margin: 15mm; } @media print { body { margin: 0; max-width: none; } }
"""
_PAGE = Template("""<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><title>Лист ознакомления</title><style>$style</style></head><body>
<h1>Лист ознакомления</h1>
<p>$name от $issued_on, $issuer</p><p>Версия № $no. Ознакомиться до $until.</p><p>$school</p>
<table><thead><tr><th>№</th><th>Фамилия, имя, отчество</th><th>Должность</th><th>Ознакомлен(а)</th><th>Подпись</th></tr>
</thead><tbody>
$rows
</tbody></table>
<p>Составлен $now (московское время). Отметка об ознакомлении сделана в личном кабинете ЕКИС.</p>
</body></html>
""")
_ROW = Template("<tr><td>$number</td><td>$name</td><td>$post</td><td>$at</td><td></td></tr>")


def sheet(document: Document, school: str, lines: Sequence[tuple[str, Signature]], now: datetime) -> str:
    """A page of HTML that needs nothing else; a line is what somebody is called and what is known."""
    card = document.card
    rows = [_row(number, *line) for number, line in enumerate(lines, 1)]
    said = {"name": card.name, "issuer": card.issuer, "school": school, "issued_on": f"{card.issued_on:%d.%m.%Y}"}
    until = _moment(document.acknowledge_by) if document.acknowledge_by else "—"
    more = {"no": str(document.required_no), "until": until, "now": _moment(now)}
    escaped = {key: escape(value) for key, value in (said | more).items()}
    return _PAGE.substitute(escaped, style=_STYLE, rows="\n".join(rows))


def _row(number: int, name: str, one: Signature) -> str:
    mark = f'{_moment(one.at)}<div class="hash">{one.sha256.hex()}</div>' if one.at and one.sha256 else ""
    return _ROW.substitute(number=number, name=escape(name), post=escape(one.post or ""), at=mark)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(MOSCOW):%d.%m.%Y %H:%M}"
