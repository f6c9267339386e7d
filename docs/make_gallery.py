"""Make the gallery: every kind of chart, drawn from the shipped scenarios and studies by the commands shown with it.

    python docs/make_gallery.py

writes gallery.md, its pictures in images/gallery/, and gallery.json, which says how every chart is built (title, names
of its axes, panels, kinds of marks). It takes some minutes. `docs/build.py --check` makes it again with few runs and
compares how the charts are built, not what they look like.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOCS = Path(__file__).parent
ROOT = DOCS.parent
IMAGES = Path("images") / "gallery"

FEW = {
    "run": "--runs 60",
    "compare": "--runs 60 --no-spread",
    "sweep": "--runs 8 --no-spread",
    "sensitivity": "--rows 64 --plays 16",
}
"""Options that make a command short, for the check."""

COMPARED = "no-mediator facilitation-only brokered-summit imposed-conditions preconditions security-guarantees"

LASTING = "imposed-conditions security-guarantees hurting-stalemate"


@dataclass(frozen=True)
class Picture:
    """A chart: the name of its file, its kind, the results it is drawn of, and what to look for in it."""

    name: str
    kind: str
    results: str
    caption: str
    options: str = ""

    @property
    def command(self) -> str:
        """The command that draws it."""
        return f"parley plot {self.results} --kind {self.kind}{self.options and f' {self.options}'}"


@dataclass(frozen=True)
class Step:
    """A question: the commands that answer it, and the pictures of the answer."""

    heading: str
    commands: tuple[str, ...]
    pictures: tuple[Picture, ...]


STEPS = (
    Step(
        "How likely is a settlement, when, and on what terms?",
        ("parley run scenarios/baseline.yaml",),
        (
            Picture("outcomes", "outcomes", "baseline", "Settlements come late: both sides open hard."),
            Picture(
                "terms",
                "terms",
                "baseline",
                "Terms lie around the middle, since both sides have the same numbers wherever the article does not "
                "tell them apart.",
            ),
            Picture("durability", "durability", "baseline", "Most breaches come in the first year."),
            Picture(
                "distrust",
                "distrust",
                "baseline",
                "In most runs distrust barely moves; in some it falls far.",
            ),
            Picture("dance", "dance", "baseline", "One run of twenty thousand, text by text.", "--run 19"),
        ),
    ),
    Step(
        "How does the share that settles change with distrust?",
        ("parley sweep scenarios/studies/mutual-distrust.yaml --runs 2000",),
        (
            Picture(
                "settlement",
                "settlement",
                "mutual-distrust",
                "The line says what the runs do on average; the light band how far the assumptions could move it.",
            ),
            Picture(
                "composition",
                "composition",
                "mutual-distrust",
                "Where distrust is high, most still talk after a year.",
            ),
        ),
    ),
    Step(
        "Whose distrust is it?",
        ("parley sweep scenarios/studies/distrust-of-each-other.yaml",),
        (Picture("map", "map", "distrust-of-each-other", "Each side's distrust of the other, on its own."),),
    ),
    Step(
        "How strong must a guarantee be?",
        ("parley sweep scenarios/studies/distrust-and-guarantee.yaml",),
        (
            Picture(
                "guarantee",
                "map",
                "distrust-and-guarantee",
                "A guarantee makes up for distrust, as theory says it should.",
            ),
        ),
    ),
    Step(
        "What can a mediator do, at which level of distrust?",
        ("parley sweep scenarios/studies/distrust-and-style.yaml",),
        (
            Picture(
                "styles", "settlement", "distrust-and-style", "One line for each style, on the same random numbers."
            ),
        ),
    ),
    Step(
        "Does a mediator that leans to one side lose by it?",
        ("parley sweep scenarios/studies/bias-and-distrust-of-the-us.yaml",),
        (Picture("bias", "map", "bias-and-distrust-of-the-us", "Distrust of the mediator moves more than its lean."),),
    ),
    Step(
        "Does the model give the answers that are known?",
        ("parley sweep scenarios/studies/textbook-regimes.yaml",),
        (
            Picture(
                "regimes",
                "settlement",
                "textbook-regimes",
                "Steps where theory puts them: direct talks at .27, a mediator's text at .4, with a guarantee of "
                "one half at .8.",
            ),
        ),
    ),
    Step(
        "What makes the difference?",
        (f"parley compare scenarios/baseline.yaml {' '.join(f'scenarios/{name}.yaml' for name in COMPARED.split())}",),
        (Picture("differences", "differences", "baseline", "Each scenario against the baseline, run for run."),),
    ),
    Step(
        "Through which channel does distrust work, and through which tool mediation?",
        ("parley compare scenarios/baseline.yaml --ablate",),
        (
            Picture(
                "ablations",
                "differences",
                "baseline",
                "One channel of distrust closed, or one tool put away, at a time.",
            ),
        ),
    ),
    Step(
        "Which assumptions move the answer?",
        ("parley sensitivity scenarios/baseline.yaml",),
        (
            Picture(
                "sensitivity",
                "sensitivity",
                "baseline",
                "Whether offers build trust matters more than anything else that the article leaves open.",
            ),
        ),
    ),
    Step(
        "Do settlements hold?",
        (f"parley run {' '.join(f'scenarios/{name}.yaml' for name in LASTING.split())}",),
        (
            Picture(
                "lasting",
                "durability",
                f"baseline {LASTING}",
                "Several scenarios in one chart.",
            ),
        ),
    ),
    Step(
        "Several assumptions at once, at random",
        (
            "parley sweep scenarios/words-alone.yaml --vary distrust=0:1 --vary rapport=0:0.2 "
            "--vary mediator.shuttle=0:1 --sample lhs:200 --runs 500",
        ),
        (Picture("scatter", "scatter", "words-alone", "Every dot differs from every other in all that was sampled."),),
    ),
)

HEAD = """# Gallery

Every kind of chart that `parley plot` knows, with the commands that make it. `python docs/make_gallery.py` makes this
page and its pictures anew. All figures are shares of simulated runs under stated assumptions, not a forecast; what the
scenarios assume is told by `parley explain`.

In Python every result draws its charts, as matplotlib's Axes, so that you can restyle them:

```python
import sim

axes = sim.results("results")["mutual-distrust"].plot("settlement")
axes.set_xlabel("how much they distrust each other")
axes.figure.savefig("mine.png")
```
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for step in STEPS:
        parts.append(f"## {step.heading}\n")
        parts += [
            f"![{picture.caption}]({(IMAGES / picture.name).as_posix()}.png)\n\n{picture.caption}\n"
            for picture in step.pictures
        ]
        lines = [*step.commands, *(picture.command for picture in step.pictures)]
        parts.append("```sh\n" + "\n".join(lines) + "\n```\n")
    return "\n".join(parts)


def make(workshop: Path, few: bool = False, steps: Sequence[Step] = STEPS) -> dict[str, dict[str, Any]]:
    """Give the commands of some steps in a folder, leave pictures there, and return how each chart is built, by name.

    With `few` the commands simulate little, and no pictures are drawn.
    """
    for name in ("scenarios", "seeds"):
        (workshop / name).symlink_to(ROOT / name)
    built: dict[str, dict[str, Any]] = {}
    for step in steps:
        for command in step.commands:
            _give(workshop, f"{_shortened(command) if few else command} --no-plot")
        for picture in step.pictures:
            if not few:
                _give(workshop, f"{picture.command} --out {picture.name}.png")
            built[picture.name] = _built(workshop, picture)
    return built


def _shortened(command: str) -> str:
    """Return a command that simulates little."""
    verb = command.split()[1]
    return f"{command.partition(' --runs')[0]} {FEW[verb]}"


def _give(workshop: Path, command: str) -> None:
    """Give a command in a folder."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    words = [sys.executable, "-m", "sim", *shlex.split(command)[1:]]
    subprocess.run(words, cwd=workshop, env=environment, check=True, stdout=subprocess.DEVNULL)


def drawn(workshop: Path, picture: Picture) -> Axes:
    """Return the axes of a picture, drawn of the results in a folder."""
    from sim.output.charts import KINDS
    from sim.study.results.stored_study import open_study

    with contextlib.chdir(workshop):
        studies = [open_study(name) for name in picture.results.split()]
        return KINDS[picture.kind].draw(studies, int(picture.options.rpartition(" ")[2] or 0))


def _built(workshop: Path, picture: Picture) -> dict[str, Any]:
    """Return how a chart is built: whatever of it does not hang on the number of runs."""
    axes = drawn(workshop, picture)
    chart = axes.get_figure(root=True)
    assert chart is not None
    return {
        "kind": picture.kind,
        "title": " ".join(_titles(chart.texts)),
        "across": axes.get_xlabel(),
        "up": axes.get_ylabel(),
        "panels": len(axes.child_axes),
        "made of": sorted({type(artist).__name__ for artist in axes.get_children()}),
        "evidence": any("the article" in text.get_text() for text in axes.texts),
        "theory": any("theory" in text.get_text() for each in (axes, *axes.child_axes) for text in each.texts),
    }


def _titles(texts: Sequence[Any]) -> Iterator[str]:
    """Yield the lines of a chart's title."""
    return (text.get_text() for text in texts if text.get_weight() == "bold")


def main() -> None:
    """Make the page, its pictures and the account of how they are built."""
    with tempfile.TemporaryDirectory(prefix="parley-gallery-") as folder:
        built = make(Path(folder))
        target = DOCS / IMAGES
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in built:
            shutil.copy(Path(folder) / f"{name}.png", target)
    (DOCS / "gallery.md").write_text(page(), encoding="utf-8")
    (DOCS / "gallery.json").write_text(json.dumps(built, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
