"""What keeps a personal value, or a document, past its time: it still serves, or is in dispute.

Source: RGPD, article 17(1)(a), what is still needed, and 17(3)(e), legal claims. Which facts count
as such is a product rule.
"""

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

RECOVERY = "recovery"
"""The stage of a commitment of which money is asked back."""


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
        day = self._moment.in_force
        journey = self._world.compiled(case.main.journey_on(day) or case.journey).journey
        return journey.state[case.main.standing_on(day).value].final

    def _is_in_dispute(self, recorded: Recorded) -> str | None:
        """Whether a recourse, or a recovery, is under way about the pole that it concerns."""
        pole = recorded.stream if recorded.event.TOPIC.startswith("pole.") else None
        return self._disputes.get(getattr(recorded.event, "pole", None) or pole)

    @cached_property
    def _disputes(self) -> dict[UUID | None, str]:
        known, day, found = self._moment.known, self._moment.in_force, dict[UUID | None, str]()
        for recorded in self._world.told(Commitment.Decided, until=known):
            commitment = self._load(Commitment, recorded.stream)
            if commitment and commitment.state_on(day) == RECOVERY:
                found[commitment.pole] = "un reversement est demandé au pôle"
        for recorded in self._world.told(Appeal.Lodged, until=known):
            appeal = self._load(Appeal, recorded.stream)
            if appeal and appeal.state_on(day) and not self._is_final(appeal):
                found[appeal.pole] = "un recours du pôle est en cours"
        return found

    def _load(self, kind: type[A], id_: UUID) -> A | None:
        if id_ not in self._loaded:
            self._loaded[id_] = self._world.load(kind, id_, self._moment.known)
        found = self._loaded[id_]
        return found if isinstance(found, kind) else None
