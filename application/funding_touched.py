"""What the withdrawal of a funder touches: its commitments, the conditions that count on it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from application.command import Work
from domain.commitment import Commitment
from domain.condition import ConditionKind
from domain.identifiers import same_name
from domain.organisation import Organisation
from domain.plan_balance import Touched, TouchedKind
from domain.pole import Pole
from domain.project import Project


def commitments_of(work: Work, project: Project) -> list[Commitment]:
    """The commitments of a project, under whichever pole each was made."""
    poles = [work.get(Pole, dated.value) for dated in project.poles if dated.value]
    named = dict.fromkeys(
        id_ for pole in poles for id_, concept in pole.attached.items() if concept == "commitment"
    )
    read = (work.get(Commitment, id_) for id_ in named)
    return [commitment for commitment in read if commitment.project == project.id]


def touched(
    funder: Organisation, commitments: Iterable[Commitment], day: date
) -> Iterator[Touched]:
    """What the withdrawal of a funder touches of some commitments, on a day.

    Its own, that are open; and the conditions of others, not met yet or met, that count on it.
    """
    for commitment in commitments:
        if not commitment.is_open_on(day):
            continue
        about = {
            "commitment": commitment.id,
            "code": commitment.code,
            "funder": commitment.funder.name,
        }
        if commitment.funder.is_same(funder):
            yield Touched(kind=TouchedKind.COMMITMENT, **about)
        for id_, state in commitment.conditions_on(day).items():
            condition = state.condition
            counts = condition.kind is ConditionKind.CO_FUNDING and condition.funder
            if counts and _names(counts, funder):
                yield Touched(
                    kind=TouchedKind.CONDITION,
                    condition=id_,
                    title=condition.title,
                    tranches=condition.tranches,
                    **about,
                )


def touched_by_loss(
    lost: Sequence[Commitment], others: Iterable[Commitment], day: date
) -> Iterator[Touched]:
    """What the withdrawal of an award touches: what follows it, and conditions that count on that.

    Args:
        lost: the commitments that follow the award.
        others: those of the same project.
    """
    for commitment in lost:
        yield Touched(
            kind=TouchedKind.COMMITMENT,
            commitment=commitment.id,
            code=commitment.code,
            funder=commitment.funder.name,
        )
    funders = {commitment.funder.siret or commitment.funder.name: commitment for commitment in lost}
    known = [one for one in others if one.id not in {commitment.id for commitment in lost}]
    for commitment in funders.values():
        found = touched(commitment.funder, known, day)
        yield from (one for one in found if one.kind is TouchedKind.CONDITION)


def _names(words: str, funder: Organisation) -> bool:
    """Whether a condition that names a funder by words means this one."""
    return same_name(words, funder.name) or "".join(words.split()) == funder.siret


def touched_in_words(touches: Iterable[Touched]) -> str:
    """What a withdrawal touches, on one line."""
    said = [
        f"la condition « {one.title} » de l'engagement financier {one.code}"
        if one.kind is TouchedKind.CONDITION
        else f"l'engagement financier {one.code}"
        for one in touches
    ]
    return f"touche : {', '.join(said)}" if said else "ne touche aucun engagement enregistré"
