"""A journey as a state diagram of Mermaid."""

import re
from collections.abc import Iterator

from application.pictures.graph import Graph
from application.pictures.words import identifier, one_line


def mermaid(graph: Graph, *, title: str) -> str:
    """The text of a `stateDiagram-v2`; the path, where there is one, by classes and numbers."""
    return "\n".join(_lines(graph, title)) + "\n"


def _lines(graph: Graph, title: str) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    accTitle: {_said(title)}"
    yield "    direction LR"
    for box in graph.boxes:
        yield f'    state "{_said(box.title)}" as {_name(box.id)}'
    yield f"    [*] --> {_name(graph.initial)}"
    for arrow in graph.arrows:
        steps = "".join(f" ({step})" for step in arrow.steps)
        itself = " (automatique)" if arrow.automatic else ""
        said = f"{_said(arrow.title)}{itself}{steps}"
        yield f"    {_name(arrow.source)} --> {_name(arrow.target)} : {said}"
    for box in graph.boxes:
        if box.final:
            yield f"    {_name(box.id)} --> [*]"
    if graph.path:
        yield "    classDef visited stroke-width:3px"
        yield "    classDef present stroke-width:3px,font-weight:bold"
        for id_ in [box.id for box in graph.boxes if box.id in graph.visited]:
            yield f"    class {_name(id_)} {'present' if id_ == graph.present else 'visited'}"


def _name(id_: str) -> str:
    """A name of Mermaid's that is none of its words, such as `end` or `state`."""
    return identifier("s", id_)


_READ = str.maketrans(
    {
        ":": "\u2236",
        ";": "\u204f",
        "#": "\uff03",
        '"': "\u2033",
        "<": "\u2039",
        ">": "\u203a",
        "&": "\uff06",
        "%": "\uff05",
        "\\": "\uff3c",
        "{": "\uff5b",
        "}": "\uff5d",
        "[": "\uff3b",
        "]": "\uff3d",
        "*": "\u2217",
        "_": "\uff3f",
        "`": "\u2018",
        "@": "\uff20",
        "~": "\u223c",
        "|": "\u2223",
        "$": "\uff04",
        "^": "\u02c6",
    }
)
"""The signs that Mermaid reads, each with one that looks like it: it has no way to write them that
all its versions give back in the name of an arrow."""

_LISTED = re.compile(r"^(\d+)[.)]|^[-+]")


def _said(text: str) -> str:
    """Words in which Mermaid finds nothing but words; a list is not begun either."""
    said = one_line(text).translate(_READ)
    return _LISTED.sub(lambda found: f"({found[1]})" if found[1] else "\u2010", said)
