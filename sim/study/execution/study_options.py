"""Options of all studies: where results are stored, under which name, and how many processes simulate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from sim.scenario.errors import describe_argument
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.plain_values import flag
from sim.study.design.argument_checks import folder_of, jobs_of, named, refused
from sim.study.design.design_points import Point
from sim.study.execution.executors import Announce, Workers
from sim.study.execution.missing_runs import Progress
from sim.study.storage.repeated_command import python_call
from sim.study.storage.study_folder import Folder, Study


class Options(TypedDict, total=False):
    """Options that every study takes as keywords.

    `out`: the folder of results folders ("results"). `name`: what the study is called (by default after the title).
    `spread`: whether the range over the assumptions is computed, beside what is known of it. `jobs`: processes that
    share the work where it is long enough (1); a script that asks for more needs `if __name__ == "__main__":`.
    `workers`: worker processes kept over several calls, instead of `jobs`. `command`: how the manifest says that the
    study was made (by default as a call of Python). `progress` is called with runs done and runs in all, `announce`
    with about how many seconds a sensitivity study will take.
    """

    out: str | Path
    name: str | None
    spread: bool | None
    jobs: int
    workers: Workers | None
    command: str | None
    progress: Progress | None
    announce: Announce | None


@dataclass(frozen=True)
class Execution:
    """Checked options of a study, with the folder, workers and command that follow from them."""

    out: Path
    name: str | None
    spread: bool | None
    jobs: int
    workers: Workers | None
    command: str | None
    progress: Progress | None
    announce: Announce | None

    @classmethod
    def of(cls, options: Options) -> Execution:
        """Check options. Raises ScenarioError for a value that is not allowed, TypeError for an unknown keyword."""
        unknown = options.keys() - Options.__annotations__.keys()
        if unknown:
            raise TypeError(
                f"no such keyword: {', '.join(sorted(unknown))}; there are {', '.join(Options.__annotations__)}"
            )
        spread = options.get("spread")
        _check_type("command", options.get("command"), isinstance(options.get("command"), str), "text")
        for name in ("progress", "announce"):
            _check_type(name, options.get(name), callable(options.get(name)), "a function")
        _check_type("workers", options.get("workers"), isinstance(options.get("workers"), Workers), "Workers")
        return cls(
            folder_of(options.get("out", "results")),
            options.get("name"),
            None if spread is None else flag("spread", spread),
            jobs_of(options.get("jobs", 1)),
            options.get("workers"),
            options.get("command"),
            options.get("progress"),
            options.get("announce"),
        )

    def open_team(self) -> AbstractContextManager[Workers]:
        """Return the workers, for use in a `with` block; those that were given stay open after it."""
        return nullcontext(self.workers) if self.workers else Workers(self.jobs)

    def open_folder(self, scenario: Scenario, points: Sequence[Point] = ({},)) -> Folder:
        """Return the results folder of a study of a scenario. Raises StorageError if it is damaged."""
        return Folder(self.out, Study(named(self.name, scenario), scenario, tuple(points)))

    def command_for(self, verb: str, folder: Folder, *arguments: object, **keywords: Any) -> str:
        """Return how the study is made, for its manifest: the command that was given, or a call of Python."""
        return self.command or python_call(verb, folder.path, *arguments, **keywords, name=self.name)


def _check_type(name: str, value: object, fits: bool, expected: str) -> None:
    """Raise ScenarioError unless a value is None or fits."""
    if value is not None and not fits:
        raise refused(f"{name} must be {expected}, not {describe_argument(value)}")
