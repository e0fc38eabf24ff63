"""What sets two definitions apart, in words."""

from collections.abc import Iterable, Iterator, Mapping

from application.wording import PERIODS, ROLES, capital, fact, period_in_words
from domain.deadline import ENTERED
from domain.difference import ANYBODY, Change, Difference, RightChange
from domain.journey import Journey
from domain.vote import Approval, rule_of

PARTS: Mapping[str, str] = {
    "title": "l'intitulé",
    "final": "le fait d'être sans suite",
    "from": "les étapes de départ",
    "to": "l'étape d'arrivée",
    "trigger": "le déclenchement",
    "approval": "le vote demandé",
    "groups": "les groupes admis",
    "permissions": "les droits demandés",
    "say": "la phrase",
    "when": "la condition",
    "period": "le délai",
    "counted_from": "le point de départ du délai",
    "waits_for": "les rôles attendus",
    "type": "le type",
    "options": "les choix possibles",
    "required": "le caractère obligatoire",
    "definition": "la définition",
}

PLURALS = frozenset({"from", "groups", "permissions", "waits_for", "options"})
"""The parts that are several things, and change together."""

TRIGGERS: Mapping[str, str] = {"user": "par une personne", "automatic": "de soi-même"}

TYPES: Mapping[str, str] = {
    "text": "texte",
    "integer": "nombre entier",
    "boolean": "oui ou non",
    "date": "date",
    "texts": "textes",
    "id": "identifiant",
}

WHATS: Mapping[str, str] = {
    "state": "étape",
    "transition": "passage",
    "clause": "condition",
    "input": "information demandée",
    "evidence": "pièce demandée",
    "deadline": "échéance",
    "variable": "variable",
    "worklist": "liste de travail",
}
FEMININE = frozenset(WHATS) - {"transition"}


class Words:
    """The names that two definitions give to their parts; the newer one's first."""

    def __init__(self, old: Journey, new: Journey) -> None:
        self._journeys = (new, old)

    def role(self, role: str) -> str:
        if role == ANYBODY:
            return "tout le monde"
        own = next((j.roles[role].fr for j in self._journeys if role in j.roles), "")
        return ROLES.get(role) or own or role

    def state(self, state: str) -> str:
        found = next((j.state[state].title.fr for j in self._journeys if state in j.state), "")
        return found or state

    def transition(self, way: str) -> str:
        ways = (j.transition[way].title.fr for j in self._journeys if way in j.transition)
        return next(ways, "") or way

    def states(self, names: str) -> str:
        return ", ".join(self.state(name) for name in names.split(", ") if name)


def in_words(difference: Difference, old: Journey, new: Journey) -> list[str]:
    """Every change as a French sentence: of the definition first, then who gains and loses what."""
    return [
        *changes_in_words(difference, old, new),
        *rights_in_words(difference.rights, Words(old, new)),
    ]


def changes_in_words(difference: Difference, old: Journey, new: Journey) -> list[str]:
    """What changes in the definition, a sentence each."""
    words = Words(old, new)
    return [_change(change, words) for change in difference.changes]


def rights_by_role(
    difference: Difference, old: Journey, new: Journey
) -> list[tuple[str, list[str]]]:
    """What each role gains and loses, stage by stage; the roles by what they are called."""
    words = Words(old, new)
    roles = sorted({change.role for change in difference.rights}, key=words.role)
    return [
        (
            words.role(role),
            [*rights_in_words((one for one in difference.rights if one.role == role), words)],
        )
        for role in roles
    ]


def _change(change: Change, words: Words) -> str:
    what = WHATS[change.what]
    place = _place(change, words)
    title = change.title or change.id
    if change.kind == "changed":
        before, after = _parts(change, words)
        verb = "changent" if change.part in PLURALS else "change"
        part = f"{PARTS.get(change.part, change.part)} {verb}"
        if not before and not after:
            return f"{capital(what)} « {title} »{place} : {part}."
        return (
            f"{capital(what)} « {title} »{place} : {part}, "
            f"de « {before or 'rien'} » à « {after or 'rien'} »."
        )
    ending = "e" if change.what in FEMININE else ""
    done = "ajouté" if change.kind == "added" else "retiré"
    sentence = f"{capital(what)} {done}{ending}{place} : « {title} »"
    if change.what == "state" and change.after:
        return f"{sentence} ; on y continue à l'étape « {words.state(change.after)} »."
    said = change.after or change.before
    if change.what == "deadline":
        said = _period(said)
    return f"{sentence} ({said})." if said else f"{sentence}."


def _place(change: Change, words: Words) -> str:
    if not change.where:
        return ""
    if change.what == "deadline":
        return f", à l'étape « {words.state(change.where)} »"
    return f", pour « {words.transition(change.where)} »"


def _parts(change: Change, words: Words) -> tuple[str, str]:
    return _value(change, change.before, words), _value(change, change.after, words)


def _value(change: Change, value: str, words: Words) -> str:
    """A part as people say it; a condition as it is written."""
    match change.what, change.part:
        case "transition", "from" | "to":
            return words.states(value)
        case "transition", "trigger":
            return TRIGGERS.get(value, value)
        case "transition", "approval" if value:
            return rule_of(Approval.model_validate_json(value)).fr.rstrip(".")
        case "deadline", "period":
            return _period(value)
        case "deadline", "counted_from":
            return "l'entrée dans l'étape" if value == ENTERED else fact(value)
        case "deadline", "waits_for":
            return ", ".join(words.role(role) for role in value.split(", ") if role)
        case "input", "type":
            return TYPES.get(value, value)
        case _:
            return value


def _period(value: str) -> str:
    return period_in_words(value) if value.rpartition(" ")[2] in PERIODS else value


def rights_in_words(changes: Iterable[RightChange], words: Words) -> Iterator[str]:
    """Who gains and loses what, one sentence a role and a state."""
    grouped: dict[tuple[str, str, bool, str], list[str]] = {}
    for change in changes:
        key = change.state, change.role, change.gained, change.what
        grouped.setdefault(key, []).append(change.id)
    for (state, role, gained, what), names in grouped.items():
        verb = "gagne" if gained else "perd"
        if what == "transition":
            things = "le passage" if len(names) == 1 else "les passages"
            told = ", ".join(f"« {words.transition(name)} »" for name in names)
        else:
            things = "le droit" if len(names) == 1 else "les droits"
            told = ", ".join(f"« {name} »" for name in names)
        who = words.role(role) if role == ANYBODY else f"le rôle « {words.role(role)} »"
        yield f"À l'étape « {words.state(state)} », {who} {verb} {things} {told}."
