"""Settings of a scenario, whatever they may be, for properties that hold of all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from sim.explore.state.page_settings import MEDIATOR, MOST_RUNS, Setting, Settings, case
from sim.scenario.errors import ScenarioError
from sim.scenario.model.parameter_kinds import Choice, Number, Whole
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Scenario


def settings_of(base: Scenario) -> st.SearchStrategy[Settings]:
    """Settings that a page of the scenario could have."""
    known = parameters(base)
    numbers = [path for path, parameter in known.items() if isinstance(parameter.kind, Number)]
    changes = st.dictionaries(st.sampled_from(list(known)), st.none(), max_size=6).flatmap(
        lambda drawn: st.fixed_dictionaries({path: _setting(known[path]) for path in drawn})
    )
    without = st.just({MEDIATOR: None}) if base.mediator is not None else st.just({})
    return st.builds(
        lambda seed, runs, changed, gone, along: Settings(seed, runs, {**changed, **gone}, along),
        st.integers(0, 2**63 - 1),
        st.integers(1, MOST_RUNS),
        changes,
        st.one_of(st.just({}), without),
        st.sampled_from(["distrust", *numbers]),
    ).filter(lambda settings: _possible(base, settings))


def _possible(base: Scenario, settings: Settings) -> bool:
    """Whether the values can stand together: an event may come after the last round, a stake lack aims."""
    try:
        case(base, settings)
    except ScenarioError:
        return False
    return True


def _setting(parameter: Parameter) -> st.SearchStrategy[Setting]:
    kind = parameter.kind
    if isinstance(kind, Choice):
        return st.sampled_from(kind.words)
    if isinstance(kind, Whole):
        return st.integers(kind.low, kind.high)
    assert isinstance(kind, Number)
    low = kind.low + 0.001 if kind.positive or parameter.path.split(".")[-2:-1] == ["salience"] else kind.low
    number = st.floats(low, min(kind.high, 50.0), allow_nan=False, allow_subnormal=False).map(lambda x: x + 0.0)
    pair = st.tuples(number, number).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: (min(ends), max(ends)))
    return st.one_of(number, pair)
