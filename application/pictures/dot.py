"""A journey in DOT, the language of Graphviz."""

from collections.abc import Iterator

from application.pictures.graph import Arrow, Box, Graph
from application.pictures.words import one_line


def dot(graph: Graph, *, title: str) -> str:
    """The text of a directed graph; the path is thick and numbered, the present state filled."""
    return "\n".join(("digraph {", *(f"    {line}" for line in _lines(graph, title)), "}")) + "\n"


def _lines(graph: Graph, title: str) -> Iterator[str]:
    yield f"graph [rankdir=LR, label={_label(title)}, fontname=sans]"
    yield 'node [shape=box, style="rounded", fontname=sans]'
    yield "edge [fontname=sans, fontsize=11]"
    yield "start [shape=point, width=0.12]"
    for box in graph.boxes:
        yield f"{_name(box.id)} [{', '.join(_of_box(box, graph))}]"
    yield f"start -> {_name(graph.initial)}"
    for arrow in graph.arrows:
        yield f"{_name(arrow.source)} -> {_name(arrow.target)} [{', '.join(_of_arrow(arrow))}]"


def _of_box(box: Box, graph: Graph) -> Iterator[str]:
    yield f"label={_label(box.title)}"
    if box.final:
        yield "peripheries=2"
    if box.id == graph.present:
        yield 'style="rounded,filled", fillcolor="#0c3f44", fontcolor="#ffffff"'
    elif box.former or box.missing:
        yield 'style="rounded,dashed"'
    if box.id in graph.visited:
        yield "penwidth=3"


def _of_arrow(arrow: Arrow) -> Iterator[str]:
    numbers = "".join(f" ({step})" for step in arrow.steps)
    yield f"label={_label(arrow.title + numbers)}"
    if arrow.automatic:
        yield "style=dashed"
    elif arrow.former:
        yield "style=dotted"
    if arrow.steps:
        yield "penwidth=3"


def _name(id_: str) -> str:
    """A name between quotes, told apart from that of the start.

    A backslash is doubled, so that none stands before the closing quote; names stay different.
    """
    doubled = one_line(id_).replace("\\", "\\\\")
    return '"s_' + doubled.replace('"', '\\"') + '"'


def _label(text: str) -> str:
    """Words between quotes; Graphviz would read `\\N` and `&lt;` in them."""
    said = one_line(text).replace("\\", "\\\\").replace("&", "&amp;")
    return '"' + said.replace('"', '\\"') + '"'
