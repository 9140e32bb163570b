"""The JSON Schema of the export, as it ships: what another program may rely on."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def export_schema() -> dict[str, Any]:
    """The whole schema: one definition a file of the export, beside those they share."""
    text = (files("commtrace.report") / "export.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def row_schema(name: str) -> dict[str, Any]:
    """The schema of one row of a file (`findings.jsonl`), or of the whole `manifest.json`.

    Raises KeyError for a file that the export does not have.
    """
    whole = export_schema()
    if "." not in name or name not in whole["$defs"]:
        raise KeyError(name)
    kept = {key: value for key, value in whole.items() if key in {"$schema", "$defs"}}
    return {**kept, "$ref": f"#/$defs/{name}"}
