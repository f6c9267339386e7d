"""A negotiation of one run is an ordinary Mesa model, for Mesa's own tools."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from importlib.metadata import version

import mesa
import pytest
from mesa.datacollection import DataCollector

from sim.negotiation.agents import Guarantor, Party
from sim.negotiation.mediator import Mediator
from sim.negotiation.model import Negotiation
from tests.negotiation.cases import FULL, PIE, outcomes, scenario

RUNS = 20


class Watched(Negotiation):
    """A negotiation that collects data, as a user of Mesa would write it: nothing but a step and a collection."""

    def __init__(self, case, first=0, rng=None, seed=None):
        super().__init__(case, runs=1, first=first)
        self.datacollector = DataCollector(
            model_reporters={
                "session": lambda model: int(model.session[0]),
                "outcome": lambda model: "" if model.running else str(model.outcomes()["outcome"][0]),
                "terms": lambda model: None if model.running else float(model.outcomes()["terms.land"][0]),
                "held": lambda model: None if model.running else int(model.outcomes()["held"][0]),
                "Round": "steps",
            },
            agenttype_reporters={
                Party: {
                    "distrust": lambda party: float(party.distrust[party.others[0]][0]),
                    "reservation": "reservation",
                    "name": "name",
                }
            },
            agent_reporters={"name": "name"},
        )

    def step(self):
        super().step()
        self.datacollector.collect(self)


def batch(**parameters):
    return mesa.batch_run(Watched, parameters, number_processes=1, max_steps=1000, display_progress=False)


def last_rows(rows):
    """The last row of every run, in the order of the runs: one row an agent and run is one too many."""
    return [
        next(row for row in reversed(rows) if row["RunId"] == run) for run in sorted({row["RunId"] for row in rows})
    ]


@pytest.fixture(scope="module")
def ensemble():
    return outcomes(scenario(FULL), RUNS)


@pytest.fixture(scope="module")
def batched():
    return last_rows(batch(case=[scenario(FULL)], first=range(RUNS)))


def test_batch_run_plays_the_runs_of_the_ensemble(ensemble, batched):
    assert len(batched) == RUNS
    assert [row["first"] for row in batched] == list(ensemble["run"])
    assert [row["outcome"] for row in batched] == list(ensemble["outcome"])
    assert [row["held"] for row in batched] == list(ensemble["held"])
    assert [row["Round"] for row in batched] == list(ensemble["round"])
    settled = ensemble["outcome"] == "settlement"
    assert 0 < settled.sum() < RUNS
    assert [row["terms"] for row, yes in zip(batched, settled, strict=True) if yes] == list(
        ensemble["terms.land"][settled]
    )


def test_batch_run_over_scenarios():
    cases = [scenario(FULL), scenario(FULL, mediator=None)]
    rows = last_rows(batch(case=cases, first=range(4)))
    assert len(rows) == 8
    for case in cases:
        mine = [row["outcome"] for row in rows if row["case"] == case]
        assert mine == list(outcomes(case, 4)["outcome"])


def test_a_model_starts_running_and_counts_its_steps():
    model = Negotiation(scenario(FULL), 1, 2)
    assert model.running
    assert model.steps == 0
    model.step()
    assert model.steps == 1
    model.run_model()
    assert not model.running
    assert model.steps == model.outcomes()["round"][0]


def test_the_agents_are_those_of_the_scenario():
    model = Negotiation(scenario(FULL))
    assert [(type(agent), agent.name) for agent in model.agents] == [
        (Party, "north"),
        (Party, "south"),
        (Mediator, "third"),
        (Guarantor, "league"),
    ]
    assert len(model.agents_by_type[Party]) == 2
    assert len({agent.unique_id for agent in model.agents}) == 4
    assert list(model.agents.select(lambda agent: isinstance(agent, Party)).get("reservation")) == [
        model.values["parties.north.reservation"],
        model.values["parties.south.reservation"],
    ]


def test_without_a_mediator_there_is_no_mediator_agent():
    model = Negotiation(scenario(PIE, mediator=None))
    assert [agent.name for agent in model.agents] == ["a", "b"]


def test_the_data_collector_records_every_round():
    model = Watched(scenario(FULL), first=3)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    alone = outcomes(scenario(FULL), 1, 3)
    assert len(frame) == alone["round"][0]
    assert list(frame["Round"]) == list(range(1, len(frame) + 1))
    for session, column in ((0, "silent"), (1, "mediated"), (2, "direct")):
        assert (frame["session"] == session).sum() == alone[column][0]
    assert set(frame["outcome"][:-1]) <= {""}
    assert frame["outcome"].iloc[-1] == alone["outcome"][0]


def test_the_data_collector_records_agents():
    model = Watched(scenario(FULL), first=3)
    model.run_model()
    everybody = model.datacollector.get_agent_vars_dataframe()
    assert set(everybody.xs(1, level="Step")["name"]) == {"north", "south", "third", "league"}
    parties = model.datacollector.get_agenttype_vars_dataframe(Party)
    assert len(parties) == 2 * model.steps
    last = parties.xs(model.steps, level="Step").set_index("name")["distrust"]
    found = model.outcomes()
    assert last["north"] == found["distrust.north.south"][0]
    assert last["south"] == found["distrust.south.north"][0]
    north = parties[parties["name"] == "north"]["distrust"]
    assert north.nunique() > 1


def test_the_model_draws_no_luck_from_mesas_own_generator():
    """Whatever Mesa's generator is seeded with or used for, run n stays run n."""
    plain = outcomes(scenario(FULL), 5)
    for rng in (0, 1, 12345):
        model = Negotiation(scenario(FULL), 5, rng=rng)
        while model.running:
            model.random.random()
            model.rng.random()
            model.step()
        assert list(model.outcomes()["round"]) == list(plain["round"])
        assert list(model.outcomes()["outcome"]) == list(plain["outcome"])


def test_models_do_not_pile_up():
    model = Negotiation(scenario(PIE))
    model.run_model()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_the_rest_of_mesa_comes_when_it_is_asked_for():
    """A command does without pandas and networkx; whoever imports Mesa later has all of it, and the same classes."""
    code = """
import sys
from sim.negotiation.model import Negotiation
print({"pandas", "networkx"} & sys.modules.keys())
import mesa
print(mesa.Model in Negotiation.__mro__, mesa.agent.Agent is mesa.Agent, mesa.batch_run.__module__, mesa.__version__)
from mesa import *
print(DataCollector is mesa.DataCollector, hasattr(mesa, "nothing"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "set()",
        f"True True mesa.batchrunner {version('mesa')}",
        "True False",
    ]


def test_a_mesa_whose_modules_need_its_init_first_is_imported_as_ever(tmp_path):
    """Its model asks the package for something that only the `__init__` brings, and that needs the model."""
    (tmp_path / "mesa").mkdir()
    for name, text in {
        "__init__": "import mesa.agent\nfrom mesa.model import Model\nfrom mesa.late import Agent",
        "agent": "import mesa.late\nfrom mesa.late import Agent",
        "late": "import sys\nif 'mesa.model' in sys.modules: raise ImportError('too late')\nclass Agent: ...",
        "model": "from mesa.agent import Agent\nclass Model: ...",
    }.items():
        (tmp_path / "mesa" / f"{name}.py").write_text(text)
    code = "import sim.negotiation.mesa_core as core, mesa; print(core.Model is mesa.Model, core.Agent is mesa.Agent)"
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True True\n"
