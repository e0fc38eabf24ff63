"""What a charter says, and the published texts: each version once, for ever."""

from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints

from domain.dates import UNKNOWN, PartialDate
from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.recording import must_have_happened
from domain.values import Frozen, Line, Prose
from domain.words import Name, Whole, later

CharterId = NewType("CharterId", UUID)

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a text as it was given, byte by byte, in hexadecimal."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]

CHARTERS = UUID("42af03ac-3781-45c4-b356-edbda93d72bd")
"""The one stream that knows every published charter by its kind, pole and version."""

Anchor = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
"""How an article is pointed at: its heading in plain letters."""

Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.]{1,12}$")]


class CharterKind(StrEnum):
    """Whose charter it is: of the whole movement, or of one pole."""

    NATIONAL = "national"
    LOCAL = "local"


class FoundingNetwork(StrEnum):
    """The networks that launched the charter of 2014."""

    LABO = "labo"
    RTES = "rtes"
    COORACE = "coorace"
    ESS_FRANCE = "ess_france"
    MES = "mes"


class Paragraph(Frozen):
    """A paragraph of an article, or an item of a list in it."""

    words: Prose
    item: bool = later(default=False)


class Article(Frozen):
    """A part of a charter under its heading; its number stands apart, where the text has one."""

    id: Anchor
    number: Number | None = later(None)
    heading: Line
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def title(self) -> str:
        """Its heading as the text shows it."""
        return f"{self.number}. {self.heading}" if self.number else self.heading


class TextUndertaking(Frozen):
    """One of the things that whoever signs undertakes to do, in the words of the text."""

    id: Name
    words: Prose


class CharterText(Frozen):
    """A charter as it was read: nothing of it is rewritten, but spaces and the marks of lists."""

    opening: tuple[Prose, ...] = ()
    """What stands before the first article: the title of the text, as a rule."""
    articles: tuple[Article, ...] = ()
    undertakings: tuple[TextUndertaking, ...] = ()
    notice: Prose | None = None
    """What the text itself says that signing does not mean."""
    notes: tuple[Prose, ...] = ()
    form: tuple[Prose, ...] = ()
    """The form to be filled in and signed, line by line; it is no part of what is undertaken."""


# --- refusals -----------------------------------------------------------------------------------


class UndatedVersion(Refused):
    """A version is known by its date."""

    code = "charter.undated"
    fr = "Une version de la charte se nomme par sa date : AAAA, AAAA-MM ou AAAA-MM-JJ."
    en = "A version of the charter is named by its date: YYYY, YYYY-MM or YYYY-MM-DD."


class WhoseCharter(Refused):
    """A local charter is that of a pole, the national one is nobody's in particular."""

    code = "charter.pole"
    fr = (
        "Une charte locale est celle d'un pôle, qu'il faut nommer ; la charte nationale n'en a pas."
    )
    en = "A local charter is that of a pole, which must be named; the national one has none."


class VersionTaken(Refused):
    """A version is published once; a correction is a new version."""

    code = "charter.version_taken"
    fr = (
        "La version {version} de cette charte est déjà publiée, avec un autre texte ou un autre "
        "titre : une correction est une nouvelle version."
    )
    en = (
        "Version {version} of this charter is already published, with another text or title: "
        "a correction is a new version."
    )


# --- the aggregates ----------------------------------------------------------------------------


class Charter(Aggregate):
    """A published text. It never changes: a correction is a new version."""

    class Published(Event):
        """A version was published, as it was read; the hash is that of the bytes given."""

        TOPIC = "charter.published.v1"
        UNDONE_BY = ("charter.publish",)
        charter_kind: CharterKind
        pole: UUID | None = None
        version: PartialDate
        title: Line
        language: Language
        text: CharterText
        sha256: Digest
        size: Whole
        """Bytes."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.charter_kind = CharterKind.NATIONAL
        self.pole: UUID | None = None
        self.charter_version = UNKNOWN
        self.title = ""
        self.language = "fr"
        self.text = CharterText()
        self.sha256 = ""
        self.size = 0
        self.start = date.min

    @classmethod
    def publish(
        cls,
        *,
        charter_kind: CharterKind,
        pole: UUID | None,
        version: PartialDate,
        title: str,
        language: str,
        text: CharterText,
        sha256: str,
        size: int,
    ) -> "Charter":
        """Publish a version, which has come. Nobody has signed it thereby."""
        check_version(charter_kind, pole, version)
        must_have_happened(version.first_day)
        charter = cls.new()
        charter._published(
            charter_kind=charter_kind,
            pole=pole,
            version=version,
            title=title,
            language=language,
            text=text,
            sha256=sha256,
            size=size,
        )
        return charter

    def is_same(self, *, sha256: str, title: str, language: str) -> bool:
        """Whether this is what would be published again."""
        return (self.sha256, self.title, self.language) == (sha256, title, language)

    @event(Published)
    def _published(
        self,
        *,
        charter_kind: CharterKind,
        pole: UUID | None,
        version: PartialDate,
        title: str,
        language: str,
        text: CharterText,
        sha256: str,
        size: int,
    ) -> None:
        self.charter_kind = charter_kind
        self.pole = pole
        self.charter_version = version
        self.title = title
        self.language = language
        self.text = text
        self.sha256 = sha256
        self.size = size
        self.start = self.since


def check_version(charter_kind: CharterKind, pole: UUID | None, version: PartialDate) -> None:
    """Refuse what cannot name a version: it needs a date, and a pole where it is local."""
    if (charter_kind is CharterKind.LOCAL) != (pole is not None):
        raise WhoseCharter
    if not version.is_known:
        raise UndatedVersion


class Charters(Aggregate):
    """Every published text, and the networks that signed. It owns what must hold across them."""

    class Entered(Event):
        """A version was published: its kind, pole and date name it for ever."""

        TOPIC = "charter.entered.v1"
        UNDONE_BY = ("charter.publish",)
        charter: CharterId
        charter_kind: CharterKind
        pole: UUID | None = None
        version: PartialDate

    class NetworkSigned(Event):
        """A founding network signed; the signature has a history of its own."""

        TOPIC = "charter.network_signature_entered.v1"
        UNDONE_BY = ("charter_signature.withdraw",)
        network: FoundingNetwork
        signature: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.texts: dict[tuple[CharterKind, UUID | None, str], CharterId] = {}
        self.networks: dict[FoundingNetwork, list[UUID]] = {}

    def find(
        self, charter_kind: CharterKind, pole: UUID | None, version: PartialDate
    ) -> CharterId | None:
        """The text of a version, where it is published."""
        return self.texts.get((charter_kind, pole, version.root))

    def enter(self, charter: Charter) -> None:
        """Name a text by its kind, pole and version; a name is given once."""
        version = charter.charter_version
        if self.find(charter.charter_kind, charter.pole, version):
            raise VersionTaken(version=version)
        self._entered(
            charter=CharterId(charter.id),
            charter_kind=charter.charter_kind,
            pole=charter.pole,
            version=version,
        )

    def enter_network(self, network: FoundingNetwork, signature: UUID) -> None:
        self._network_signed(network=network, signature=signature)

    @event(Entered)
    def _entered(
        self,
        *,
        charter: CharterId,
        charter_kind: CharterKind,
        pole: UUID | None,
        version: PartialDate,
    ) -> None:
        self.texts[charter_kind, pole, version.root] = charter

    @event(NetworkSigned)
    def _network_signed(self, *, network: FoundingNetwork, signature: UUID) -> None:
        self.networks.setdefault(network, []).append(signature)
