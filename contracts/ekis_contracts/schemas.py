"""JSON Schema export: `python -m ekis_contracts.schemas DIR` writes one file an event."""

import json
import sys
from pathlib import Path
from typing import Any

from ekis_contracts.event import catalogue

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CLOSED = ("additionalProperties", False)  # of producers' models


def schemas() -> dict[str, Schema]:
    """JSON Schema (2020-12) of every event by its CloudEvents type, as its readers need it; sealed parts show what is
    inside. A reader lets in fields that it does not know, so that one more of them breaks nobody."""
    models = sorted(catalogue().items())
    return {kind: {"$schema": _DIALECT} | inlined(model.model_json_schema()) for kind, model in models}


def inlined(schema: Schema) -> Schema:
    """The same schema in one piece, without references into `$defs`, open to unknown fields."""
    definitions = schema.get("$defs", {})

    def whole(node: Any) -> Any:
        if isinstance(node, list):
            return [whole(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            node = definitions[node["$ref"].rsplit("/", 1)[1]] | {key: node[key] for key in node if key != "$ref"}
        kept = {key: value for key, value in node.items() if key != "$defs" and (key, value) != _CLOSED}
        return {key: whole(value) for key, value in kept.items()}

    result: Schema = whole(schema)
    return result


def main() -> None:
    """Write every schema into the directory named on the command line."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for kind, schema in schemas().items():
        (target / f"{kind}.json").write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
