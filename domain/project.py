"""Projects: proposed by a pole, examined against what its members do, then selected or not.

A project keeps its identity whichever pole carries it: "has not already had support" (decree of
15 April 2015, article 3, 6°) bears on the project, not on the pole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from typing_extensions import override

from domain.entry import EntryId, Need, PoleObjective
from domain.errors import NotFound, Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.money import Cents
from domain.profile import Described
from domain.span import Dated, in_force
from domain.values import Line, Prose
from domain.words import Text

ProjectId = NewType("ProjectId", UUID)


class Status(StrEnum):
    """Where a project stands in the pole's own selection."""

    PROPOSED = "proposed"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    ENDED = "ended"


class Check(StrEnum):
    """The two checks of complementarity in the charter of the pole of Sud Aquitaine.

    A project must not weaken the whole nor compete with it, in part or in all; and, by
    subsidiarity, it neither replaces nor duplicates what members already do.
    """

    COMPETITION = "competition"
    DUPLICATION = "duplication"


class CheckFinding(StrEnum):
    """What a check found."""

    COMPLEMENTARY = "complementary"
    COMPETES = "competes"
    WEAKENS = "weakens"
    DUPLICATES = "duplicates"
    SUBSTITUTES = "substitutes"


FINDINGS: Mapping[Check, tuple[CheckFinding, ...]] = {
    Check.COMPETITION: (
        CheckFinding.COMPLEMENTARY,
        CheckFinding.COMPETES,
        CheckFinding.WEAKENS,
    ),
    Check.DUPLICATION: (
        CheckFinding.COMPLEMENTARY,
        CheckFinding.DUPLICATES,
        CheckFinding.SUBSTITUTES,
    ),
}
"""What each check can find."""

OF_AN_ACTION = frozenset({CheckFinding.COMPETES, CheckFinding.DUPLICATES, CheckFinding.SUBSTITUTES})
"""The findings that bear on some action of members, which they name (product rule). A project may
weaken the whole without competing with any one of them."""


# --- refusals ----------------------------------------------------------------------------------


class NotAnAnswer(Refused):
    """A project answers a need, or serves an objective."""

    code = "project.not_an_answer"
    fr = (
        "Un projet répond à un besoin ou sert un objectif du pôle : "
        "{entry} n'est ni l'un ni l'autre à cette date."
    )
    en = "A project answers a need or serves an objective of the pole: {entry} is neither."


class FindingOfTheOtherCheck(Refused):
    """Each check asks its own question."""

    code = "project.other_check"
    fr = "Ce contrôle ne peut pas conclure ainsi ; il conclut par : {among}."
    en = "This check cannot find that; it finds one of: {among}."


class NotAMembersAction(Refused):
    """A project is compared with what members do."""

    code = "project.not_a_members_action"
    fr = "{entry} n'est pas une action à laquelle un membre du pôle prend part à cette date."
    en = "{entry} is not an action in which a member of the pole takes part on that day."


class AgainstWhat(Refused):
    """Nobody competes with nothing: the action is named (product rule)."""

    code = "project.against_what"
    fr = (
        "Le contrôle conclut que le projet {found} : dites de quelle action d'un membre il "
        "s'agit (« against »)."
    )
    en = "The check finds that the project {found}: say of which action of a member (“against”)."


class NotABody(Refused):
    """The pole's own body selects."""

    code = "project.not_a_body"
    fr = "{body} n'est pas une instance du pôle à cette date."
    en = "{body} is not a body of the pole on that day."


class NotExamined(Refused):
    """Nothing is decided before both checks are made."""

    code = "project.not_examined"
    fr = "Avant de décider, il reste à contrôler : {wanting}."
    en = "Before a decision, this is still to be checked: {wanting}."


class WithoutReason(Refused):
    """A project is selected despite a check, and for a reason (product rule)."""

    code = "project.without_reason"
    fr = "Un contrôle relève que le projet {found} : pour le retenir, dites pourquoi (« motive »)."
    en = "A check found that the project {found}: to select it, say why (“motive”)."


class AlreadySelected(Refused):
    """What was selected is carried out, taken over or ended."""

    code = "project.decided"
    fr = "Ce projet est déjà retenu depuis le {day}."
    en = "This project has been selected since {day}."


class ProjectEnded(Refused):
    """A project that has ended is no longer changed."""

    code = "project.ended"
    is_of_order = True
    fr = "Ce projet a pris fin le {day}."
    en = "This project ended on {day}."


class BeforeWhatIsKnown(Refused):
    """A project goes on, from one recorded day to a later one (product rule)."""

    code = "project.too_early"
    is_of_order = True
    fr = "Ce projet est connu tel qu'il est depuis le {day} : rien ne s'y enregistre plus tôt."
    en = "This project is known as it is since {day}: nothing is recorded in it before."


class SamePole(Refused):
    """A pole does not take over what it carries."""

    code = "project.same_pole"
    fr = "Ce pôle porte déjà ce projet."
    en = "This pole already carries this project."


class CarriedElsewhere(Refused):
    """The pole given is not the one that carries the project."""

    code = "project.carried_elsewhere"
    fr = "Ce pôle ne porte pas ce projet à cette date."
    en = "This pole does not carry this project on that day."


CHECKS: Mapping[Check, Text] = {
    Check.COMPETITION: Text(fr="concurrence", en="competition"),
    Check.DUPLICATION: Text(fr="doublon", en="duplication"),
}

FOUND: Mapping[CheckFinding, Text] = {
    CheckFinding.COMPLEMENTARY: Text(
        fr="complète ou renforce l'existant", en="complements what exists"
    ),
    CheckFinding.COMPETES: Text(fr="concurrence un membre", en="competes with a member"),
    CheckFinding.WEAKENS: Text(fr="fragilise l'ensemble", en="weakens the whole"),
    CheckFinding.DUPLICATES: Text(fr="fait doublon", en="duplicates what a member does"),
    CheckFinding.SUBSTITUTES: Text(fr="se substitue à un membre", en="replaces a member"),
}
"""What a project does, by each finding."""


def _all(said: Iterable[Text]) -> Text:
    told = [*said]
    return Text(fr=" et ".join(t.fr for t in told), en=" and ".join(t.en for t in told))


def _among(findings: Iterable[CheckFinding]) -> Text:
    told = [*findings]
    return Text(
        fr=" ; ".join(f"{finding.value} (le projet {FOUND[finding].fr})" for finding in told),
        en="; ".join(f"{finding.value} (the project {FOUND[finding].en})" for finding in told),
    )


@dataclass(frozen=True, slots=True)
class Support:
    """What the State supports a project with, after which call."""

    dossier: UUID
    call: UUID
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class Examination:
    """A check as it was made; `order` is the version of the event that says so."""

    finding: CheckFinding
    order: int


# --- the aggregate -----------------------------------------------------------------------------


class UnknownProject(NotFound):
    """There is no such project, or several of one title."""

    code = "project.unknown"
    fr = (
        "Aucun projet ne se reconnaît à « {name} » : donnez son identifiant, ou son titre exact "
        "s'il est le seul à le porter."
    )
    en = "No project is known by “{name}”: give its identity, or its exact title if it is its own."


class Project(Aggregate):
    """A common project, from its proposal to its results."""

    class Proposed(Event):
        """A pole proposed it."""

        TOPIC = "project.proposed.v1"
        STATED_BY = ("project.propose",)
        pole: UUID
        title: Line
        words: Prose
        answers: EntryId | None = None

    class Examined(Event):
        """One of the two checks was made, against what members do."""

        TOPIC = "project.examined.v1"
        STATED_BY = ("project.examine",)
        check: Check
        finding: CheckFinding
        against: tuple[EntryId, ...] = ()
        examined_by: Line
        reasons: Prose

    class Selected(Event):
        """A body of the pole selected it."""

        TOPIC = "project.selected.v1"
        STATED_BY = ("project.select",)
        body: EntryId
        body_name: Line
        motive: Prose | None = None

    class Declined(Event):
        """A body of the pole did not select it."""

        TOPIC = "project.declined.v1"
        STATED_BY = ("project.decline",)
        body: EntryId
        body_name: Line
        motive: Prose

    class Transferred(Event):
        """Another pole took it over."""

        TOPIC = "project.transferred.v1"
        STATED_BY = ("project.transfer",)
        origin: UUID
        to: UUID
        motive: Prose

    class Ended(Event):
        """It came to its end."""

        TOPIC = "project.ended.v1"
        STATED_BY = ("project.end",)
        results: Prose

    class Supported(Event):
        """The State supports it, after a call: it is announced."""

        TOPIC = "project.supported.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        dossier: UUID
        call: UUID
        amount_cents: Cents | None = None

    class SupportWithdrawn(Event):
        """What was awarded after a call was withdrawn."""

        TOPIC = "project.support_withdrawn.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        dossier: UUID
        call: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.title = ""
        self.words = ""
        self.answers: EntryId | None = None
        self.poles: list[Dated[UUID]] = []
        self.statuses: list[Dated[Status]] = []
        self.decisions: list[Dated[tuple[str, str | None]]] = []
        """By which body, and why."""
        self._checks: dict[Check, list[Dated[Examination | None]]] = {c: [] for c in Check}
        """Each as it was made; not made, once another pole takes the project over."""
        self.results: str | None = None
        self.latest = date.min
        """The day of the last thing known of it."""
        self._supports: dict[UUID, list[Dated[Support | None]]] = {}
        """By dossier; nothing, once it was withdrawn."""

    # Decisions.

    @classmethod
    def propose(
        cls, pole: Described, *, title: str, words: str, answers: EntryId | None, day: date
    ) -> "Project":
        """Propose a project of a pole, as an answer to a need or for an objective if it is one."""
        if answers is not None and not isinstance(
            pole.entry_on(answers, day), Need | PoleObjective
        ):
            raise NotAnAnswer(entry=answers)
        project = cls.new()
        project._proposed(pole=pole.id, title=title, words=words, answers=answers)
        return project

    def examine(
        self,
        pole: Described,
        check: Check,
        *,
        finding: CheckFinding,
        against: tuple[EntryId, ...],
        examined_by: str,
        reasons: str,
        day: date,
    ) -> None:
        """Make one of the two checks, against actions of members of the pole that carries it."""
        self._carried_by(pole, day)
        if finding not in FINDINGS[check]:
            raise FindingOfTheOtherCheck(among=_among(FINDINGS[check]))
        if finding in OF_AN_ACTION and not against:
            raise AgainstWhat(found=FOUND[finding])
        for entry in against:
            if pole.member_action_on(entry, day) is None:
                raise NotAMembersAction(entry=entry)
        self._examined(
            check=check, finding=finding, against=against, examined_by=examined_by, reasons=reasons
        )

    def select(self, pole: Described, *, body: EntryId, motive: str | None, day: date) -> None:
        """Select it. An unfavourable check does not forbid that: it asks for the reason."""
        name = self._decide(pole, body, day)
        found = [f for check in Check if (f := self.finding_on(check, day))]
        unfavourable = [f for f in found if f is not CheckFinding.COMPLEMENTARY]
        if unfavourable and not motive:
            raise WithoutReason(found=_all(FOUND[f] for f in unfavourable))
        self._selected(body=body, body_name=name, motive=motive)

    def decline(self, pole: Described, *, body: EntryId, motive: str, day: date) -> None:
        """Not select it, with the reason. It may be examined and decided upon again."""
        name = self._decide(pole, body, day)
        self._declined(body=body, body_name=name, motive=motive)

    def _decide(self, pole: Described, body: EntryId, day: date) -> str:
        """The name of the body that decides; refused where it cannot yet, or no longer can."""
        self._carried_by(pole, day)
        if self.status_on(day) is Status.SELECTED:
            raise AlreadySelected(day=self.statuses[-1].since)
        wanting = [CHECKS[check] for check in Check if self.finding_on(check, day) is None]
        if wanting:
            raise NotExamined(wanting=_all(wanting))
        deciding = pole.body_on(body, day)
        if deciding is None:
            raise NotABody(body=body)
        return deciding.name

    def transfer(self, to: UUID, *, motive: str, day: date) -> None:
        """Let another pole take it over, as it stands.

        The checks are to be made anew: they were made against the members of another pole.
        """
        self._follow_on(day)
        origin = self.carrying_on(day)
        if to == origin:
            raise SamePole
        self._transferred(origin=origin, to=to, motive=motive)

    def finish(self, *, results: str, day: date) -> None:
        """End it, with what came of it."""
        self._follow_on(day)
        self._ended(results=results)

    def support(self, *, dossier: UUID, call: UUID, amount: int | None) -> None:
        """Remember that the State supports it, whatever pole carries it then."""
        self._supported(dossier=dossier, call=call, amount_cents=amount)

    def withdraw_support(self, *, dossier: UUID, call: UUID) -> None:
        """Remember that this support was withdrawn."""
        self._support_withdrawn(dossier=dossier, call=call)

    def _carried_by(self, pole: Described, day: date) -> None:
        self._follow_on(day)
        if self.pole_on(day) != pole.id:
            raise CarriedElsewhere

    def _follow_on(self, day: date) -> None:
        """Refuse what comes after its end, or before what is known of it."""
        if self.statuses[-1].value is Status.ENDED:
            raise ProjectEnded(day=self.statuses[-1].since)
        if day < self.latest:
            raise BeforeWhatIsKnown(day=self.latest)

    # What is known on a day.

    def pole_on(self, day: date) -> UUID | None:
        """The pole that carries it."""
        return in_force(self.poles, day)

    def carrying_on(self, day: date) -> UUID:
        """The same; refused where it was not known yet."""
        pole = self.pole_on(day)
        if pole is None:
            raise BeforeWhatIsKnown(day=self.latest)
        return pole

    def status_on(self, day: date) -> Status | None:
        return in_force(self.statuses, day)

    def finding_on(self, check: Check, day: date) -> CheckFinding | None:
        """What a check found, under the pole that carries it; `None` where it was not made."""
        examination = self.examination_on(check, day)
        return examination.finding if examination else None

    def examination_on(self, check: Check, day: date) -> Examination | None:
        """A check as it was last made under the pole that carries it."""
        return in_force(self._checks[check], day)

    def decision_on(self, day: date) -> tuple[str, str | None] | None:
        """Which body decided, and why."""
        return in_force(self.decisions, day)

    def supports_on(self, day: date) -> list[Support]:
        """What the State supports it with on a day, after which calls."""
        known = (in_force(told, day) for told in self._supports.values())
        return [support for support in known if support]

    @override
    def incoherences(self) -> Iterator[Refused]:
        """What is told of it before its proposal, or decided without both checks."""
        known = [told.since for told in self.statuses] + [told.since for told in self.poles]
        if any(day < known[0] for day in known):
            yield BeforeWhatIsKnown(day=known[0])
        for told in self.statuses:
            if told.value in {Status.SELECTED, Status.NOT_SELECTED}:
                wanting = [CHECKS[check] for check in Check if not self._made_by(check, told.since)]
                if wanting:
                    yield NotExamined(wanting=_all(wanting))

    def _made_by(self, check: Check, day: date) -> bool:
        """Whether a check was made by a day, under whichever pole."""
        return any(told.value and told.since <= day for told in self._checks[check])

    def relations_on(self, day: date) -> frozenset[str]:
        """Itself, and the pole that carries it."""
        pole = self.pole_on(day) or self.poles[-1].value
        return frozenset({f"project:{self.id}", f"pole:{pole}"})

    # What is remembered.

    def _stands(self, status: Status) -> None:
        self.statuses.append(self.dated(status))
        self.latest = max(self.latest, self.since)

    @event(Proposed)
    def _proposed(self, *, pole: UUID, title: str, words: str, answers: EntryId | None) -> None:
        self.title, self.words, self.answers = title, words, answers
        self.poles.append(self.dated(pole))
        self._stands(Status.PROPOSED)

    @event(Examined)
    def _examined(
        self,
        *,
        check: Check,
        finding: CheckFinding,
        against: tuple[EntryId, ...],
        examined_by: str,
        reasons: str,
    ) -> None:
        self._checks[check].append(self.dated(Examination(finding, self.version)))
        self.latest = max(self.latest, self.since)

    @event(Selected)
    def _selected(self, *, body: EntryId, body_name: str, motive: str | None) -> None:
        self.decisions.append(self.dated((body_name, motive)))
        self._stands(Status.SELECTED)

    @event(Declined)
    def _declined(self, *, body: EntryId, body_name: str, motive: str) -> None:
        self.decisions.append(self.dated((body_name, motive)))
        self._stands(Status.NOT_SELECTED)

    @event(Transferred)
    def _transferred(self, *, origin: UUID, to: UUID, motive: str) -> None:
        self.poles.append(self.dated(to))
        for findings in self._checks.values():
            findings.append(self.dated(None))
        self.latest = max(self.latest, self.since)

    @event(Ended)
    def _ended(self, *, results: str) -> None:
        self.results = results
        self._stands(Status.ENDED)

    @event(Supported)
    def _supported(self, *, dossier: UUID, call: UUID, amount_cents: int | None) -> None:
        support = Support(dossier, call, amount_cents)
        self._supports.setdefault(dossier, []).append(self.dated(support))

    @event(SupportWithdrawn)
    def _support_withdrawn(self, *, dossier: UUID, call: UUID) -> None:
        self._supports.setdefault(dossier, []).append(self.dated(None))
