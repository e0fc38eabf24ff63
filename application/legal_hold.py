"""What keeps a personal value, or a document, past its time: it still serves, or is in dispute.

Source: RGPD, article 17(1)(a), what is still needed, and 17(3)(e), legal claims. Which facts count
as such is a product rule.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from application.world import Moment, World
from domain.appeal import Appeal
from domain.case import Case
from domain.charter import CharterSignature
from domain.commitment import Commitment
from domain.contribution import Contribution, ContributionStanding
from domain.dossier import Dossier
from domain.evaluation import Evaluation
from domain.kernel import Aggregate, Recorded
from domain.pole import Pole
from domain.privacy_request import PrivacyRequest

A = TypeVar("A", bound=Aggregate)

UNDER_WAY: tuple[type[Case], ...] = (Appeal, PrivacyRequest, Evaluation)
"""The cases whose words are kept until they reach a final stage."""


def disputes(world: World, day: date, known: int | None = None) -> Mapping[UUID, str]:
    """What is before a court, or may be, on a day: by its identity, why, in words.

    An appeal under way with its dossier, and a commitment of which something is still to be
    recovered: what they keep, and nothing else that is kept about the same pole.
    """
    found = dict[UUID, str]()
    for ordered in world.told(Commitment.RecoveryOrdered, until=known):
        commitment = world.load(Commitment, ordered.stream, known)
        if commitment and _left_to_recover(commitment, day):
            found[commitment.id] = "un reversement est demandé"
    for lodged in world.told(Appeal.Lodged, until=known):
        appeal = world.load(Appeal, lodged.stream, known)
        if appeal and appeal.state_on(day) and not _is_over(world, appeal, day):
            found |= dict.fromkeys((appeal.id, appeal.dossier), "un recours est en cours")
    return found


def _is_over(world: World, case: Case, day: date) -> bool:
    journey = world.compiled(case.main.journey_on(day) or case.main.journey).journey
    stage = case.main.standing_on(day).value
    return stage in journey.state and journey.state[stage].final


def _left_to_recover(commitment: Commitment, day: date) -> bool:
    settled = commitment.recovered_on(day) + commitment.waived_on(day)
    return commitment.ordered_on(day) > settled


class LegalHolds:
    """Why something is to be kept at a moment, whatever its time; asked of one event after another.

    What was read of one thing is kept for the next question.
    """

    def __init__(self, world: World, moment: Moment) -> None:
        self._world, self._moment = world, moment
        self._loaded: dict[UUID, Aggregate | None] = {}

    def of(self, recorded: Recorded) -> str | None:
        """Why what an event keeps is still needed, in words; `None` where nothing holds it."""
        return self._serves(recorded) or self._is_in_dispute(recorded)

    def _serves(self, recorded: Recorded) -> str | None:
        day = self._moment.in_force
        match recorded.event:
            case Pole.MemberJoined(member=member):
                pole = self._load(Pole, recorded.stream)
                stay = pole.members.get(member) if pole else None
                return "la personne est membre du pôle" if stay and stay.covers(day) else None
            case Pole.FactContested(contest=contest):
                pole = self._load(Pole, recorded.stream)
                standing = pole.contests_on(day) if pole else ()
                is_awaited = any(other.id == contest for other in standing)
                return "la contestation attend sa réponse" if is_awaited else None
            case Contribution.Received():
                sent = self._load(Contribution, recorded.stream)
                shows = sent and sent.standing is ContributionStanding.PUBLISHED
                return "la contribution paraît encore" if shows else None
            case CharterSignature.Signed() | CharterSignature.NetworkSigned():
                return self._signature(recorded)
            case CharterSignature.MemberSigned():
                return self._signature(recorded)
            case _:
                return self._under_way(recorded)

    def _signature(self, recorded: Recorded) -> str | None:
        signed = self._load(CharterSignature, recorded.stream)
        holds = signed and signed.in_force_on(self._moment.in_force)
        return "la signature est en vigueur" if holds else None

    def _under_way(self, recorded: Recorded) -> str | None:
        for kind in UNDER_WAY:
            if recorded.event.TOPIC.startswith(f"{kind.ENTERS.TOPIC.partition('.')[0]}."):
                case = self._load(kind, recorded.stream)
                return f"{case.this.fr} est en cours" if case and not self._is_final(case) else None
        if recorded.event.TOPIC.startswith("dossier."):
            dossier = self._load(Dossier, recorded.stream)
            return "le dossier est à l'examen" if dossier and not dossier.is_over else None
        return None

    def _is_final(self, case: Case) -> bool:
        return _is_over(self._world, case, self._moment.in_force)

    def _is_in_dispute(self, recorded: Recorded) -> str | None:
        return self._disputes.get(recorded.stream)

    @cached_property
    def _disputes(self) -> Mapping[UUID, str]:
        return disputes(self._world, self._moment.in_force, self._moment.known)

    def _load(self, kind: type[A], id_: UUID) -> A | None:
        if id_ not in self._loaded:
            self._loaded[id_] = self._world.load(kind, id_, self._moment.known)
        found = self._loaded[id_]
        return found if isinstance(found, kind) else None
