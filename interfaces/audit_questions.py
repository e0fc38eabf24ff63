"""What auditors ask of the whole history; that they read what is not public is noted first."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from application.audit_answer import (
    BY_AUDITORS,
    AuditAnswer,
    AuditAsked,
    AuditScope,
    check_asked,
    check_limits,
    numbered,
)
from application.audit_ask import question_named
from application.audit_sample import LIMITS_OF, Drawn, Sample, SampleOf, draw
from application.audit_scope import dossiers
from application.command import By
from application.commitment_sheet import commitment_sheet
from application.document_reading import may_read
from application.dossier_sheet import dossier_sheet
from application.interest import interests_of
from application.register import pole_sheet
from application.world import Moment
from domain.dates import paris_day
from domain.document import Document
from domain.dossier import Dossier
from domain.errors import NotFound
from domain.spelling import same
from domain.values import Frozen
from interfaces.looking import Looking

LIMITS: Mapping[str, str] = {
    "pole": "pôle",
    "call": "appel",
    "dossier": "dossier",
    "commitment": "engagement financier",
    "funder": "financeur",
    "region": "région",
}
"""What each limit is called."""


class AuditQuestions(Looking):
    """The questions of auditors, over any part of the history."""

    def audit(
        self,
        question: str,
        moment: Moment,
        by: By,
        *,
        published: bytes | None = None,
        **limits: str | None,
    ) -> AuditAnswer:
        """The answer to a question, of what it is limited to.

        Whoever has an interest in a dossier is shown nothing of it; that the review of others was
        read is noted first.

        Args:
            published: the file to compare with the log, where the question is about one.
            limits: `pole`, `call`, `dossier`, `commitment`, `funder`, `region`, in words.
        """
        asking, today = question_named(question), paris_day(self.clock())
        given = {name: words for name, words in limits.items() if words is not None}
        scope = self._scope(given, moment)
        check_asked(asking, scope, has_file=published is not None)
        BY_AUDITORS.admit(self.registry, by, scope.pole, today)
        hidden = self.of_interest(by) if asking.of_review else frozenset()
        asked = AuditAsked(self.registry, moment, scope, hidden, published or b"")
        if asking.of_review:
            self.accesses.note(by, "dossier", list(dossiers(asked)), "audit")
        answer = asking.answer(asked, _in_words(given))
        return answer.model_copy(update={"left_out": _left_out(len(hidden))})

    def sample(
        self,
        moment: Moment,
        by: By,
        *,
        seed: str,
        number: int,
        of: SampleOf,
        **limits: str | None,
    ) -> Sample:
        """Draw a sample of what the log knew; the same seed draws the same of the same log."""
        given = {name: words for name, words in limits.items() if words is not None}
        scope = self._scope(given, moment)
        check_limits(of.value, scope, LIMITS_OF[of])
        BY_AUDITORS.admit(self.registry, by, scope.pole, paris_day(self.clock()))
        return draw(
            self.registry,
            self.journal.root(moment.known),
            seed=seed,
            number=number,
            of=of,
            size=moment.known,
            scope=scope,
            scope_in_words=given,
        )

    def note_sample(self, sample: Sample, documents: Sequence[Document], by: By) -> None:
        """Note who is about to read what a sample holds that is not public, if they may."""
        for document in documents:
            may_read(self.registry, by, document.pole, paris_day(self.clock()))
        if sample.of is SampleOf.DOSSIERS:
            self.accesses.note(by, "dossier", [one.stream for one in sample.drawn], "audit")
        if sample.of is SampleOf.EVENTS:
            self.accesses.note(by, "event", [one.event for one in sample.drawn], "audit")
        read = [document.id for document in documents if not document.is_erased]
        self.accesses.note(by, "document", read, "content")

    def sheet_of_drawn(self, sample: Sample, moment: Moment, one: Drawn) -> Frozen | None:
        """The sheet of a drawn thing; an event has none."""
        match sample.of:
            case SampleOf.DOSSIERS:
                return dossier_sheet(self.registry, one.stream, moment, reviewing=True)
            case SampleOf.POLES:
                return pole_sheet(self.registry, one.stream, moment)
            case SampleOf.EVENTS:
                return None
            case _:
                return commitment_sheet(self.registry, one.stream, moment)

    def _scope(self, given: Mapping[str, str], moment: Moment) -> AuditScope:
        """What the words of the limits mean; what is not there is refused."""
        region = given.get("region")
        if region and same(region) not in map(same, self.register.regions(moment)):
            raise NotFound(name=region[:80])
        found = {
            name: self.find(words) if name == "pole" else self.find_thing(name, words)
            for name, words in given.items()
            if name in ("pole", "call", "dossier", "commitment")
        }
        return AuditScope(**found, funder=given.get("funder"), region=region)

    def of_interest(self, by: By) -> frozenset[UUID]:
        """The dossiers in which whoever asks has an interest, declared by now."""
        told = (one.event for one in self.registry.told(Dossier.Drafted))
        calls = {event.call for event in told if isinstance(event, Dossier.Drafted)}
        today = paris_day(self.clock())
        return frozenset().union(*(interests_of(self.registry, by, c, today) for c in calls))


def _in_words(given: Mapping[str, str]) -> str:
    return (
        ", ".join(f"{LIMITS[name]} {words}" for name, words in given.items()) or "toute l'histoire"
    )


def _left_out(hidden: int) -> str | None:
    if not hidden:
        return None
    number = numbered(hidden, "dossier")
    return f"Un intérêt est déclaré pour vous dans {number} : rien n'en est montré ni compté ici."
