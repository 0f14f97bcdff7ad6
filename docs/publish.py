"""Writes what the gateway serves for city systems below a folder: `python docs/publish.py web/dist`.

`schemas/<type>.json` is what an event's `ce_dataschema` names, `docs/asyncapi.json` the document of all events, and
`docs/events.html` the same for people, in the web client's font if its files are in the folder.
"""

import json
import sys
from pathlib import Path

from asyncapi import document
from ekis_contracts.schemas import schemas
from page import html, style

_ALPHABETS = ("cyrillic", "latin")


def write(path: Path, content: object) -> None:
    """Text as it is, everything else as JSON; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text)


def main() -> None:
    """Write everything below the folder named on the command line."""
    target = Path(sys.argv[1])
    events = document()
    names = [path.name for one in _ALPHABETS for path in target.glob(f"assets/golos-text-{one}-wght-*.woff2")]
    fonts = [f"/assets/{name}" for name in names]
    for kind, schema in schemas().items():
        write(target / "schemas" / f"{kind}.json", schema)
    write(target / "docs" / "asyncapi.json", events)
    write(target / "docs" / "events.html", html(events, fonts))
    write(target / "docs" / "page.css", style(fonts))


if __name__ == "__main__":
    main()
