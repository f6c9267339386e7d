"""What `parley check` says of a scenario without errors."""

from __future__ import annotations

from sim.output.tables.scenario_checks import findings
from sim.scenario.loading.scenario_loader import scenario_from_data


def test_numbers_are_counted_by_where_they_come_from() -> None:
    known = {"value": 0.2, "assumption": "a guess"}
    party = {"salience": {"land": 1}, "reservation": known, "betrayal_loss": 0.1}
    case = scenario_from_data(
        {
            "issues": {"land": {}},
            "parties": {name: {**party, "aims": {"land": aim}} for name, aim in (("north", 0), ("south", 1))},
            "distrust": {"north": {"south": 0.5}, "south": {"north": known}},
        }
    )
    first, *warnings = findings(case)
    # Of each party aims, salience, reservation and betrayal loss, and two beliefs.
    assert first.startswith(
        "no errors; 10 parameters given (0 by a claim, 3 by an assumption, 7 without a source), 37 at neutral defaults"
    ), first
    assert [line.partition(":")[0] for line in warnings] == ["warning", "warning"]
