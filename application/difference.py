"""What sets two definitions apart, in words."""

from collections.abc import Iterable, Iterator, Mapping

from application.wording import ROLES, capital
from domain.difference import ANYBODY, Change, Difference, RightChange
from domain.journey import Journey

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
    words = Words(old, new)
    return [
        *(_change(change, words) for change in difference.changes),
        *rights_in_words(difference.rights, words),
    ]


def _change(change: Change, words: Words) -> str:
    what = WHATS[change.what]
    place = _place(change, words)
    title = change.title or change.id
    if change.kind == "changed":
        before, after = _parts(change, words)
        part = PARTS.get(change.part, change.part)
        if not before and not after:
            return f"{capital(what)} « {title} »{place} : {part} change."
        return (
            f"{capital(what)} « {title} »{place} : {part} change, "
            f"de « {before or 'rien'} » à « {after or 'rien'} »."
        )
    ending = "e" if change.what in FEMININE else ""
    done = "ajouté" if change.kind == "added" else "retiré"
    sentence = f"{capital(what)} {done}{ending}{place} : « {title} »"
    if change.what == "state" and change.after:
        return f"{sentence} ; on y continue à l'étape « {words.state(change.after)} »."
    said = change.after or change.before
    return f"{sentence} ({said})." if said else f"{sentence}."


def _place(change: Change, words: Words) -> str:
    if not change.where:
        return ""
    if change.what == "deadline":
        return f", à l'étape « {words.state(change.where)} »"
    return f", pour « {words.transition(change.where)} »"


def _parts(change: Change, words: Words) -> tuple[str, str]:
    if change.what == "transition" and change.part in ("from", "to"):
        return words.states(change.before), words.states(change.after)
    return change.before, change.after


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
