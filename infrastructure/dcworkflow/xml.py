"""The XML of a definition, read as a stranger's: small, without DTD, with the root it must have."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from domain.errors import Invalid
from domain.words import Text
from infrastructure.dcworkflow.notes import Note, note

LARGEST = 400_000
"""Bytes. The largest of those that Plone sites ship has a twentieth of it."""

ROOT = "dc-workflow"


class UnreadableDefinition(Invalid):
    """The file is not a definition of DCWorkflow."""

    code = "dcworkflow.unreadable"
    fr = "Ce fichier ne peut pas être lu comme une définition de Plone : {reason}."
    en = "This file cannot be read as a definition of Plone: {reason}."

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(reason=Text(fr=fr, en=en))


def parse(data: bytes) -> Element:
    """The root of a definition. Nothing it names is fetched, no entity of its own is expanded.

    Raises:
        UnreadableDefinition: too large, not XML, in an encoding that cannot be read, with a DTD
            or entities, or with another root.
    """
    if len(data) > LARGEST:
        raise UnreadableDefinition(
            f"il dépasse {LARGEST // 1000} ko", f"it is larger than {LARGEST // 1000} kB"
        )
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableDefinition(
            "il déclare une DTD ou des entités, qui sont refusées par prudence",
            "it declares a DTD or entities, which are refused for safety",
        ) from None
    except ParseError as error:
        line, column = error.position
        raise UnreadableDefinition(
            f"ce n'est pas du XML bien formé (ligne {line}, colonne {column + 1})",
            f"it is not well-formed XML (line {line}, column {column + 1})",
        ) from None
    except (LookupError, ValueError):  # expat knows few encodings besides those of Unicode
        raise UnreadableDefinition(
            "son encodage n'est pas connu ; l'enregistrer en UTF-8",
            "its encoding is not known; save it as UTF-8",
        ) from None
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]  # whatever namespace it is said to be of
    if root.tag != ROOT:
        found = root.tag[:60]
        raise UnreadableDefinition(
            f"sa racine est <{found}>, il faut <{ROOT}>",
            f"its root is <{found}>, it must be <{ROOT}>",
        )
    return root


def every(node: Element, name: str) -> Iterator[Element]:
    """The elements of a name inside another one, however deep, as DCWorkflow looks for them."""
    return (found for found in node.iter(name) if found is not node)


def text_of(node: Element) -> str:
    """The text directly inside an element, its lines without what indents them."""
    whole = "".join([node.text or "", *(child.tail or "" for child in node)])
    return re.sub(r"(?m)^\s+", "", whole).rstrip()


def name_in(node: Element) -> str:
    """The name an element holds, on one line."""
    return " ".join(text_of(node).splitlines())


def one_line(text: str) -> str:
    """A text to be shown within a sentence."""
    return " ".join(text.split())


def truth(text: str | None) -> bool:
    """A boolean as DCWorkflow writes them; false where nothing is said."""
    return (text or "").lower() in ("true", "yes", "1")


# --- what it may hold -------------------------------------------------------------------------

_KNOWN = {
    ROOT: "workflow_id title description state_variable initial_state manager_bypass",
    "instance-creation-conditions": "",
    "guard": "",
    "guard-permission": "",
    "guard-role": "",
    "guard-group": "",
    "guard-expression": "",
    "permission": "",
    "group": "",
    "state": "state_id title",
    "description": "",
    "exit-transition": "transition_id",
    "permission-map": "name acquired",
    "permission-role": "",
    "group-map": "name",
    "group-role": "",
    "assignment": "name type",
    "transition": "transition_id title new_state trigger before_script after_script",
    "action": "url category icon",
    "worklist": "worklist_id title",
    "match": "name values",
    "variable": "variable_id for_catalog for_status update_always",
    "default": "",
    "value": "type",
    "expression": "",
    "script": "script_id type filename module function",
}
_I18N = "{http://xml.zope.org/namespaces/i18n}"


def unknown_parts(root: Element) -> Iterator[Note]:
    """Elements and attributes that DCWorkflow itself does not read, and the marks of translators.

    An element that is not known is named once, whatever it holds.
    """
    translated = [node for node in root.iter() if any(_is_mark(name) for name in node.attrib)]
    if translated:
        domain = root.get(f"{_I18N}domain", "")
        named = f" « {domain} »" if domain else ""
        yield note(
            "i18n",
            ROOT,
            f"les marques de traduction de {len(translated)} éléments (catalogue{named}) "
            "ne sont pas reprises : seuls les textes du fichier le sont",
            f"the marks for translators of {len(translated)} elements (catalogue {domain}) are "
            "not carried over: only the texts of the file are",
        )
    for name in _once(node.tag for node in root.iter() if node.tag not in _KNOWN):
        fr = f"l'élément <{name}> n'est pas connu de DCWorkflow ; il n'est pas repris"
        en = f"the element <{name}> is not known to DCWorkflow; it is not carried over"
        yield note("unknown-element", name[:200], fr, en)
    given = (
        f"{node.tag} {name}"
        for node in root.iter()
        for name in node.attrib
        if node.tag in _KNOWN and not _is_mark(name) and name not in _KNOWN[node.tag].split()
    )
    for place in _once(given):
        element, _, name = place.partition(" ")
        fr = f"l'attribut {name} de <{element}> n'est pas connu de DCWorkflow"
        en = f"the attribute {name} of <{element}> is not known to DCWorkflow"
        yield note("unknown-attribute", element, f"{fr} ; il n'est pas repris", f"{en}; left out")


def _is_mark(attribute: str) -> bool:
    return attribute.startswith(_I18N)


def _once(names: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(names)
