"""The gallery: every letter as a file, shown by the mail catcher."""

from pathlib import Path

import httpx
from chassis.testing.opened import Opened
from ekis_local.devmail import Devmail
from notify.__main__ import gallery
from notify.domain.purposes import PURPOSES


async def test_every_letter_can_be_looked_at(notify: Opened, tmp_path: Path) -> None:
    async with Devmail(letters=tmp_path / "letters") as mail:
        base = f"http://127.0.0.1:{mail.http_port}"
        async with httpx.AsyncClient(base_url=base, follow_redirects=True) as http:
            assert (await http.get("/gallery")).status_code == 404, "nothing is there yet"
            await gallery(notify.runtime, [str(tmp_path / "letters")])
            page = (await http.get("/gallery")).text
            written = {path.stem[4:] for path in (tmp_path / "letters").glob("*.html") if path.stem != "index"}
            assert written == {f"{purpose}-{lang}" for purpose in PURPOSES for lang in ("ru", "en")}
            assert all(path.name in page for path in (tmp_path / "letters").iterdir() if path.stem != "index")
            assert "Здравствуйте" in (await http.get("/gallery/000-application-submitted-ru.html")).text


async def test_without_letters_there_is_no_gallery(mail: Devmail) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{mail.http_port}") as http:
        assert (await http.get("/gallery/index.html")).status_code == 404
