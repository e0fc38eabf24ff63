"""What a step was given, in words: each thing by its title in the journey, with its value."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from application.charter_signature import signing_in_words
from application.round_in_words import called_round
from application.sentences import Malformed
from application.wording import WORDS, code_of, date_in_words, number_in_words, value_in_words
from application.world import Moment, World
from domain.case import Case, Moved
from domain.charter import Capacity, CharterSignature
from domain.evaluation import Evaluation
from domain.journey import Input, Journey
from domain.kernel import Recorded
from domain.pole import EndReason, Pole
from domain.rulebook import RULEBOOK, Rulebook
from domain.values import Frozen
from domain.words import Stored, called

WORDS[EndReason] = {
    EndReason.DISSOLVED: "le pôle s'est dissous",
    EndReason.MERGED_INTO: "il a fusionné avec un autre",
    EndReason.SPLIT_INTO: "il s'est scindé en plusieurs",
    EndReason.WITHDREW_CLAIM: "il ne se présente plus comme pôle territorial de coopération",
    EndReason.NEVER_EXISTED: "il n'a jamais existé",
}

OPTIONS = {
    "cooperation": "coopération",
    "social_use": "utilité sociale",
    "long_term": "inscription dans la durée",
    "contracts": "contrats",
    "social": "sociaux",
    "economic": "économiques",
    "environmental": "environnementaux",
    "known_address": "réponse depuis une adresse déjà connue",
    "signed_in": "compte connu du registre",
    "in_person": "en personne",
    "questions": "questions dont elle seule sait la réponse",
    "identity_document": "pièce d'identité, qui n'est pas gardée",
    "complexity": "la complexité de la demande",
    "number": "le nombre des demandes",
}
"""What the journeys that ship let choose among, where nothing else of the product says it."""


class StepGiven(Frozen):
    """One thing that a step was given."""

    id: str
    """What the journey calls it by."""
    title: str
    value: Stored
    said: str
    """The value as people say it."""


def given_in_words(world: World, recorded: Recorded) -> tuple[StepGiven, ...]:
    """What a step was given, in the order of its journey; nothing, for any other event."""
    event = recorded.event
    if not isinstance(event, Moved) or not event.input:
        return ()
    return tuple(_given(world, recorded, event, world.compiled(event.journey).journey))


def step_to(world: World, case: Case, moment: Moment) -> Recorded | None:
    """What led a case to the stage in which it stands: a step, a migration, or its beginning."""
    stay = case.main.standing_on(moment.in_force)
    return next((r for r in world.history(case.id, moment.known) if r.version == stay.order), None)


def _given(world: World, recorded: Recorded, event: Moved, journey: Journey) -> Iterator[StepGiven]:
    way = journey.transition.get(event.transition)
    for asked in way.input if way else ():
        value = event.input.get(asked.id)
        if value not in (None, "", []):
            yield StepGiven(
                id=asked.id,
                title=called(asked.title, asked.id).say("fr"),
                value=value,
                said=_said(world, recorded, asked, value),
            )


def _said(world: World, recorded: Recorded, asked: Input, value: Stored) -> str:
    match value:
        case str() if asked.type == "date":
            return date_in_words(value)
        case str() if asked.type == "id":
            return _called(world, UUID(value), recorded) or value
        case str():
            return option_in_words(value, asked.options) if asked.options else value
        case list() | tuple():
            among = asked.options
            return ", ".join(option_in_words(one, among) if among else one for one in value)
        case bool() | None:
            return value_in_words(value)
        case int():
            return number_in_words(str(value))


def option_in_words(code: str, among: Collection[str] = ()) -> str:
    """What a journey lets choose among, as people say it; one of its own as it is.

    A code may mean something else among others: to sign in person is no way of being recognised.
    """
    known = (WORDS[EndReason], WORDS[Capacity], OPTIONS)
    found = [words for words in known if code in words]
    whole = [words for words in found if all(other in words for other in among)]
    return (whole or found)[0][code] if found else code


def input_meant(
    world: World, concept: str, transition: str, given: Mapping[str, str]
) -> dict[str, Any]:
    """What a person gives to a step, word for word, as the step asks for it.

    Each thing by its code or by its title, each choice by its code or by what it means; another
    choice is refused. What else is not understood is left as it was said, for the step to refuse.
    """
    rulebook = world.load(Rulebook, RULEBOOK)
    journeys = [journey for journey, _ in rulebook.journeys.values()] if rulebook else []
    having = [journey for journey in journeys if transition in journey.transition]
    own = [journey for journey in having if journey.id == concept] or having
    asked = {one.id: one for one in own[-1].transition[transition].input} if own else {}
    names = {id_: called(one.title, id_).say("fr") for id_, one in asked.items()}
    said = {code_of(name, names): value for name, value in given.items()}
    return {
        name: _meant(asked[name], value) if name in asked else value for name, value in said.items()
    }


def _meant(asked: Input, value: str) -> Any:
    words = {code: option_in_words(code, asked.options) for code in asked.options}
    match asked.type:
        case "integer" if value.isdecimal():
            return int(value)
        case "boolean" if value.casefold() in ("oui", "non", "true", "false"):
            return value.casefold() in ("oui", "true")
        case "texts" if words:
            return [_chosen(asked, one.strip(), words) for one in value.split(",")]
        case "texts":
            return [value]
        case _:
            return _chosen(asked, value, words) if words else value


def _chosen(asked: Input, value: str, words: Mapping[str, str]) -> str:
    code = code_of(value, words)
    if code in words:
        return code
    title = called(asked.title, asked.id)
    among = ", ".join(f"{said} ({code})" for code, said in words.items())
    raise Malformed(
        fr=f"« {title.fr} » : « {value} » n'est pas un choix possible. Au choix : {among}.",
        en=f"“{title.en}”: “{value}” is no choice. One of: {', '.join(words)}.",
    )


def _called(world: World, id_: UUID, recorded: Recorded) -> str | None:
    """What people call something of the register, as known when the step was taken."""
    history = world.history(id_, recorded.position)
    match history[0].event if history else None:
        case Pole.Registered():
            pole = world.load(Pole, id_, recorded.position)
            return pole.name_on(recorded.in_force_from) if pole else None
        case Evaluation.Planned():
            found = world.load(Evaluation, id_, recorded.position)
            return called_round(found) if found else None
        case CharterSignature.Signed() as signed:
            return signing_in_words(signed.act)
        case _:
            return None
