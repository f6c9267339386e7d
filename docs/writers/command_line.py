"""The page of the command line: every command as it is declared, with its examples."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, CommandInfo, ParameterInfo

from sim.cli import app
from writers.markdown import MADE, cell, first

EXIT_CODES = """\
Exit codes: 0 done; 1 results cannot be written or read, a chart cannot be drawn (the result itself is kept, and the
rest of the command is done), or a check of `parley verify` does not hold; 2 the question is wrong (arguments,
scenario), and the message says where and what is allowed; 130 interrupted; 143 terminated. Any command takes
`--help`."""


def page() -> str:
    """The page of all commands: usage, arguments, options and examples of each."""
    commands = {_name(command): command for command in app.registered_commands}
    lines = ["# The command line", "", MADE, "", str(app.info.help), "", "| command | what it does |", "| --- | --- |"]
    for name, command in commands.items():
        lines += [f"| [`parley {name}`](#parley-{name}) | {first(inspect.getdoc(command.callback))} |"]
    lines += ["", EXIT_CODES]
    for name, command in commands.items():
        lines += ["", f"## `parley {name}`", "", inspect.getdoc(command.callback) or "", ""]
        lines += ["| argument or option | meaning |", "| --- | --- |", *_asked(command.callback)]
        lines += _examples(command.epilog)
    return "\n".join(lines) + "\n"


def _name(command: CommandInfo) -> str:
    """What a command is called."""
    return command.name or str(getattr(command.callback, "__name__", ""))


def _asked(command: Any) -> Iterator[str]:
    """Yield a row for every argument and option of a command, as they are declared."""
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in inspect.signature(command).parameters.items():
        info = next(note for note in get_args(hints[name]) if isinstance(note, ParameterInfo))
        kinds = _kinds(get_args(hints[name])[0])
        yield f"| `{cell(_written(name, info, kinds))}` | {cell(_told(info, kinds, parameter.default))} |"


def _kinds(annotation: Any) -> list[Any]:
    """The types of which an annotation is made, None apart, and the words of a Literal."""
    inner = [kind for kind in get_args(annotation) if kind is not NoneType]
    return [annotation, *(deeper for kind in inner for deeper in _kinds(kind))]


def _written(name: str, info: ParameterInfo, kinds: list[Any]) -> str:
    """How an argument or option is written."""
    if isinstance(info, ArgumentInfo):
        return f"{info.metavar or name.upper()}{' …' if _repeats(kinds) else ''}"
    # In `Annotated[..., Option("--set")]` Typer keeps the first name where a default would stand.
    declared = [one for one in (info.default, *(info.param_decls or ())) if isinstance(one, str)]
    written = " / ".join(declared or [f"--{name.replace('_', '-')}"]).replace("/--", " / --")
    return written if bool in kinds else f"{written} {info.metavar or name.upper()}"


def _repeats(kinds: list[Any]) -> bool:
    """Whether an argument or option may be given several times."""
    return any(get_origin(kind) is list for kind in kinds)


def _told(info: ParameterInfo, kinds: list[Any], default: Any) -> str:
    """What a parameter means, what it may be, and what it is by default."""
    told = str(info.help)
    if info.min is not None and info.max is not None:
        told += f" From {info.min:,} to {info.max:,}."
    if words := [kind for kind in kinds if isinstance(kind, str)]:
        told += f" One of {', '.join(f'`{word}`' for word in words)}."
    if _repeats(kinds) and not isinstance(info, ArgumentInfo) and "repeated" not in told:
        told += " May be repeated."
    if default is inspect.Parameter.empty and not isinstance(info, ArgumentInfo):
        told += " Must be given."
    shown = "" if default in (None, True, False, inspect.Parameter.empty) else getattr(default, "value", default)
    return f"{told} By default `{shown}`." if shown else told


def _examples(epilog: str | None) -> list[str]:
    """The examples that a command's help ends with, as a block of shell, and what is said after them."""
    paragraphs = (epilog or "").split("\n\n")
    shown = [paragraph for paragraph in paragraphs if paragraph.startswith("parley ")]
    after = [paragraph for paragraph in paragraphs[1:] if paragraph not in shown]
    return ["", "```sh", *shown, "```", *(line for text in after for line in ("", text))] if shown else []
