"""A page of HTML as elements that can be searched: just enough for the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.output.report.studies import words_of

VOID = {"meta", "link", "img", "br", "hr", "input", "col"}
"""Elements that have no end."""


@dataclass
class Element:
    """An element: its tag, its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words in it, with single blanks."""
        return words_of("".join(self._pieces()))

    def all(self, tag: str, within: str = "") -> list[Element]:
        """All elements of a tag in it, perhaps of a class."""
        found = (element for element in self.each() if element.tag == tag)
        return [element for element in found if within in element.attributes.get("class", "").split() or not within]

    def each(self) -> Iterator[Element]:
        """Every element in it, from top to bottom."""
        for part in self.content:
            if isinstance(part, Element):
                yield part
                yield from part.each()

    def _pieces(self) -> Iterator[str]:
        for part in self.content:
            if isinstance(part, str):
                yield part
            elif part.tag not in ("style", "svg"):
                yield from part._pieces()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def page_of(html: str) -> Element:
    """Return a page's root. Fails if elements are not properly nested."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (root,) = reader.open
    return root
