"""Writes what the gateway serves for city systems below a folder: `python docs/site.py web/dist`.

`schemas/<type>.json` is what an event's `ce_dataschema` names.
"""

import json
import sys
from pathlib import Path

from ekis_contracts.schemas import schemas


def write_json(path: Path, content: object) -> None:
    """The folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def main() -> None:
    """Write everything below the folder named on the command line."""
    target = Path(sys.argv[1])
    for kind, schema in schemas().items():
        write_json(target / "schemas" / f"{kind}.json", schema)


if __name__ == "__main__":
    main()
