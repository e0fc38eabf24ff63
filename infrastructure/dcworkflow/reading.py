"""From Plone's `definition.xml` to a journey, and a note of everything that did not come along."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from pydantic import ValidationError

from application.sentences import of_validation
from domain.journey import Expression, Journey, Unresolved
from domain.spelling import slug
from infrastructure.dcworkflow.notes import Note, note
from infrastructure.dcworkflow.values import (
    HISTORY,
    Kind,
    as_kind,
    common_kind,
    in_kind,
    kind_of,
    read_value,
    resolve,
)
from infrastructure.dcworkflow.xml import (
    LARGEST,
    UnreadableDefinition,
    every,
    name_in,
    one_line,
    parse,
    text_of,
    truth,
    unknown_parts,
)

SCHEME = "dcworkflow:"
"""Before the original `workflow_id`, as a source of the journey: that is where it is kept."""

MANAGER, ANONYMOUS, AUTHENTICATED = "Manager", "Anonymous", "Authenticated"

ROLES: Mapping[str, tuple[str, str]] = {
    MANAGER: ("gestionnaire du site (Manager)", "site manager (Manager)"),
    "Site Administrator": ("administration du site (Site Administrator)", "site administrator"),
    "Owner": ("auteur de la fiche (Owner)", "owner of the item (Owner)"),
    "Reviewer": ("relecture (Reviewer)", "reviewer (Reviewer)"),
    "Editor": ("rédaction (Editor)", "editor (Editor)"),
    "Contributor": ("contribution (Contributor)", "contributor (Contributor)"),
    "Reader": ("lecture (Reader)", "reader (Reader)"),
    "Member": ("membre du site (Member)", "member of the site (Member)"),
    AUTHENTICATED: ("toute personne connectée (Authenticated)", "whoever is signed in"),
    ANONYMOUS: ("tout le monde (Anonymous)", "everybody (Anonymous)"),
}
"""What people call the roles that Plone brings."""

OTHERWISE: Mapping[str, list[str]] = {
    "Access contents information": [MANAGER, ANONYMOUS],
    "Add portal content": [MANAGER, "Owner"],
    "Add portal folders": [MANAGER, "Owner"],
    "Add portal member": [MANAGER, ANONYMOUS],
    "Change local roles": [MANAGER, "Owner"],
    "Copy or Move": [MANAGER, ANONYMOUS],
    "List folder contents": [MANAGER, "Owner"],
    "Mail forgotten password": [MANAGER, ANONYMOUS],
    "Request review": [MANAGER, "Owner"],
    "Search ZCatalog": [MANAGER, ANONYMOUS],
    "Take ownership": ["Owner"],
    "View": [MANAGER, ANONYMOUS],
    "WebDAV Lock items": [MANAGER, "Owner"],
    "WebDAV Unlock items": [MANAGER, "Owner"],
    "WebDAV access": [MANAGER, AUTHENTICATED],
}
"""Who holds a permission at the root of a site that says nothing of it (Zope 6, CMFCore 3); any
other belongs to the manager."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A journey, and what of the file it does not hold."""

    journey: Journey
    not_carried: list[Note]


def read_definition_file(path: Path, *, version: str) -> Imported:
    """Read a file; one that is too large is refused before it is read."""
    if path.is_file() and path.stat().st_size > LARGEST:
        parse(bytes(LARGEST + 1))
    return read_definition_xml(path.read_bytes(), version=version)


def read_definition_xml(data: bytes, *, version: str) -> Imported:
    """Read a definition as DCWorkflow does, and more leniently: what is left out has its default.

    Guards without the element `guard`, ways out that lead nowhere and targets that do not exist
    are kept as they are: finding them is the check's. Nothing of the file is executed.

    Args:
        version: the version that the journey takes, as DCWorkflow knows none.

    Raises:
        UnreadableDefinition: the file is none, or names something in a way no journey can.
    """
    reader = _Reader(parse(data))
    content = reader.journey(version)
    try:
        journey = Journey.model_validate(content)
    except ValidationError as error:
        refusal = of_validation(error)
        raise UnreadableDefinition(
            refusal.say("fr").rstrip("."), refusal.say("en").rstrip(".")
        ) from None
    return Imported(journey, reader.notes)


def name_of(workflow_id: str) -> str:
    """An identifier of our own for a workflow: `Intranet-Folder` becomes `intranet_folder`."""
    plain = unicodedata.normalize("NFKD", workflow_id).encode("ascii", "ignore").decode()
    name = slug(plain).replace("-", "_")
    return (name if name[:1].isalpha() else f"w_{name}".rstrip("_"))[:60]


def guard_clause(tales: str) -> dict[str, Any]:
    """The clause that stands for the expression of a guard until somebody writes it anew."""
    plain = one_line(tales)
    return {
        "id": "guard",
        "when": {"unresolved": tales},
        "say": {
            "fr": f"La condition écrite pour Plone est vraie : {plain}",
            "en": f"The condition written for Plone is true: {plain}",
        },
        "source": f"{SCHEME}guard-expression",
    }


class _Reader:
    """One reading: the element it reads, and the notes it takes."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.notes: list[Note] = list(unknown_parts(root))
        self.groups = [name_in(node) for node in every(root, "group")]
        self.kinds = self._kinds()

    def journey(self, version: str) -> dict[str, Any]:
        root = self.root
        workflow_id = root.get("workflow_id", "")
        states = self._by_id("state", self._state)
        transitions = self._by_id("transition", self._transition)
        for name, state in states.items():
            for way in state["exits"]:
                if way in transitions:
                    transitions[way]["from"].append(name)
        named = self._permissions_named()
        content = {
            "id": name_of(workflow_id),
            "version": version,
            "title": _text(root.get("title")),
            "about": _text(root.get("description")),
            "source": [f"{SCHEME}{workflow_id}"],
            "facts": "",
            "initial": root.get("initial_state", ""),
            "states": list(states.values()),
            "transitions": list(transitions.values()),
            "creation": self._creation(),
            "variables": list(self._by_id("variable", self._variable).values()),
            "worklists": [
                self._in_states(worklist, list(states))
                for worklist in self._by_id("worklist", self._worklist).values()
            ],
            "permissions": _once(name_in(node) for node in every(root, "permission")),
            "implied": [AUTHENTICATED],
            "open_to": [ANONYMOUS],
            "otherwise": [MANAGER],
            "otherwise_for": {
                permission: roles for permission, roles in OTHERWISE.items() if permission in named
            },
            "bypass": [MANAGER] if truth(root.get("manager_bypass")) else [],
            "state_variable": root.get("state_variable") or "state",
        }
        content["roles"] = {
            role: dict(zip(("fr", "en"), ROLES.get(role, (role, role)), strict=True))
            for role in sorted(_roles_in(content) | {AUTHENTICATED, ANONYMOUS, MANAGER})
        }
        self._scripts()
        self._unused_groups(states.values())
        return content

    def _permissions_named(self) -> set[str]:
        given = {name_in(node) for node in every(self.root, "permission")}
        asked = _names(every(self.root, "guard-permission"))
        return {*given, *asked, *(node.get("name", "") for node in every(self.root, _MAP))}

    # States.

    def _state(self, node: Element, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        rights = dict(before.get("rights", {}))  # of an earlier state of this name, as DCWorkflow
        for given in every(node, _MAP):
            roles = _once(name_in(role) for role in every(given, "permission-role"))
            rights[given.get("name", "")] = {
                "roles": roles,
                "acquired": truth(given.get("acquired")),
            }
        return {
            "id": name,
            "title": _text(node.get("title")),
            "about": self._description(node),
            "exits": _once(way.get("transition_id", "") for way in every(node, "exit-transition")),
            "rights": rights,
            "groups": dict(self._group_maps(node, name)),
            "sets": {
                given.get("name", ""): as_kind(
                    self._value(given, f"state {name}"),
                    self.kinds.get(given.get("name", ""), "text"),
                )
                for given in every(node, "assignment")
            },
        }

    def _group_maps(self, node: Element, state: str) -> Iterator[tuple[str, list[str]]]:
        for given in every(node, "group-map"):
            group = given.get("name", "")
            roles = _once(name_in(role) for role in every(given, "group-role"))
            if group not in self.groups:
                self._note(
                    "ineffective-group-map",
                    f"state {state}",
                    f"le groupe « {group} » n'est pas déclaré par la définition (<group>) : ses "
                    "rôles n'y ont pas d'effet",
                    f"the group “{group}” is not declared by the definition (<group>): its roles "
                    "have no effect there",
                    fault=True,
                )
            elif roles:
                yield group, roles

    def _unused_groups(self, states: Iterable[Mapping[str, Any]]) -> None:
        used = {group for state in states for group in state["groups"]}
        for group in _once(self.groups):
            if group not in used:
                self._note(
                    "unused-group",
                    "group",
                    f"le groupe « {group} » ne reçoit de rôle dans aucune étape ; "
                    "il n'est pas repris",
                    f"the group “{group}” gets a role in no state; it is left out",
                )

    # Transitions.

    def _transition(self, node: Element, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        place = f"transition {name}"
        trigger = node.get("trigger", "USER").strip().lower() or "user"
        if trigger not in ("user", "automatic"):
            raise UnreadableDefinition(
                f"{place} : le déclencheur « {trigger[:40]} » n'est ni USER ni AUTOMATIC",
                f"{place}: the trigger “{trigger[:40]}” is neither USER nor AUTOMATIC",
            )
        self._action(node, place)
        sets = {}
        for given in every(node, "assignment"):
            variable = given.get("name", "")
            said = self._expression(text_of(given), place, variable)
            if said is not None:
                sets[variable] = in_kind(said, self.kinds.get(variable, "text"))
        return {
            "id": name,
            "title": _text(node.get("title")),
            "about": self._description(node),
            "from": [],
            "to": node.get("new_state") or None,
            "trigger": trigger,
            "sets": sets,
            "before": self._handlers(node, "before_script", place),
            "after": self._handlers(node, "after_script", place),
            **self._guard(node, place),
        }

    def _handlers(self, node: Element, when: str, place: str) -> list[str]:
        name = node.get(when)
        if not name:
            return []
        before = when == "before_script"
        self._note(
            "script",
            place,
            f"le script « {name} », lancé {'avant' if before else 'après'} le passage, n'est pas "
            "exécuté : un traitement de ce nom est à enregistrer dans le produit",
            f"the script “{name}”, run {'before' if before else 'after'} the step, is not "
            "executed: a handler of that name must be registered in the product",
        )
        return [name]

    def _action(self, node: Element, place: str) -> None:
        for action in every(node, "action"):
            parts = [one_line(text_of(action)), *(action.get(n, "") for n in _ACTION)]
            shown = ", ".join(part for part in parts if part)
            if shown:
                self._note(
                    "action",
                    place,
                    "l'entrée de menu (libellé, adresse, icône, catégorie) n'est pas reprise : "
                    f"{shown}",
                    f"the menu entry (label, address, icon, category) is not carried over: {shown}",
                )

    # Variables.

    def _variable(self, node: Element, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        place = f"variable {name}"
        guard = self._guard(node, place)
        kind = self.kinds[name]
        default = next(every(node, "default"), None)
        said = _first(default, "expression") if default is not None else None
        value = _first(default, "value") if default is not None else None
        expression = None
        if said is not None and text_of(said):
            expression = self._expression(text_of(said), place, name)
        return {
            "id": name,
            "type": kind,
            "about": self._description(node),
            "default": None if value is None else as_kind(self._value(value, place), kind),
            "expression": None if expression is None else in_kind(expression, kind),
            "update_always": truth(node.get("update_always")),
            "in_history": truth(node.get("for_status")),
            "in_lists": truth(node.get("for_catalog")),
            "shown_to": guard or None,
        }

    def _expression(self, tales: str, place: str, variable: str) -> Expression | None:
        if not tales:
            self._note(
                "empty-expression",
                place,
                f"l'expression de la variable « {variable} » est vide : elle ne dit rien ici",
                f"the expression of the variable “{variable}” is empty: it says nothing here",
                fault=True,
            )
            return None
        said = resolve(tales)
        if isinstance(said, Unresolved) and tales == HISTORY:
            self._note(
                "history",
                place,
                f"« {variable} » donnait l'historique : le journal du registre le tient",
                f"“{variable}” gave the history: the register's journal keeps it",
            )
        elif isinstance(said, Unresolved):
            self._tales(place, f"la valeur de « {variable} »", f"the value of “{variable}”", tales)
        return said

    def _value(self, node: Element, place: str) -> Any:
        type_ = node.get("type") or "string"
        value, kind = read_value(text_of(node), type_)
        if kind == "text" and type_ not in ("string", "n/a"):
            self._note(
                "value",
                place,
                f"la valeur « {value} » de type {type_} est reprise comme un texte",
                f"the value “{value}” of type {type_} is carried over as a text",
            )
        return value

    def _kinds(self) -> dict[str, Kind]:
        """The type of each variable, from every value and expression that is given it."""
        said: dict[str, list[Kind | None]] = {}
        for node in every(self.root, "variable"):
            kinds = said.setdefault(node.get("variable_id", ""), [])
            kinds += (kind_of(resolve(text_of(given))) for given in every(node, "expression"))
            kinds += (_value_kind(given) for given in every(node, "value"))
        for state in every(self.root, "state"):
            for given in every(state, "assignment"):
                said.setdefault(given.get("name", ""), []).append(_value_kind(given))
        for way in every(self.root, "transition"):
            for given in every(way, "assignment"):
                kind = kind_of(resolve(text_of(given))) if text_of(given) else None
                said.setdefault(given.get("name", ""), []).append(kind)
        declared = {node.get("variable_id", "") for node in every(self.root, "variable")}
        return {name: common_kind(kinds) for name, kinds in said.items() if name in declared}

    # Worklists.

    def _worklist(self, node: Element, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
        place = f"worklist {name}"
        self._action(node, place)
        return {
            "id": name,
            "title": _text(node.get("title")),
            "about": self._description(node),
            "where": {
                given.get("name", ""): re.split(r"; *", given.get("values", ""))
                for given in every(node, "match")
            },
            **self._guard(node, place),
        }

    def _in_states(self, worklist: dict[str, Any], states: list[str]) -> dict[str, Any]:
        """What is asked of the state variable names states; where nothing is, all of them."""
        where = dict(worklist["where"])
        named = where.pop(self.root.get("state_variable") or "state", states)
        return {**worklist, "states": [name for name in named if name], "where": where}

    # Guards.

    def _creation(self) -> dict[str, Any] | None:
        given = next(every(self.root, "instance-creation-conditions"), None)
        return None if given is None else self._guard(given, "instance-creation-conditions")

    def _guard(self, node: Element, place: str) -> dict[str, Any]:
        guards = list(every(node, "guard"))
        if len(guards) > 1:
            raise UnreadableDefinition(
                f"{place} : {len(guards)} éléments <guard>, il en faut un au plus",
                f"{place}: {len(guards)} elements <guard>, there must be one at most",
            )
        if not guards:
            return {}
        read: dict[str, Any] = {}
        for part, name in (("permissions", "permission"), ("by", "role"), ("groups", "group")):
            named = _names(every(guards[0], f"guard-{name}"))
            if named:
                read[part] = named
        tales = "".join(text_of(said) for said in every(guards[0], "guard-expression"))
        if tales:
            self._tales(place, "la condition", "the condition", tales)
            read["requires"] = [guard_clause(tales)]
        return read

    # What all of them share.

    def _by_id(self, kind: str, read: Any) -> dict[str, dict[str, Any]]:
        """The elements of a kind by their name; of two with one name, the last, as DCWorkflow."""
        found: dict[str, dict[str, Any]] = {}
        for node in every(self.root, kind):
            name = node.get(f"{kind}_id", "")
            if name in found:
                self._note(
                    "duplicate",
                    f"{kind} {name}",
                    "ce nom est donné deux fois : la dernière déclaration l'emporte",
                    "this name is given twice: the last declaration prevails",
                    fault=True,
                )
            found[name] = read(node, name, found.get(name, {}))
        return found

    def _description(self, node: Element) -> dict[str, str]:
        return _text(next((text_of(given) for given in every(node, "description")), None))

    def _scripts(self) -> None:
        for node in every(self.root, "script"):
            about = ", ".join(f"{n} {node.get(n)}" for n in _SCRIPT if node.get(n))
            self._note(
                "script-declaration",
                f"script {node.get('script_id', '')}",
                f"le code du script n'est pas repris ({about or 'sans précision'})",
                f"the code of the script is not carried over ({about or 'nothing said'})",
            )

    def _tales(self, place: str, what: str, of_what: str, tales: str) -> None:
        self._note(
            "expression",
            place,
            f"{what} est écrite pour Plone, et à réécrire : {one_line(tales)}",
            f"{of_what} is written for Plone, and must be written anew: {one_line(tales)}",
        )

    def _note(self, code: str, place: str, fr: str, en: str, *, fault: bool = False) -> None:
        self.notes.append(note(code, place, fr, en, fault=fault))


_MAP = "permission-map"
_ACTION = ("url", "icon", "category")
_SCRIPT = ("type", "filename", "module", "function")


def _text(words: str | None) -> dict[str, str]:
    """Words in the file's own language, which it does not say: French readers see them as such."""
    return {"fr": words} if words else {}


def _first(node: Element, name: str) -> Element | None:
    return next(every(node, name), None)


def _value_kind(node: Element) -> Kind | None:
    return read_value(text_of(node), node.get("type") or "string")[1]


def _once(names: Iterable[str]) -> list[str]:
    """Names in their order, each once; an empty one names nothing."""
    return [name for name in dict.fromkeys(names) if name]


def _names(nodes: Iterable[Element]) -> list[str]:
    """The names of a part of a guard; one element may hold several, between semicolons."""
    return _once(name.strip() for node in nodes for name in name_in(node).split(";"))


def _roles_in(content: Mapping[str, Any]) -> set[str]:
    """Every role that a definition names."""
    gates = [
        *content["transitions"],
        *content["worklists"],
        content["creation"] or {},
        *(variable["shown_to"] or {} for variable in content["variables"]),
    ]
    named = {role for gate in gates for role in gate.get("by", ())}
    for state in content["states"]:
        named.update(*(right["roles"] for right in state["rights"].values()))
        named.update(*state["groups"].values())
    return named
