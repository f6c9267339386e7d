"""Results folder as a mapping: stored results by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.result_objects import Ensemble, Sensitivity, Sweep, open_result
from sim.study.design.argument_checks import folder_of
from sim.study.results.stored_study import folders, open_study
from sim.study.storage.atomic_files import is_there
from sim.study.study_listing import studies

if TYPE_CHECKING:
    import pandas


class Results(Mapping[str, Ensemble | Sweep | Sensitivity]):
    """Mapping over a results folder: `results["baseline"]` opens a stored result, iterating gives all names.

    A name is that of a results folder, the beginning of one, what a study is called, or its changes
    ("baseline with distrust=0.6"). NoResultError (a KeyError) says what was looked for where there is none, or more
    than one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()  # a notebook may go to another folder

    def __getitem__(self, name: str) -> Ensemble | Sweep | Sensitivity:
        """Return the result that a name stands for. Raises StorageError if it is damaged."""
        return open_result(open_study(name, self.folder))

    def __iter__(self) -> Iterator[str]:
        """Yield the names of results folders."""
        return (path.name for path in (folders(self.folder) if is_there(self.folder) else ()))

    def __len__(self) -> int:
        """Return how many results there are."""
        return sum(1 for _ in self)

    def to_frame(self) -> pandas.DataFrame:
        """Return one row a result: its kind, its runs, and the least and the greatest share that settles."""
        import pandas

        rows = [asdict(each) for each in (studies(self.folder) if is_there(self.folder) else ())]
        for row in rows:
            row["folder"] = row["folder"].name
            row["settlement_low"], row["settlement_high"] = row.pop("settlement") or (None, None)
        frame = pandas.DataFrame(rows)
        return frame.set_index("folder") if rows else frame

    def __repr__(self) -> str:
        """Return where they lie, and their names."""
        names = list(self)
        shown = [*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])]
        return "\n".join([f"<Results in {str(self.folder)!r}: {len(names)}>", *(f"  {name}" for name in shown)])

    def _repr_html_(self) -> str:
        """Return the list as HTML, for notebooks."""
        columns = [
            "scenario",
            "kind",
            "points",
            "runs",
            "settlement_low",
            "settlement_high",
            "changes",
            "written",
            "complete",
        ]
        frame = self.to_frame()
        return frame[columns].to_html(border=0) if len(frame) else "<p>No results.</p>"


_SHOWN = 20
"""Names that a `repr` lists."""


def results(folder: str | Path = "results") -> Results:
    """Return the stored results in a results folder, as a mapping by name.

    Raises ScenarioError for what can be no folder.

    >>> from sim import load_scenario, results, run
    >>> run(load_scenario("textbook"), runs=100, name="found again").simulated
    100
    >>> results()["found again"].settlement.p
    1.0
    """
    return Results(folder_of(folder, "the folder of results"))
