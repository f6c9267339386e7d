"""The folders of the package are its architecture: few modules in each, and imports run one way between them."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SIM = ROOT / "sim"

ROOMS = ("scenario", "negotiation", "study", "verification", "output", "api", "explore", "cli")
"""From the first to the last; each imports only from those before it."""

MOST_MODULES = 14
LONGEST = 370


def modules() -> list[Path]:
    return [path for path in SIM.rglob("*.py") if path.name != "__init__.py"]


def imported(path: Path) -> set[Path]:
    """The modules of the package that a module imports, anywhere in it: also in functions and for types alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            place = ROOT.joinpath(*node.module.split("."))
            for name in node.names:
                inner = (place / name.name).with_suffix(".py")
                found.add(inner if inner.exists() else place.with_suffix(".py") if not place.is_dir() else place)
    return found


def test_no_folder_holds_more_modules_than_can_be_seen_at_once() -> None:
    folders = {path.parent for path in modules()}
    assert len(folders) > 20
    crowded = {str(folder.relative_to(ROOT)): len([*folder.glob("*.py")]) - 1 for folder in folders}
    assert {folder: count for folder, count in crowded.items() if count > MOST_MODULES} == {}


def test_no_module_is_longer_than_a_reader_bears() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_imports_between_folders_run_one_way() -> None:
    """A circle raises CycleError, which names it."""
    graph: dict[Path, set[Path]] = {}
    for path in modules():
        others = {each if each.is_dir() else each.parent for each in imported(path)} - {path.parent}
        graph.setdefault(path.parent, set()).update(others)
    TopologicalSorter(graph).prepare()


def test_rooms_import_only_from_those_before_them() -> None:
    for path in modules():
        room = path.relative_to(SIM).parts[0]
        if room not in ROOMS:
            continue
        later = ROOMS[ROOMS.index(room) + 1 :]
        used = {each.relative_to(SIM).parts[0] for each in imported(path) if each != SIM}
        assert used & set(later) == set(), path


def test_the_command_line_alone_prints_and_reads_arguments() -> None:
    for path in modules():
        if path.relative_to(SIM).parts[0] == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id == "print"), path
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.argv"), path
