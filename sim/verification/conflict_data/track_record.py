"""Track record: the reference scenarios' shares as forecasts of crises that are over, scored beside simple baselines.

The model is fitted to none of them. Baselines are, which the model has to bear where they are fitted to the very crises
that are forecast; beside that they are fitted on the earlier period and scored on the later. The model speaks of wars
alone: in all crises baselines contend among themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.verification.conflict_data.crisis_cells import AGREEMENT, EARLY, LATE, QUIET, Cell, Event
from sim.verification.conflict_data.crisis_forecasts import (
    Forecast,
    agreement_forecast,
    base_rate,
    holding_forecast,
    mediated_or_not,
    regression,
)
from sim.verification.conflict_data.forecast_scores import Lead, Score, lead, score
from sim.verification.conflict_data.reference_estimates import Played

MODEL, BASE_RATE, MEDIATED, REGRESSION = "the model", "the base rate", "mediation alone", "a logistic regression"


@dataclass(frozen=True)
class Contest:
    """Contest of forecasts in a track record: what was forecast, of how many crises, on what baselines were fitted.

    The first of the `scores` is that of the contestant; `leads` are its leads over the others, in their order.
    """

    question: str
    crises: int
    fitted: str
    scores: Sequence[Score]
    leads: Sequence[Lead]


def track_record(played: Played, cells: Sequence[Cell]) -> list[Contest]:
    """Return the track record: forecasts scored on past crises, contest by contest.

    `played` are runs of the reference scenarios.
    """
    wars = [cell for cell in cells if cell.violence == "war"]
    agreed, held = ({MODEL: forecast(played, wars)} for forecast in (agreement_forecast, holding_forecast))
    mediated = [cell for cell in wars if cell.mediated]
    war, after = "an agreement in a full-scale war", "no new crisis within five years of a mediated war"
    very, before, since = "these very wars", f"those of {_years(EARLY)}", f"in {_years(LATE)}"
    return [
        contest(war, AGREEMENT, wars, wars, very, agreed),
        contest(f"{war} {since}", AGREEMENT, _of(LATE, wars), _of(EARLY, wars), before, agreed),
        contest(after, QUIET, mediated, mediated, very, held),
        contest(f"{after} {since}", QUIET, _of(LATE, mediated), _of(EARLY, mediated), before, held),
        contest(f"an agreement in any crisis {since}", AGREEMENT, _of(LATE, cells), _of(EARLY, cells), before, {}),
    ]


def _years(period: str) -> str:
    """A period as it is printed."""
    return period.replace("-", "–")


def _of(period: str, cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.period == period]


def contest(
    question: str,
    event: Event,
    cells: Sequence[Cell],
    fitted: Sequence[Cell],
    fitted_to: str,
    contestants: Mapping[str, Forecast],
) -> Contest:
    """Return the contest of some forecasts with baselines, which are fitted to the cells `fitted`, over some cells.

    Without contestants the baseline that knows of mediation contends with the others.
    """
    forecasts = dict(contestants)
    if len({cell.mediated for cell in fitted}) > 1:
        forecasts[MEDIATED] = mediated_or_not(fitted, event)
    forecasts |= {BASE_RATE: base_rate(fitted, event), REGRESSION: regression(fitted, event)}
    (_, first), *others = forecasts.items()
    return Contest(
        question,
        sum(map(event.trials, cells)),
        fitted_to,
        [score(name, forecast, cells, event) for name, forecast in forecasts.items()],
        [lead(first, name, other, cells, event) for name, other in others],
    )
