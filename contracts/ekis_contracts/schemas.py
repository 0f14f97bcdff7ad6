"""JSON Schema export: `python -m ekis_contracts.schemas DIR` writes one file an event."""

import json
import sys
from pathlib import Path
from typing import Any

from ekis_contracts.event import catalogue


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) of every event by its CloudEvents type; sealed parts show what is inside."""
    return {kind: model.model_json_schema() for kind, model in sorted(catalogue().items())}


def main() -> None:
    """Write every schema into the directory named on the command line."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for kind, schema in schemas().items():
        (target / f"{kind}.json").write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
