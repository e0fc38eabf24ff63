"""What may be wrong with a definition: a code, a place, a sentence in two languages."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.rules import FaultyJourney
from domain.values import Frozen
from domain.words import Text

NAMED_AT_MOST = 10
"""How many faults a refusal names."""


class Fault(Frozen):
    """Something wrong with a definition: a stable code, the place, and a sentence."""

    code: str
    where: str
    say: Text
    blocking: bool = True
    """Whether it keeps the definition from being published."""


class _Kind(NamedTuple):
    blocking: bool
    fr: str
    en: str


def fault(kind: str, where: str, /, **facts: object) -> Fault:
    """A fault of a kind; a kind is a code, or `code/variant` where one code says several things."""
    found = KINDS[kind]
    return Fault(
        code=kind.partition("/")[0],
        where=where,
        say=Text(fr=found.fr.format(**facts), en=found.en.format(**facts)),
        blocking=found.blocking,
    )


class Unpublishable(FaultyJourney):
    """A definition has faults that keep it from being published; the first ten are named."""

    fr = "La définition ne peut pas être publiée. {reason}"
    en = "The definition cannot be published. {reason}"

    def __init__(self, faults: Sequence[Fault]) -> None:
        blocking = [fault for fault in faults if fault.blocking]
        super().__init__(
            where=blocking[0].where,
            reason=Text(
                fr=_listed(blocking, "fr", "Et {number} de plus."),
                en=_listed(blocking, "en", "And {number} more."),
            ),
        )
        self.faults = tuple(blocking)


def _listed(faults: Sequence[Fault], language: str, more: str) -> str:
    said = [f"[{fault.where}] {fault.say.say(language)}" for fault in faults[:NAMED_AT_MOST]]
    left = len(faults) - NAMED_AT_MOST
    return " ".join([*said, *([more.format(number=left)] if left > 0 else [])])


STOPS, WARNS = True, False

KINDS: Mapping[str, _Kind] = {
    # The definition as a whole.
    "bad-version": _Kind(STOPS, "« {version} » n'est pas une date.", "“{version}” is not a date."),
    "unknown-model": _Kind(
        STOPS,
        "{model} n'est pas un modèle de faits connu ({known}).",
        "{model} is not a known model of facts ({known}).",
    ),
    "duplicate-id": _Kind(
        STOPS,
        "Le nom « {name} » est donné plusieurs fois ({what}).",
        "The name “{name}” is given several times ({what_en}).",
    ),
    "missing-sentence": _Kind(
        WARNS, "{what} manque en {languages}.", "{what_en} is missing in {languages_en}."
    ),
    "missing-sentence/clause": _Kind(
        STOPS,
        "La condition n'a de phrase en aucune langue : un refus ne dirait rien.",
        "The clause has a sentence in no language: a refusal would say nothing.",
    ),
    # Where ways lead.
    "missing-target": _Kind(
        STOPS, "L'état « {state} » n'existe pas.", "The state “{state}” does not exist."
    ),
    "missing-state": _Kind(
        STOPS, "L'état « {state} » n'existe pas.", "The state “{state}” does not exist."
    ),
    "dangling-exit": _Kind(
        STOPS,
        "La sortie « {way} » de l'état « {state} » ne nomme aucun passage.",
        "The exit “{way}” of the state “{state}” names no transition.",
    ),
    "dangling-exit/elsewhere": _Kind(
        STOPS,
        "La sortie « {way} » de l'état « {state} » nomme un passage qui n'en part pas.",
        "The exit “{way}” of the state “{state}” names a transition that does not leave from it.",
    ),
    "dangling-exit/unlisted": _Kind(
        WARNS,
        "Le passage « {way} » part de l'état « {state} » et manque dans ses sorties : il y vient "
        "en dernier.",
        "The transition “{way}” leaves from the state “{state}” and is missing among its exits: "
        "it comes last.",
    ),
    "unused-transition": _Kind(
        WARNS,
        "Le passage « {way} » ne part d'aucun état : il ne sert jamais.",
        "The transition “{way}” leaves from no state: it is never of use.",
    ),
    "unreachable-state": _Kind(
        WARNS,
        "Aucun passage ne mène du début à l'état « {state} ».",
        "No transition leads from the beginning to the state “{state}”.",
    ),
    "dead-state": _Kind(
        STOPS,
        "L'état « {state} » n'est pas final, et rien n'en part.",
        "The state “{state}” is not final, and nothing leaves from it.",
    ),
    "dead-state/closed": _Kind(
        STOPS,
        "L'état « {state} » n'est pas final, et aucun des passages qui en partent ne peut jamais "
        "être pris : {ways}.",
        "The state “{state}” is not final, and none of the transitions that leave from it can "
        "ever be taken: {ways}.",
    ),
    "final-state-left": _Kind(
        WARNS,
        "L'état « {state} » est final, et pourtant on en part : {ways}.",
        "The state “{state}” is final, and yet it is left by: {ways}.",
    ),
    "initial-final": _Kind(
        WARNS,
        "L'état « {state} » est à la fois le premier et un état final.",
        "The state “{state}” is both the first one and a final one.",
    ),
    "automatic-cycle": _Kind(
        STOPS,
        "Des passages automatiques se suivent sans fin : {cycle}.",
        "Automatic transitions follow one another without end: {cycle}.",
    ),
    "automatic-cycle/perhaps": _Kind(
        WARNS,
        "Des passages automatiques forment une boucle, sans fin si leurs conditions tiennent "
        "ensemble : {cycle}.",
        "Automatic transitions form a loop, without end if their clauses hold together: {cycle}.",
    ),
    "automatic-needs-input": _Kind(
        STOPS,
        "Un passage automatique ne reçoit rien, et celui-ci demande : {inputs}.",
        "An automatic transition is given nothing, and this one asks for: {inputs}.",
    ),
    "automatic-needs-input/optional": _Kind(
        WARNS,
        "Un passage automatique ne reçoit rien : {inputs} ne sera jamais donné.",
        "An automatic transition is given nothing: {inputs} will never be given.",
    ),
    "impossible-input": _Kind(
        STOPS,
        "« {input} » ne peut recevoir aucune valeur : ses choix sont des textes, il est d'un autre "
        "type ({kind}).",
        "“{input}” can be given no value: its choices are texts, it is of another type ({kind}).",
    ),
    "missing-script": _Kind(
        STOPS,
        "Le traitement « {name} » n'existe pas dans le produit.",
        "The handler “{name}” does not exist in the product.",
    ),
    # Who may pass.
    "no-role": _Kind(
        STOPS,
        "Personne ne peut passer : aucun rôle n'y suffit, ni tous ensemble.",
        "Nobody can pass: no role is enough, nor all of them together.",
    ),
    "no-role/list": _Kind(
        WARNS,
        "Personne ne verra cette liste : aucun rôle n'y suffit.",
        "Nobody will see this list: no role is enough.",
    ),
    "several-roles": _Kind(
        WARNS,
        "Aucun rôle ne suffit à lui seul : il faut en tenir plusieurs à la fois.",
        "No role is enough by itself: several must be held at once.",
    ),
    "open-to-all": _Kind(
        WARNS,
        "Le passage est ouvert à tous : il ne demande ni rôle, ni droit, ni groupe.",
        "The transition is open to all: it asks for no role, permission or group.",
    ),
    "unknown-role": _Kind(
        STOPS,
        "Le rôle « {role} » n'est ni du produit ni de la définition{near}.",
        "The role “{role}” is neither the product's nor the definition's{near_en}.",
    ),
    "ineffective-permission-map": _Kind(
        WARNS,
        "L'état « {state} » donne le droit « {permission} », que la définition ne gère pas : "
        "sans effet.",
        "The state “{state}” grants the permission “{permission}”, which the definition does not "
        "manage: without effect.",
    ),
    "impossible-vote": _Kind(
        STOPS,
        "Le vote ne peut jamais aboutir : aucun rôle ne siège dans le collège « {college} ».",
        "The vote can never be carried: no role sits in the college “{college}”.",
    ),
    "impossible-vote/unopened": _Kind(
        STOPS,
        "Le vote ne peut jamais aboutir : aucun rôle ne peut l'ouvrir.",
        "The vote can never be carried: no role can open it.",
    ),
    # What expressions say.
    "bad-expression": _Kind(
        STOPS,
        "L'expression « {expression} » ne convient pas : {reason}.",
        "The expression “{expression}” will not do: {reason_en}.",
    ),
    "unknown-fact": _Kind(
        STOPS,
        "« {name} » n'est pas connu ici{near}.",
        "“{name}” is not known here{near_en}.",
    ),
    "input-type-conflict": _Kind(
        STOPS,
        "« {name} » a un autre type dans un autre passage ({kind}, {other}).",
        "“{name}” has another type in another transition ({kind}, {other}).",
    ),
    "unresolved-clause": _Kind(
        STOPS,
        "La condition vient d'un autre moteur et reste à écrire : « {expression} ».",
        "The clause comes from another engine and is still to be written: “{expression}”.",
    ),
    "unresolved-value": _Kind(
        STOPS,
        "La valeur vient d'un autre moteur et reste à écrire : « {expression} ».",
        "The value comes from another engine and is still to be written: “{expression}”.",
    ),
    "unresolved-value/unrecorded": _Kind(
        WARNS,
        "La valeur vient d'un autre moteur, et personne ne la lit : « {expression} ».",
        "The value comes from another engine, and nobody reads it: “{expression}”.",
    ),
    "constant-clause": _Kind(
        WARNS,
        "La condition « {expression} » est toujours vraie dès que ce qu'elle nomme est connu.",
        "The clause “{expression}” is always true as soon as what it names is known.",
    ),
    "constant-clause/false": _Kind(
        STOPS,
        "La condition « {expression} » n'est jamais vraie.",
        "The clause “{expression}” is never true.",
    ),
    "contradictory-clauses": _Kind(
        STOPS,
        "Les conditions {clauses} ne sont jamais vraies ensemble.",
        "The clauses {clauses} are never true together.",
    ),
    # Variables.
    "unknown-variable": _Kind(
        STOPS,
        "La variable « {name} » n'est pas déclarée{near}.",
        "The variable “{name}” is not declared{near_en}.",
    ),
    "bad-value": _Kind(
        STOPS,
        "« {value} » n'est pas une valeur de la variable « {name} » ({kind}).",
        "“{value}” is not a value of the variable “{name}” ({kind}).",
    ),
    # Deadlines and votes.
    "deadline-no-way-out": _Kind(
        WARNS,
        "Rien ne suit l'échéance « {deadline} » : aucun passage ne la nomme, et elle n'attend "
        "personne.",
        "Nothing follows the deadline “{deadline}”: no transition names it, and it waits for "
        "nobody.",
    ),
    "deadline-not-a-date": _Kind(
        STOPS,
        "L'échéance est comptée de « {name} », qui n'est pas une date ({kind}).",
        "The deadline is counted from “{name}”, which is not a date ({kind}).",
    ),
    "unknown-deadline": _Kind(
        STOPS,
        "Aucun des états d'où l'on part n'a d'échéance « {name} ».",
        "None of the states it leaves from has a deadline “{name}”.",
    ),
    "unknown-approval": _Kind(
        STOPS,
        "Aucun passage soumis à un vote ne s'appelle « {name} ».",
        "No transition that is voted on is called “{name}”.",
    ),
}
"""Every kind of fault: whether it stops a publication, and how it is said."""
