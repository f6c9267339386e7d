"""Scheduled events: which parameters are set, who does harm and who sends a signal, in which round."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.model.schema import Scenario


@dataclass(frozen=True)
class Act:
    """Act of a scheduled event: a parameter that is set, a hostile incident, or a costly signal.

    `kind` is "set" (`target` a parameter path), "incident" or "signal" (`target` a party); `source` is the path under
    which the new value, the severity or the likelihood is found among the scenario's values.
    """

    kind: str
    target: str
    source: str


class Schedule:
    """Schedule of the acts of all events by round, in the order of the scenario's file."""

    def __init__(self, case: Scenario) -> None:
        self._acts: dict[int, list[Act]] = {}
        for number, event in enumerate(case.events):
            acts = self._acts.setdefault(event.round, [])
            if event.signal is not None:
                acts.append(Act("signal", event.signal.by, f"events.{number}.signal.likelihood"))
            elif event.incident is not None:
                acts.append(Act("incident", event.incident.by, f"events.{number}.incident.severity"))
            else:
                acts.extend(Act("set", path, f"events.{number}.set.{path}") for path in event.set)

    def acts(self, round_: int) -> list[Act]:
        """Return the acts scheduled for a round."""
        return self._acts.get(round_, [])
