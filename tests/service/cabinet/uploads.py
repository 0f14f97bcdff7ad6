"""Files of every kind, made here, and how they are uploaded."""

import io
import zipfile
from typing import Any

from chassis.testing.opened import Opened

PARAGRAPH = '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:t>{}</w:t></w:r></w:p>'
DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def packed(**parts: str) -> bytes:
    """A zip with these parts; `__` stands for a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def docx(*paragraphs: str) -> bytes:
    """A document of Word."""
    return packed(**{"word__document.xml": DOCUMENT.format("".join(map(PARAGRAPH.format, paragraphs)))})


def pdf(text: str) -> bytes:
    """A page of Latin text: a PDF without a font of its own knows no other."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, end)


async def upload(it: Opened, headers: dict[str, str], name: str, content: bytes) -> Any:
    """The answer."""
    return await it.http.post("/cabinet/files", files={"file": (name, content)}, headers=headers)


async def uploaded(it: Opened, headers: dict[str, str], content: bytes, name: str = "приказ.txt") -> str:
    """The id of a file that was taken."""
    answer = await upload(it, headers, name, content)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["file_id"])
