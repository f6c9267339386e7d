"""Catalogue of charts: what each kind shows, what it needs, and which kinds suit a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matplotlib.axes import Axes

from sim.negotiation.model import RULES
from sim.output.chart_errors import ChartError
from sim.output.charts.kinds.distrust_over_time import distrust
from sim.output.charts.kinds.durability import durability
from sim.output.charts.kinds.negotiation_dance import dance, why_missing
from sim.output.charts.kinds.outcomes import composition, outcomes
from sim.output.charts.kinds.sampled_design import scatter
from sim.output.charts.kinds.scenario_differences import differences
from sim.output.charts.kinds.sensitivity import sensitivity
from sim.output.charts.kinds.settlement_curve import MOST_LINES, lines_of, settlement
from sim.output.charts.kinds.settlement_map import plane, surface
from sim.output.charts.kinds.settlement_terms import terms
from sim.output.charts.kinds.terms_compared import compared_terms
from sim.output.words.parameter_labels import point_label
from sim.output.words.sensitivity_sentences import explain_absence
from sim.scenario.errors import suggest
from sim.study.comparison import kept_comparisons
from sim.study.results.stored_study import StoredStudy
from sim.study.sensitivity import kept_sensitivities

Studies = Sequence[StoredStudy]


class Run(NamedTuple):
    """Run that a chart of the catalogue shows: its number, and that of its design point, None in a plain run."""

    number: int
    point: int | None


Maker = Callable[[Studies, Run, Axes | None], Axes]
"""Draws some results, or one run of one, on axes that are given or in a figure of its own."""


@dataclass(frozen=True)
class Kind:
    """Kind of chart in the catalogue: what it shows, how it is made, and why some results have none.

    `main` kinds are drawn as soon as a result is there; others when charts are asked for, if the result has what they
    need.
    """

    name: str
    shows: str
    make: Maker
    refuse: Callable[[Studies, Run], str | None]
    main: bool = False

    def draw(self, studies: Studies, run: int = 0, point: int | None = None, axes: Axes | None = None) -> Axes:
        """Draw results, on `axes` if given; of those that show one run, it is `run`, of a sweep at point `point`."""
        return self.make(studies, Run(run, point), axes)

    def lacks(self, studies: Studies, run: int = 0, point: int | None = None) -> str | None:
        """Return in words why these results have no such chart, None if they have."""
        return self.refuse(studies, Run(run, point))


def _lacks_settlement(studies: Studies, _: Run) -> str | None:
    for study in studies:
        if not study.is_sweep:
            return f"needs a sweep, and {study.path} is a run: {study.command_for('sweep')} --vary distrust=0:1:41"
    try:
        curves = lines_of(studies)
    except ValueError as error:
        return f"cannot be drawn: {error}"
    if curves > MOST_LINES:
        return f"would have {curves} lines, more than the {MOST_LINES} that can be told apart: vary fewer values"
    return None


def _lacks_map(studies: Studies, _: Run) -> str | None:
    if len(studies) > 1:
        return "is drawn of one sweep at a time"
    try:
        plane(studies[0])
    except ValueError:
        command = studies[0].command_for("sweep")
        return f"needs a sweep of two parameters that are numbers: {command} --vary PATH=FROM:TO:POINTS (twice)"
    return None


def _lacks_scatter(studies: Studies, _: Run) -> str | None:
    if len(studies) == 1 and studies[0].is_sweep and studies[0].summary["method"] != "grid":
        return None
    return f"needs one sampled sweep: {studies[0].command_for('sweep')} --vary PATH=FROM:TO --sample lhs:200"


def _lacks_composition(studies: Studies, _: Run) -> str | None:
    if len(studies) == 1 and len(studies[0].axes) == 1:
        return None
    return f"needs one sweep of one parameter: {studies[0].command_for('sweep')} --vary distrust=0:1:41"


def _lacks_plain_run(studies: Studies, _: Run) -> str | None:
    if len(studies) > 1:
        return "is drawn of one result at a time"
    study = studies[0]
    if study.is_sweep:
        return f"needs a plain run, and {study.path} is a sweep: {study.command_for('run')}"
    return None if study.finished else f"needs a finished run: {study.command_for('run')}"


def _lacks_settlements(studies: Studies, run: Run) -> str | None:
    lacking = _lacks_plain_run(studies, run)
    if lacking is not None:
        return lacking
    settled = studies[0].summary["outcomes"]["settlement"]["p"] > 0
    return None if settled else "has nothing to show: in none of these runs did they settle"


def _lacks_terms(studies: Studies, run: Run) -> str | None:
    if len(studies) == 1:
        return _lacks_settlements(studies, run)
    if len(studies) > MOST_LINES:
        return f"has room for {MOST_LINES} results"
    lacking = next((lacking for study in studies if (lacking := _lacks_plain_run([study], run))), None)
    if lacking is not None or any(study.summary["rounds"]["median"] is not None for study in studies):
        return lacking
    return "has nothing to show: no run of these results ended in a settlement"


def _lacks_durability(studies: Studies, run: Run) -> str | None:
    if len(studies) > MOST_LINES:
        return f"has room for {MOST_LINES} lines"
    return next(
        (lacking for study in studies if (lacking := _lacks_settlements([study], run) or _no_answer(study))), None
    )


def _no_answer(study: StoredStudy) -> str | None:
    reason = study.summary.get("unbreakable")
    return f"has nothing to show of {study.path}: {reason}" if reason else None


def _lacks_distrust(studies: Studies, run: Run) -> str | None:
    return _lacks_plain_run(studies, run) or _lacks_rules(studies[0])


def _lacks_dance(studies: Studies, run: Run) -> str | None:
    if len(studies) > 1:
        return "is drawn of one result at a time"
    study, last = studies[0], len(studies[0].points) - 1
    if not study.is_sweep and run.point is not None:
        return f"of {study.path} has no design points to choose from: it is a plain run"
    if study.is_sweep and run.point is None:
        return f"needs the design point of the run, and {study.path} is a sweep: {_choice(study)}"
    if study.is_sweep and not 0 <= run.point <= last:  # type: ignore[operator]
        return f"has no design point {run.point}: {_choice(study)}"
    if study.only_attributed:
        return f"needs runs, and {study.path} is a sensitivity study, which keeps none: {study.command_for('run')}"
    missing = why_missing(study, *run)
    return f"of {study.path} {missing}" if missing else _lacks_rules(study)


def _choice(study: StoredStudy) -> str:
    """How to name a design point of a sweep, with the first and the last as examples."""
    last = len(study.points) - 1
    first, final = (point_label(study.points[number], study.scenario) for number in (0, last))
    return f"--point 0 ({first}) to --point {last} ({final})"


def _lacks_rules(study: StoredStudy) -> str | None:
    """Why runs of a study cannot be played again to see inside, if that is so."""
    rules = study.manifest.get("versions", {}).get("rules", RULES)
    if rules == RULES:
        return None
    return f"plays runs again, and {study.path} was simulated under rules {rules}, not {RULES}: simulate it anew"


def _lacks_sensitivity(studies: Studies, _: Run) -> str | None:
    if len(studies) > 1:
        return "is drawn of one result at a time"
    found = kept_sensitivities(studies[0].path)
    if not found:
        return f"needs a sensitivity study{_of_a_run(studies[0])}: {studies[0].command_for('sensitivity')}"
    return None if found[0]["factors"] else f"has nothing to show: {explain_absence(found[0])}"


def _lacks_differences(studies: Studies, _: Run) -> str | None:
    if len(studies) == 1 and kept_comparisons(studies[0].path):
        return None
    return f"needs a comparison{_of_a_run(studies[0])}: {studies[0].command_for('compare')} --ablate"


def _of_a_run(study: StoredStudy) -> str:
    """What to add, for a sweep, where a command makes a result of its own of which there can be a chart."""
    return f" of a run, and {study.path} is a sweep" if study.is_sweep else ""


def _of_one(draw: Callable[..., Axes]) -> Maker:
    """Return how a chart of one result is made."""
    return lambda studies, _, axes: draw(studies[0], axes=axes)


def _of_several(draw: Callable[..., Axes]) -> Maker:
    """Return how a chart of one result or several is made."""
    return lambda studies, _, axes: draw(*studies, axes=axes)


_KINDS = (
    Kind(
        "settlement",
        "the share of settlements along a parameter; several results, or combinations, as lines",
        _of_several(settlement),
        _lacks_settlement,
        main=True,
    ),
    Kind("map", "that share over two parameters at once", _of_one(surface), _lacks_map, main=True),
    Kind("scatter", "that share over a sampled design", _of_one(scatter), _lacks_scatter, main=True),
    Kind("outcomes", "how the talks go, week by week", _of_one(outcomes), _lacks_plain_run, main=True),
    Kind(
        "terms",
        "on what terms they settle; of several results side by side, with their worth to each party",
        lambda s, _, axes: terms(s[0], axes=axes) if len(s) == 1 else compared_terms(*s, axes=axes),
        _lacks_terms,
        main=True,
    ),
    Kind("durability", "whether settlements hold", _of_several(durability), _lacks_durability),
    Kind("distrust", "how distrust moves while they talk", _of_one(distrust), _lacks_distrust),
    Kind(
        "composition",
        "how they end, along a parameter",
        _of_one(composition),
        _lacks_composition,
    ),
    Kind("differences", "what makes the difference", _of_one(differences), _lacks_differences),
    Kind(
        "sensitivity",
        "which assumptions move the answer",
        _of_one(sensitivity),
        _lacks_sensitivity,
    ),
    Kind(
        "dance",
        "the texts of one run (--run, --point)",
        lambda s, run, axes: dance(s[0], *run, axes=axes),
        _lacks_dance,
    ),
)

KINDS = {kind.name: kind for kind in _KINDS}
"""Every kind of chart, by name."""


def choose(name: str | None, studies: Studies, run: int = 0, point: int | None = None) -> Kind:
    """Return a kind of chart from the catalogue by name, or the first main kind that suits.

    Raises ChartError if there is none.
    """
    if name is None:
        kinds = suited(studies, only_main=True)
        if not kinds:
            raise ChartError(f"{studies[0].path}: there is no chart of this result")
        return kinds[0]
    if name not in KINDS:
        raise ChartError(f"no chart {name!r}: {suggest(name, KINDS)}")
    lacking = KINDS[name].lacks(studies, run, point)
    if lacking is not None:
        raise ChartError(f"the chart {name!r} {lacking}")
    return KINDS[name]


def suited(studies: Studies, only_main: bool = False) -> list[Kind]:
    """Return the kinds of charts in the catalogue that suit some results.

    They have all that is needed for these, except for one run's dance, which is asked for by name.
    """
    kinds = (kind for kind in _KINDS if kind.name != "dance" and (kind.main or not only_main))
    return [kind for kind in kinds if kind.lacks(studies) is None]
