from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.negotiation.model import Negotiation
from sim.output.tables.run_narrative import narrate_run
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario

RUNS = 150


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(Path(__file__).parents[2] / "study" / "data" / "small.yaml")


def rows(case: Scenario) -> list[dict[str, object]]:
    model = Negotiation(case, runs=RUNS)
    model.run_model()
    columns = model.outcomes()
    return [{name: column[run] for name, column in columns.items()} for run in range(RUNS)]


@pytest.fixture(scope="module")
def unruly(small: Scenario) -> Scenario:
    """Runs that end, and settlements that break, in every way there is."""
    return assign(
        small,
        {
            "parties.*.impatience": 20.0,
            "parties.*.contact_aversion": 0.5,
            "parties.*.reliability": 0.98,
            "parties.first.front": 1,
            "battlefield.volatility": 0.02,
            "implementation.front": 1.0,
            "incidents.rate.*": 0.2,
            "mediator.impatience": 1.0,
            "mediator.trust_loss": 0.5,
            "distrust.us.*": 0.3,
        },
    )


def test_it_is_the_run_that_the_ensemble_contains(unruly: Scenario) -> None:
    """Every story ends as its row says."""
    kinds = set()
    for row in rows(unruly):
        story = list(narrate_run(unruly, int(row["run"])))
        text = " ".join(story)
        kinds.add((row["outcome"], row["cause"]))
        weeks = [int(number) for number in re.findall(r"Weeks? (?:\d+ to )?(\d+)\.", text)]
        assert weeks[-1] == row["round"]
        assert text.count("They met face to face.") <= row["direct"]
        assert ("gave up mediating" in text) == (row["mediator_left"] > 0)
        match row["outcome"]:
            case "settlement":
                assert "a settlement." in text
                broken = f"{str(row['broken_by']).capitalize()} broke it" if row["broken_by"] else "held to the end"
                assert broken in story[-1]
            case "walkout":
                assert f"{str(row['by']).capitalize()} walked out." in text
            case "impasse":
                assert text.endswith("The deadline passed without an agreement.")
    assert {outcome for outcome, _ in kinds} == {"settlement", "walkout", "impasse"}
    assert {cause for _, cause in kinds} == {"", "type", "fear"}


def test_texts_and_answers_are_told(small: Scenario) -> None:
    run = next(int(row["run"]) for row in rows(small) if row["by"] == "us")
    text = " ".join(narrate_run(small, run))
    assert text.startswith(f"Run {run} of A small negotiation, seed 7.")
    assert "land: 0 = all of it is the first's; 1 = all of it is the second's" in text
    assert re.search(r"The US tabled land 0\.\d\d and money 0\.\d\d\.", text)
    assert re.search(
        r"valued it at 0\.\d\d( \(0\.\d\d after discounting the author\))?, asked for 0\.\d\d and (accepted|refused)",
        text,
    )
    assert re.search(r"distrust of Second fell from 0\.\d\d to 0\.\d\d", text)


def test_without_a_mediator_none_is_named(small: Scenario) -> None:
    alone = assign(small, {"mediator": None})
    assert "US" not in " ".join(narrate_run(alone, 0))


def test_scheduled_events_are_told(small: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    file.write_text(
        f"extends: {Path(__file__).parents[2] / 'study' / 'data' / 'small.yaml'}\n"
        "events:\n"
        "  - {round: 1, signal: {by: first, likelihood: 0.2}, about: an exchange}\n"
        "  - {round: 1, incident: {by: second}}\n"
        "  - {round: 1, set: {mediator.style: facilitation}}\n"
    )
    text = " ".join(narrate_run(load_scenario(file), 0))
    assert "a reassuring signal by First (an exchange)" in text
    assert "a hostile act by Second" in text
    assert "from now on the mediator's style is facilitation" in text


def test_an_event_is_told_in_its_week_alone(small: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "later.yaml"
    base = Path(__file__).parents[2] / "study" / "data" / "small.yaml"
    file.write_text(
        f"extends: {base}\nparties: {{first: {{precondition: 5}}}}\n"
        "events: [{round: 3, incident: {by: second}, about: a raid}]\n"
    )
    story = list(narrate_run(load_scenario(file), 0))
    (place,) = [place for place, said in enumerate(story) if "a raid" in said]
    weeks = [said for said in story[: place + 1] if re.match(r"Weeks? ", said)]
    assert re.match(r"Week 3\.", weeks[-1])


def test_texts_of_the_first_party_are_told_where_no_belief_moves(small: Scenario) -> None:
    still = assign(small, {"parties.*.trust_gain": 0, "mediator": None, "distrust": 0.1})
    told = " ".join(said for run in range(20) for said in narrate_run(still, run))
    assert "First tabled" in told
    assert "Second tabled" in told


def test_a_run_in_another_block_can_be_told(small: Scenario) -> None:
    assert next(narrate_run(small, 5000)).startswith("Run 5000")


RECEPTION = re.compile(
    r"(?P<who>[\w ]+) valued it at (?P<value>\d\.\d\d)(?: \((?P<seen>\d\.\d\d) (?P<why>[^)]*)\))?, "
    r"asked for (?P<asked>\d\.\d\d) and (?P<said>accepted|refused)(?P<anyway> anyway)?\."
)


def receptions(case: Scenario, runs: int) -> list[dict[str, str | None]]:
    """Every answer in the stories of the first runs."""
    stories = (" ".join(narrate_run(case, run)) for run in range(runs))
    return [found.groupdict() for story in stories for found in RECEPTION.finditer(story)]


def test_anyway_marks_the_answers_against_a_partys_own_figures(small: Scenario) -> None:
    """What is as good as what was asked for is accepted, what is not is refused; all else is marked."""
    kinds = set()
    for each in receptions(assign(small, {"sharpness": 8.0, "parties.*.devaluation": 0.1}), 12):
        seen, asked = float(each["seen"] or each["value"] or ""), float(each["asked"] or "")
        kinds.add((each["said"], each["anyway"]))
        if seen != asked:
            assert (each["said"] == "accepted") == ((seen > asked) != bool(each["anyway"])), each
    assert kinds == {("accepted", None), ("accepted", " anyway"), ("refused", None), ("refused", " anyway")}


def test_without_error_nobody_answers_against_its_own_figures(small: Scenario) -> None:
    found = receptions(assign(small, {"sharpness": 1e9}), 12)
    assert {each["said"] for each in found} == {"accepted", "refused"}
    assert not any(each["anyway"] for each in found)


def test_texts_are_discounted_by_who_distrusts_the_author_and_worth_more_under_pressure(small: Scenario) -> None:
    plain = assign(small, {"parties.*.devaluation": 0.0})
    assert not any(each["seen"] for each in receptions(plain, 8))
    for each in receptions(assign(small, {"parties.*.devaluation": 0.2}), 8):
        if each["seen"]:
            assert each["why"] == "after discounting the author"
            assert float(each["seen"]) < float(each["value"] or "")
    pressed = assign(plain, {"mediator.style": "manipulation", "mediator.leverage": 0.3})
    found = receptions(pressed, 8)
    assert found and all(each["why"] == "with the mediator's pressure to sign" for each in found)
    assert all(float(each["seen"] or "") > float(each["value"] or "") for each in found)


def test_distrust_rises_and_falls_as_the_numbers_say(unruly: Scenario) -> None:
    ways = set()
    for run in range(30):
        for way, then, now in re.findall(
            r"(rose|fell) from (\d\.\d\d) to (\d\.\d\d)", " ".join(narrate_run(unruly, run))
        ):
            ways.add(way)
            assert (way == "rose") == (float(now) > float(then))
    assert ways == {"rose", "fell"}


def test_hostile_acts_by_chance_are_named_with_who_did_them(small: Scenario) -> None:
    always = assign(small, {"incidents.rate.first": 1.0, "incidents.rate.second": 0.0, "parties.*.trust_loss": 0.5})
    story = list(narrate_run(always, 0))
    weeks = [paragraph for paragraph in story if paragraph.startswith("Week ")]
    assert weeks and all("By chance: a hostile act by First." in week for week in weeks)
    assert not any("by Second" in week.partition("Outside")[0] for week in weeks)
    assert re.search(
        r"By chance: a hostile act by First\. Outside the talks, Second's distrust of First rose", story[8]
    )
    both = " ".join(narrate_run(assign(always, {"incidents.rate.second": 1.0}), 0))
    assert "By chance: hostile acts by First and Second." in both
    assert "By chance" not in " ".join(narrate_run(assign(small, {"incidents.rate.*": 0.0}), 0))


def test_a_scheduled_act_is_no_chance(small: Scenario) -> None:
    from sim.scenario.loading.scenario_loader import scenario_from_data
    from sim.scenario.model.parameters import resolved

    events = [{"round": 1, "incident": {"by": "second"}, "about": "An attack."}]
    story = " ".join(narrate_run(scenario_from_data({**resolved(small), "events": events}), 0))
    assert "As scheduled: a hostile act by Second (An attack)." in story
    assert "By chance" not in story


def test_what_an_event_sets_is_said_in_words_with_what_this_run_drew(small: Scenario) -> None:
    from sim.scenario.loading.scenario_loader import scenario_from_data
    from sim.scenario.model.parameters import resolved

    change = {"parties.first.contact_aversion": {"range": [0.5, 1.5]}, "mediator.bias.second": 0.25}
    case = scenario_from_data({**resolved(small), "events": [{"round": 1, "set": change}]})
    drawn = []
    for run in (0, 1):
        found = re.search(
            r"from now on First's aversion to contact is (\d\.?\d*) \(drawn from 0\.5–1\.5\) and "
            r"the mediator's bias towards Second is 0\.25\.",
            " ".join(narrate_run(case, run)),
        )
        assert found
        drawn.append(float(found[1]))
    model = Negotiation(case, runs=2)
    known = model.values["events.0.set.parties.first.contact_aversion"]
    assert drawn == pytest.approx(list(known), abs=0.006)


def test_talks_are_face_to_face_or_through_the_mediator(small: Scenario) -> None:
    shy = assign(small, {"parties.*.contact_aversion": 1e6, "distrust.*.us": 0.0})
    story = " ".join(narrate_run(shy, 0))
    assert "They talked through the US." in story and "face to face" not in story
    story = " ".join(narrate_run(assign(small, {"parties.*.contact_aversion": 0.0, "distrust": 0.3}), 0))
    assert "They met face to face." in story and "through the US" not in story
    wary = {"distrust": 0.99, "distrust.*.us": 0.0, "parties.*.trust_gain": 0.0, "parties.*.impatience": 0.0}
    idle = list(narrate_run(assign(small, wary | {"parties.*.contact_aversion": 0.0}), 0))[-2]
    declared = "First could sign nothing and declared its aims"
    assert idle.startswith(f"Weeks 1 to 11. They talked. {declared}: with the risk of betrayal at 0.99")
    idle = list(narrate_run(assign(small, wary | {"parties.*.contact_aversion": 1e6}), 0))[-2]
    assert idle.startswith("Weeks 1 to 11. They talked through the US. First could sign nothing and declared its aims")
    assert idle.endswith("even a settlement on its own terms would be worth less to it than no settlement.")
    demanding = list(narrate_run(assign(small, wary | {"parties.first.precondition": 0.1}), 0))[-2]
    first, second = sorted(demanding.split(" could sign nothing")[1:], key=len, reverse=True)
    assert "no settlement together with the precondition that it sets." in first
    assert "than no settlement." in second and "precondition" not in second


@pytest.mark.parametrize("fearful", [True, False])
def test_a_broken_settlement_says_when_and_why(unruly: Scenario, fearful: bool) -> None:
    if not fearful:
        unruly = assign(unruly, {"distrust": 0.0, "parties.*.trust_loss": 0.0})
    assert {row["cause"] for row in rows(unruly)} >= {"type", "fear" if fearful else "interest"}
    for row in rows(unruly):
        if row["outcome"] != "settlement":
            continue
        end = list(narrate_run(unruly, int(row["run"])))[-1]
        if row["broken_by"]:
            assert ("at once" in end) == (row["held"] == 0)
            assert ("did not keep its word" in end) == (row["cause"] == "type")
            assert ("had become worth more" in end) == (row["cause"] == "interest")
            assert ("for fear of betrayal alone" in end) == (row["cause"] == "fear")
        else:
            assert "held to the end of the 100 weeks" in end


def test_terms_that_are_the_same_on_all_issues_are_said_once(small: Scenario) -> None:
    texts = re.findall(
        r"tabled ([^.]*\.[^.]*(?:\.\d\d)?)\.", " ".join(" ".join(narrate_run(small, run)) for run in range(6))
    )
    assert texts
    for text in texts:
        numbers = re.findall(r"\d\.\d\d", text)
        assert ("on every issue" in text) == (len(numbers) == 1)
