"""Documents that are made from the code are those the code makes now."""

from __future__ import annotations

import json
from pathlib import Path

from sim.scenario.editors import json_schema

ROOT = Path(__file__).parents[1]


def test_the_schema_beside_the_scenarios_is_the_schema_of_the_code():
    kept = (ROOT / "docs/reference/scenario.schema.json").read_text(encoding="utf-8")
    assert json.loads(kept) == json_schema()
