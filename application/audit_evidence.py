"""Which eligibility evidence existed on that day (décret n° 2015-431, article 3)?

Of each dossier, the six conditions with what they were found met on, and each document with its
hash: what was known of it then, and on file on that day. What came later is not there.
"""

from collections.abc import Iterator
from uuid import UUID

from application.audit_answer import (
    AuditAsked,
    AuditLine,
    Findings,
    by_stream,
    joined,
    last,
    line,
    numbered,
)
from application.audit_scope import Examined, dossiers, pole_named
from domain.dates import day_in_words, paris_day
from domain.document import Document
from domain.dossier import Dossier
from domain.eligibility import CONDITIONS, ConditionId
from domain.kernel import Recorded

COLUMNS = (
    *("Dossier", "Pôle", "Condition", "Ce qu'elle demande", "Constat", "Constaté le"),
    *(
        "Enregistré le",
        "Compte",
        "Motifs",
        "Pièce",
        "Empreinte du fichier chiffré (SHA-256)",
        "Déposée le",
    ),
    "État de la pièce",
)

NOT_ASSESSED = "pas encore constatée ce jour-là"
ERASED = "effacée : son empreinte demeure"
NOT_FILED = "absente du registre ce jour-là"


def evidence_there(asked: AuditAsked) -> Findings:
    """The evidence of each condition of each dossier, a line a piece."""
    examined = dossiers(asked)
    assessed = by_stream(asked.told(Dossier.ConditionAssessed))
    filed = _Documents(asked)
    rows = [
        told
        for id_, begun in examined.items()
        for condition in ConditionId
        for told in _lines(asked, begun, condition, assessed.get(id_, []), filed)
    ]
    found = sum(one.says["Constat"] != NOT_ASSESSED for one in rows)
    pieces = sum(bool(one.says["Pièce"]) for one in rows)
    said = (
        f"{numbered(pieces, 'pièce')} à l'appui de {numbered(found, 'constat')}"
        if found
        else "Aucune condition n'était constatée"
    )
    return Findings(rows, f"{said}, sur {numbered(len(examined), 'dossier examiné')}.")


def _lines(
    asked: AuditAsked,
    begun: Examined,
    condition: ConditionId,
    assessed: list[Recorded],
    filed: "_Documents",
) -> Iterator[AuditLine]:
    head = [begun.code, pole_named(asked, begun.pole), condition.value.upper()]
    head.append(CONDITIONS[condition].fr)
    of = (one for one in assessed if _assessed(one).condition is condition)
    recorded = last(of)
    if recorded is None:
        yield line(COLUMNS, [*head, NOT_ASSESSED, *[""] * 8], [begun.recorded])
        return
    event = _assessed(recorded)
    head += [
        "remplie" if event.met else "non remplie",
        day_in_words(recorded.in_force_from),
        day_in_words(paris_day(recorded.recorded_at)),
        str(event.meta.actor),
        event.reasons,
    ]
    resting = [begun.recorded, recorded]
    for words in event.evidence:
        yield line(COLUMNS, [*head, words, "", "", ""], resting)
    for document in event.documents:
        cells, events = filed.told(document)
        yield line(COLUMNS, [*head, *cells], [*resting, *events])
    if not (event.evidence or event.documents):
        yield line(COLUMNS, [*head, "", "", "", ""], resting)


def _assessed(recorded: Recorded) -> Dossier.ConditionAssessed:
    if not isinstance(recorded.event, Dossier.ConditionAssessed):
        raise TypeError(recorded)
    return recorded.event


class _Documents:
    """The documents on file on the day, as their events tell them."""

    def __init__(self, asked: AuditAsked) -> None:
        self._day = asked.moment.in_force
        self._filed = {one.stream: one for one in asked.told(Document.Filed)}
        acts = (Document.Accepted, Document.NotAccepted, Document.Superseded, Document.Erased)
        self._later = by_stream(asked.told(*acts))

    def told(self, id_: UUID) -> tuple[list[str], list[Recorded]]:
        """What is said of one in the last columns, and the events that say it."""
        recorded, later = self._filed.get(id_), self._later.get(id_, [])
        if recorded is None or not isinstance(recorded.event, Document.Filed):
            return [f"document {id_}", "", "", NOT_FILED], []
        event = recorded.event
        said = [_standing(one) for one in later]
        if event.expires and not recorded.holds_on(self._day):
            said.append("périmée")
        cells = [event.title, event.content.ciphertext, day_in_words(recorded.in_force_from)]
        return [*cells, joined(said) or "déposée"], [recorded, *later]


def _standing(recorded: Recorded) -> str:
    on = day_in_words(recorded.in_force_from)
    match recorded.event:
        case Document.Accepted():
            return f"acceptée le {on}"
        case Document.NotAccepted():
            return f"non acceptée le {on}"
        case Document.Superseded():
            return f"remplacée le {on}"
        case _:
            return f"{ERASED} (le {on})"
