"""Documents that are made from the code are those the code makes now, and what they name is there."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
from make_reference import REFERENCE, pages
from shown import DOCS, FENCED, PAGES, ROOT, commands_shown, scenarios_shown

from sim.cli import app
from sim.negotiation.model import Negotiation
from sim.output.charts import KINDS
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.packaged.copied_scenarios import copy_packaged
from sim.scenario.packaged.packaged_scenarios import find_scenario, packaged_names
from sim.study.design.study_files import is_study, read_study
from tests.pages import each_page

LINK = re.compile(r"\]\(([^()\s]+)\)")
COMMANDS = typer.main.get_command(app)


def settings(words: list[str], option: str) -> Iterator[str]:
    """Yield what a command gives to an option, each time that it is given."""
    return (words[n + 1] for n, word in enumerate(words) if word == option)


def anchors(page: Path) -> set[str]:
    """The names by which links may lead to the headings of a page, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture
def as_told(page, tmp_path, monkeypatch) -> dict[str, Path]:
    """Work in a copy of the checkout in which everything that the page shows has been saved as it says."""
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    saved = {}
    for name, text in scenarios_shown(page):
        assert not (ROOT / name).exists(), f"{name} is a shipped file: the page tells to write over it"
        saved[name] = tmp_path / name
        saved[name].write_text(text, encoding="utf-8")
    return saved


@pytest.mark.parametrize("name", pages())
def test_a_page_read_off_the_code_is_what_the_code_says(name):
    kept = (REFERENCE / name).read_text(encoding="utf-8")
    assert kept == pages()[name], "python docs/make_reference.py makes it anew"


@each_page
def test_every_scenario_shown_loads_and_says_where_its_numbers_come_from(page, as_told):
    for path in as_told.values():
        if is_study(path):
            read_study(path)
        else:
            load_scenario(path, strict=True)


@each_page
def test_every_link_leads_to_a_file(page):
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    relative = [link for link in LINK.findall(prose) if not re.match(r"[a-z]+:", link)]
    targets = [(link, page.parent / link.partition("#")[0] if link[0] != "#" else page) for link in relative]
    assert [link for link, target in targets if not target.exists()] == []
    headed = [(link, target) for link, target in targets if "#" in link]
    assert [link for link, target in headed if link.partition("#")[2] not in anchors(target)] == []


@each_page
def test_every_command_parses_and_its_files_and_parameters_are_there(page, as_told):
    group = typer.Context(COMMANDS)
    for words in commands_shown(page):
        if words[0].startswith("-"):
            assert words[0] in {name for option in COMMANDS.params for name in option.opts}, words
            continue
        command = COMMANDS.get_command(group, words[0])
        assert command is not None, f"no command parley {words[0]}"
        command.make_context(words[0], list(words[1:]), parent=group)  # raises on wrong options and values
        if "--copy" in words:
            copy_packaged(Path(words[words.index("--copy") + 1]))
        named = [word for word in words if word.endswith(".yaml") or word in packaged_names()]
        assert [word for word in named if word not in packaged_names() and not list(Path().glob(word))] == [], words
        changes = [*settings(words, "--set")]
        changes += [re.split("[:,]", setting)[0] for setting in settings(words, "--vary")]
        if changes and not is_study(find_scenario(named[0])):
            load_scenario(named[0], changes)  # raises on a parameter that is none
        for kind in settings(words, "--kind"):
            assert kind in KINDS, words


@each_page
def test_commands_named_in_prose_exist_with_their_options(page):
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    for named in re.findall(r"`parley ([a-z][^`]*)`", prose):
        name, *words = named.split()
        command = COMMANDS.get_command(typer.Context(COMMANDS), name)
        assert command is not None, f"no command parley {name}"
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        assert [word for word in words if word.startswith("--") and word.partition("=")[0] not in known] == [], named


@each_page
def test_a_change_of_code_that_a_page_shows_can_be_made(page):
    """What it takes away, and what stands around, is in the code."""
    code = {
        line.strip()
        for folder in ("sim", "benchmarks", "tests")
        for file in (ROOT / folder).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    for block in (found[3] for found in FENCED.finditer(page.read_text(encoding="utf-8")) if found[2] == "diff"):
        kept = [line[1:].strip() for line in block.splitlines() if line[:1] in "- "]
        assert [line for line in kept if line not in code | {"…"}] == []


@each_page
def test_blocks_are_of_kinds_that_are_checked(page):
    """A block in another language, such as `bash`, would be neither parsed nor run."""
    found = {block[2] for block in FENCED.finditer(page.read_text(encoding="utf-8"))}
    assert found <= {"sh", "text", "python", "yaml", "diff", "bibtex"}


def test_the_page_of_the_model_names_the_calls_of_a_round_in_their_order():
    step = [call for call in re.findall(r"self\.(\w+)\(\)", inspect.getsource(Negotiation.step)) if call[0] != "_"]
    told = (DOCS / "explanation" / "model.md").read_text(encoding="utf-8")
    assert re.findall(r"^\d\. \*\*`(\w+)\(\)`\*\*", told, re.MULTILINE) == step


def test_every_rule_that_the_page_of_the_model_names_has_a_source():
    rules = (DOCS / "explanation" / "model.md").read_text(encoding="utf-8").partition("## 7. Submodels")[2]
    named = re.findall(r"`(\w+)`(?:, `(\w+)`)? (?:in |\()`(\w+)\.py`", rules)
    assert len(named) >= 5
    for *names, module in named:
        (file,) = (ROOT / "sim" / "negotiation").rglob(f"{module}.py")
        home = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        owners = [home, *(thing for _, thing in inspect.getmembers(home, inspect.isclass))]
        for name in filter(None, names):
            found = next(vars(owner)[name] for owner in owners if name in vars(owner))
            assert "Source:" in (inspect.getdoc(found) or ""), f"{module}.{name}: say where the rule comes from"


def test_pages_that_show_scenarios_and_commands_are_found():
    assert len([name for page in PAGES for name, _ in scenarios_shown(page)]) >= 5
    assert len([words for page in PAGES for words in commands_shown(page)]) >= 40


def test_every_page_is_in_the_index():
    index = DOCS / "README.md"
    linked = {(DOCS / link).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
    assert [page for page in sorted(DOCS.rglob("*.md")) if page != index and page not in linked] == []


def test_every_page_is_on_the_site():
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"([\w/-]+\.md)$", site, re.MULTILINE))
    assert listed == {page.relative_to(ROOT).as_posix() for page in PAGES}


def test_every_scenario_and_study_is_in_the_list_of_scenarios():
    linked = set(LINK.findall((ROOT / "scenarios/README.md").read_text(encoding="utf-8")))
    shipped = sorted((ROOT / "scenarios").rglob("*.yaml"))
    assert shipped
    assert [path for path in shipped if path.relative_to(ROOT / "scenarios").as_posix() not in linked] == []


def test_every_kind_of_chart_is_in_the_gallery():
    shown = set(re.findall(r"--kind (\w+)", (DOCS / "gallery.md").read_text(encoding="utf-8")))
    assert set(KINDS) - shown == set()
