"""Forms of the JSON files in a results folder: kinds of figures, and the reading of a file as one of the forms.

The TypedDicts that describe summaries (ensemble_summary.py, sweep.py, …) are these forms: whoever adds an entry there
has it checked when it is read. Entries that a form does not know are left out, so a file of a later version can be
read.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar, cast

from pydantic import Field, TypeAdapter, ValidationError

from sim.study.storage.atomic_files import LARGEST, StorageError, read_json

T = TypeVar("T")

ROUNDING = 1e-9
"""By how much sums of shares may miss 0 or 1."""

Share = Annotated[float, Field(ge=-ROUNDING, le=1.0 + ROUNDING, allow_inf_nan=False)]
"""From 0 to 1."""

Shift = Annotated[float, Field(ge=-1.0 - ROUNDING, le=1.0 + ROUNDING, allow_inf_nan=False)]
"""A difference between two shares."""

Real = Annotated[float, Field(allow_inf_nan=False)]
"""Any finite number."""

Whole = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A number of something, from 0."""

Several = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""A number of something of which there is at least one."""

LONGEST = 200
"""Characters of what is wrong that a message gives: it may repeat what stands in the file."""


def read_form(path: Path, form: type[T], mend: str, most: int = LARGEST) -> T | None:
    """Read a JSON file and check it against its form; None if there is no file.

    Numbers are numbers and words words: nothing is converted. Raises StorageError, which ends in `mend`.
    """
    found = read_json(path, mend, most)
    return None if found is None else as_form(path, found, form, mend)


def as_form(path: Path, data: Any, form: type[T], mend: str) -> T:
    """Check data from a JSON file against its form and return them.

    Raises StorageError.
    """
    try:
        found: T = _adapter(cast("Hashable", form)).validate_python(data, strict=True)
    except ValidationError as error:
        refuse(path, _words(error), mend)
    return found


def refuse(path: Path, what: str, mend: str) -> NoReturn:
    """Raise the StorageError of a damaged file whose content does not have its form."""
    raise StorageError(f"{path}: damaged, {what if len(what) <= LONGEST else f'{what[:LONGEST]}…'}. {mend}")


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)


def _words(error: ValidationError) -> str:
    """What is wrong with a file, as the first of its faults."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(key) for key in first["loc"])
    place = (place if place.isprintable() else ascii(place))[: LONGEST // 3]
    if first["type"] == "missing":
        return f"lacks {place} (an older version of Parley may have written it)"
    return f"not what it ought to be: {place + ': ' if place else ''}{first['msg'][:1].lower()}{first['msg'][1:]}"
