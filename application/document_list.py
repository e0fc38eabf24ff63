"""Documents in words: their list, their sheet, their events."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from pydantic import Field

from application.awaited import NOTICE, Awaited, Pending, identity, notice_of, said_on
from application.history_in_words import HistoryLine, history_lines
from application.listing import Listed, Listing, listing
from application.wording import WORDS, doubts, of_date, party_in_words, tells
from application.world import Moment, World
from domain.dates import PartialDate
from domain.document import Document, DocumentStatus
from domain.errors import NotFound
from domain.filing import DocumentChannel, DocumentKind
from domain.kernel import Event
from domain.media import MediaType, disagrees
from domain.pole import Pole
from domain.retention import Retention, kept_until
from domain.roles import Role
from domain.shelf import Shelf
from domain.values import Frozen

KINDS: Mapping[str, str] = {
    DocumentKind.STRATEGY: "document de stratégie commune",
    DocumentKind.CHARTER_FORM: "formulaire de signature de la charte",
    DocumentKind.STATUTES: "statuts",
    DocumentKind.MINUTES: "compte rendu ou procès-verbal",
    DocumentKind.LETTER: "lettre",
    DocumentKind.PROOF_OF_ESS: "preuve d'appartenance à l'ESS",
    DocumentKind.MEMBERS_LIST: "liste des membres",
    DocumentKind.AGREEMENT: "convention",
    DocumentKind.APPLICATION: "candidature",
    DocumentKind.DECISION: "décision",
    DocumentKind.BUDGET: "budget",
    DocumentKind.ACCOUNTS: "comptes annuels",
    DocumentKind.REPORT: "rapport",
    DocumentKind.EVALUATION: "évaluation",
    DocumentKind.ATTACHMENT: "pièce jointe",
    DocumentKind.OTHER: "autre document",
}

USUAL_RETENTION: Mapping[DocumentKind, Retention] = {
    DocumentKind.STRATEGY: Retention.PERMANENT,
    DocumentKind.CHARTER_FORM: Retention.PERMANENT,
    DocumentKind.STATUTES: Retention.FIVE_YEARS,
    DocumentKind.MINUTES: Retention.FIVE_YEARS,
    DocumentKind.LETTER: Retention.TWO_YEARS,
    DocumentKind.PROOF_OF_ESS: Retention.FIVE_YEARS,
    DocumentKind.MEMBERS_LIST: Retention.FIVE_YEARS,
    DocumentKind.AGREEMENT: Retention.TEN_YEARS,
    DocumentKind.APPLICATION: Retention.TEN_YEARS,
    DocumentKind.DECISION: Retention.PERMANENT,
    DocumentKind.BUDGET: Retention.TEN_YEARS,
    DocumentKind.ACCOUNTS: Retention.TEN_YEARS,
    DocumentKind.REPORT: Retention.TEN_YEARS,
    DocumentKind.EVALUATION: Retention.TEN_YEARS,
    DocumentKind.ATTACHMENT: Retention.TWO_YEARS,
    DocumentKind.OTHER: Retention.TWO_YEARS,
}
"""How long a document is kept unless whoever files it says otherwise (product rule)."""

CHANNELS: Mapping[str, str] = {
    DocumentChannel.POST: "courrier postal",
    DocumentChannel.EMAIL: "courriel",
    DocumentChannel.UPLOAD: "dépôt en ligne",
    DocumentChannel.HAND: "remise en main propre",
    DocumentChannel.PLATFORM: "plateforme",
}

STATUSES: Mapping[str, str] = {
    DocumentStatus.FILED: "déposé",
    DocumentStatus.ACCEPTED: "accepté",
    DocumentStatus.NOT_ACCEPTED: "écarté",
    DocumentStatus.SUPERSEDED: "remplacé",
    DocumentStatus.ERASED: "effacé",
}

RETENTIONS: Mapping[str, str] = {
    Retention.PERMANENT: "sans limite",
    Retention.TEN_YEARS: "dix ans",
    Retention.FIVE_YEARS: "cinq ans",
    Retention.TWO_YEARS: "deux ans",
    Retention.ONE_YEAR: "un an",
}

FORMATS: Mapping[str, str] = {
    **{kind: kind.name for kind in MediaType},
    MediaType.WEBP: "WebP",
    MediaType.EML: "message (EML)",
}

WORDS[DocumentKind] = KINDS
WORDS[DocumentChannel] = CHANNELS
WORDS[DocumentStatus] = STATUSES
WORDS[Retention] = RETENTIONS
WORDS[MediaType] = FORMATS


class UnknownDocument(NotFound):
    """There is no such document, or there was none yet at the moment asked about."""

    code = "document.unknown"
    fr = "Aucun document « {name} » n'était versé à la date demandée."
    en = "No document “{name}” was on file at the date asked about."


# --- the list -----------------------------------------------------------------------------------


class DocumentListed(Listed):
    """A document as lists show it: nothing personal, and nothing of what it holds."""

    document_kind: DocumentKind = Field(title="Nature")
    title: str = Field(title="Intitulé")
    status: DocumentStatus = Field(title="État")
    media_type: MediaType = Field(title="Format")
    size: int = Field(title="Octets")
    channel: DocumentChannel = Field(title="Arrivé par")
    sent_on: PartialDate | None = Field(None, title="Envoyé")
    received_on: PartialDate | None = Field(None, title="Reçu")
    retention: Retention = Field(title="Conservation")
    keep_until: date | None = Field(None, title="À conserver jusqu'au")
    part_of: UUID | None = Field(None, title="Joint au message")
    expired: bool = Field(False, title="Expiré")
    past_retention: bool = Field(False, title="Conservation terminée")

    @property
    def mark(self) -> str:
        """What is to be known of it at once; nothing of most."""
        is_kept = self.status is not DocumentStatus.ERASED
        marks = (
            "expiré" if self.expired else "",
            "durée de conservation terminée" if self.past_retention and is_kept else "",
        )
        return " ; ".join(filter(None, marks))


def _awaits_acceptance(world: World, line: DocumentListed, moment: Moment) -> Pending | None:
    """What is attached to a message is looked at with it (product rule)."""
    if line.part_of:
        return None
    document = world.load(Document, line.id, moment.known)
    return Pending(
        since=said_on(world, line),
        says=f"« {line.title} » ({KINDS[line.document_kind]})",
        out=document.filers if document else (),
    )


def _awaits_successor(world: World, line: DocumentListed, moment: Moment) -> Pending | None:
    document = world.load(Document, line.id, moment.known)
    filed = document.statuses[0].since if document else date.min
    since = notice_of(line.until, moment, filed)
    if since is None or line.until is None or line.part_of or (document and document.successor):
        return None
    until = of_date(line.until.isoformat())
    return Pending(since=since, says=f"« {line.title} » ne vaut plus à partir {until}")


DOCUMENTS = listing(
    Listing(
        name="document",
        line=DocumentListed,
        title="Documents",
        says="Les documents versés, avec leur nature, leur état et leurs dates. Leur contenu "
        "n'est pas public : il se lit en tenant ou en auditant le registre, ou sous un mandat en "
        "vigueur qui couvre le pôle, et chaque lecture est notée.",
        path="/documents",
        columns=(
            *("title", "pole_name", "document_kind", "status", "mark", "media_type", "size"),
            *("received_on", "occurred_on", "until", "keep_until"),
        ),
        headings={"mark": "À savoir"},
        filters=("document_kind", "status", "expired", "past_retention"),
        empty="Aucun document n'est versé.",
        begun_by="document.file",
        detail=("title", "/documents/"),
        thing="Document",
        awaits=(
            Awaited(
                id="acceptance",
                title="Accepter le document, ou l'écarter",
                by=(Role.REGISTRAR, Role.INSTRUCTOR),
                command="document.accept",
                pending=_awaits_acceptance,
                given=identity("document"),
                where={"status": DocumentStatus.FILED, "expired": False},
            ),
            Awaited(
                id="successor",
                title="Verser le document qui prendra la suite",
                by=(Role.POLE_REPRESENTATIVE, Role.REGISTRAR),
                command="document.supersede",
                pending=_awaits_successor,
                given=identity("document"),
                where={
                    "status": (DocumentStatus.FILED, DocumentStatus.ACCEPTED),
                    "expired": False,
                },
                within=NOTICE,
            ),
        ),
    )
)


# --- the sheet ----------------------------------------------------------------------------------


class PartLine(Frozen):
    """An attachment of a message."""

    id: UUID
    title: str
    media_type: MediaType
    size: int


class DocumentSheet(Frozen):
    """Everything shown of one document at a moment, but what it holds and how its file was named.

    `ciphertext` is the SHA-256 of the encrypted file as it lies on the disk; `commitment` the
    HMAC-SHA-256 of the bytes, under a key that is destroyed with them.
    """

    id: UUID
    pole: UUID | None
    pole_code: str | None
    pole_name: str | None
    document_kind: DocumentKind
    title: str
    status: DocumentStatus
    erased: bool
    erased_on_ground: str | None = None
    """The ground on which it was erased."""
    media_type: MediaType
    size: int
    ciphertext: str
    commitment: str
    channel: DocumentChannel
    occurred_on: str
    sent_on: PartialDate | None
    received_on: PartialDate | None
    expires: date | None
    expired: bool
    retention: Retention
    keep_until: date | None
    part_of: UUID | None
    parts: tuple[PartLine, ...]
    left: int
    successor: UUID | None
    filed_by: str
    filed_by_name: str
    """The same, as people know them."""
    accepted_by: str | None
    accepted_by_name: str | None
    history: tuple[HistoryLine, ...]


def document_sheet(world: World, id_: UUID, moment: Moment) -> DocumentSheet:
    """A document as it was known then, in force on that day."""
    told = world.history(id_, moment.known)
    filed = told[0].event if told else None
    if not isinstance(filed, Document.Filed):
        raise UnknownDocument(name=id_)
    document = world.load(Document, id_, moment.known)
    status = document.status_on(moment.in_force) if document else None
    if document is None or status is None:
        raise UnknownDocument(name=id_)
    shown = [recorded for recorded in told if recorded.in_force_from <= moment.in_force]
    pole = world.load(Pole, filed.pole, moment.known) if filed.pole else None
    accepted = [r.event.accepted_by for r in shown if isinstance(r.event, Document.Accepted)]
    superseded = status is DocumentStatus.SUPERSEDED
    return DocumentSheet(
        id=id_,
        pole=filed.pole,
        pole_code=pole.code if pole else None,
        pole_name=pole.name_on(moment.in_force) if pole else None,
        document_kind=filed.document_kind,
        title=filed.title,
        status=status,
        erased=status is DocumentStatus.ERASED,
        erased_on_ground=next(
            (r.event.meta.ground for r in shown if isinstance(r.event, Document.Erased)), None
        ),
        media_type=filed.media_type,
        size=filed.content.size,
        ciphertext=filed.content.ciphertext,
        commitment=filed.content.commitment,
        channel=filed.channel,
        occurred_on=str(filed.occurred_on),
        sent_on=filed.sent_on,
        received_on=filed.received_on,
        expires=filed.expires,
        expired=filed.expires is not None and filed.expires < moment.in_force,
        retention=filed.retention,
        keep_until=kept_until(filed.retention, told[0].in_force_from, filed.expires),
        part_of=filed.part_of,
        parts=tuple(_part_line(world, part, moment) for part in filed.parts),
        left=filed.left,
        successor=document.successor if superseded else None,
        filed_by=filed.filed_by,
        filed_by_name=_party(world, filed.filed_by, moment),
        accepted_by=next(iter(accepted), None),
        accepted_by_name=_acceptor(world, filed.filed_by, accepted, moment),
        history=tuple(history_lines(world, shown)),
    )


def _party(world: World, party: str, moment: Moment) -> str:
    """Somebody for whom something was done. Accounts have no names until people sign in."""
    kind, _, name = party.partition(":")
    if kind == "account":
        return "le compte de l'opérateur"
    pole = world.load(Pole, UUID(name), moment.known) if kind == "pole" else None
    return f"le pôle « {pole.name_on(moment.in_force)} »" if pole else party_in_words(party)


def _acceptor(world: World, filer: str, accepted: list[str], moment: Moment) -> str | None:
    """Who accepted it, as people know them; never whoever filed it."""
    for party in accepted:
        both = {party.partition(":")[0], filer.partition(":")[0]}
        other = both == {"account"} and party != filer
        return "un autre compte que celui du dépôt" if other else _party(world, party, moment)
    return None


def _part_line(world: World, id_: UUID, moment: Moment) -> PartLine:
    part = world.load(Document, id_, moment.known) or Document(id_)
    media_type, size = part.media_type, part.content.size
    return PartLine(id=id_, title=part.title, media_type=media_type, size=size)


# --- events, and what is to be said of a filing ---------------------------------------------------


def size_in_words(size: int) -> str:
    """`312 octets`, `48 ko`, `3,2 Mo`."""
    if size < 1000:
        return f"{size} octet{'s' if size > 1 else ''}"
    if size < 1_000_000:
        return f"{size // 1000} ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")


@tells
def _document(event: Event) -> tuple[str, str] | None:
    match event:
        case Document.Filed(document_kind=kind, title=title, media_type=form, content=content):
            said = f"{title} ({KINDS[kind]}, {FORMATS[form]}, {size_in_words(content.size)})"
            return "Document versé", said
        case Document.Accepted():
            return "Document accepté", "par une autre personne que celle qui l'a déposé"
        case Document.NotAccepted(motive=motive):
            return "Document écarté", motive
        case Document.Superseded():
            return "Document remplacé", "par un autre document versé"
        case Document.Erased(meta=meta):
            ground = f" ; fondement : {meta.ground}" if meta.ground else ""
            said = f"sa clé et ses octets sont détruits ; ses empreintes restent{ground}"
            return "Document effacé", said
        case Shelf.Received():
            return "Document versé", "il n'est d'aucun pôle en particulier"
        case _:
            return None


@doubts
def _erased_early(event: Event) -> Iterator[str]:
    if isinstance(event, Document.Erased) and event.unfinished:
        yield (
            "Un document est effacé avant la fin de sa durée de conservation "
            f"({RETENTIONS[event.unfinished]}). Le fondement donné en répond : "
            f"« {event.meta.ground or 'aucun'} »."
        )


LEFT_INSIDE = "format non accepté, ou message au-delà de trois contenus l'un dans l'autre"
"""Why what is attached to a message is not filed on its own."""


def remarks(name: str | None, events: tuple[Event, ...]) -> list[str]:
    """What whoever files should know: a name that says otherwise, attachments filed or left."""
    filed = [event for event in events if isinstance(event, Document.Filed)]
    said = []
    if filed and name and disagrees(name, filed[0].media_type):
        form = FORMATS[filed[0].media_type]
        said.append(f"Le nom du fichier dit autre chose que son contenu, qui est : {form}.")
    if len(filed) > 1:
        said.append(f"Pièces jointes versées chacune à part : {len(filed) - 1}.")
    if left := sum(event.left for event in filed):
        said.append(f"Pièces jointes restées dans le message seulement : {left} ({LEFT_INSIDE}).")
    return said
