"""Publish charters, and list the published texts."""

from collections.abc import Sized
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.charter_text import read_charter
from application.command import Command, Work
from application.language import languages
from application.listing import Listed, Listing, listing
from application.offices import PUBLISHERS
from application.undertaking import NETWORKS
from application.wording import WORDS, of_date, tells
from domain.charter_text import (
    CHARTERS,
    Charter,
    CharterKind,
    Charters,
    Language,
    VersionTaken,
    check_version,
)
from domain.dates import PartialDate
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.values import Line

WORDS[CharterKind] = {
    CharterKind.NATIONAL: "charte nationale",
    CharterKind.LOCAL: "charte locale d'un pôle",
}


# --- publish ------------------------------------------------------------------------------------


class PublishCharter(
    Command,
    name="charter.publish",
    says="Publier le texte d'une charte ; la publier n'est pas la signer.",
    by=PUBLISHERS,
):
    """Publish a version of a charter, read from its text. The same text twice changes nothing.

    Unless a date is given, the text holds from the date of its version.
    """

    text: str = Field(
        min_length=1, max_length=400_000, description="Le texte entier, tel qu'il est."
    )
    charter_kind: CharterKind = Field(description="Nationale, ou locale.")
    version: PartialDate = Field(description="Sa version : 2014-09-19, 2021-06…")
    title: Line | None = Field(None, description="Son titre ; celui du texte, sinon.")
    pole: PoleId | None = Field(None, description="Le pôle, pour une charte locale.")
    language: Language = Field("fr", description="Sa langue : fr, en…")

    @override
    def execute(self, work: Work) -> UUID:
        check_version(self.charter_kind, self.pole, self.version)
        with work.dated(self.occurred_on or self.version, valid_to=self.valid_to):
            return self._publish(work)

    def _publish(self, work: Work) -> UUID:
        text, exact = read_charter(self.text), self.text.encode()
        pole = work.get(Pole, self.pole) if self.pole else None
        if pole:
            work.allow(pole, self.NAME)
        charters = all_charters(work)
        told: dict[str, Any] = {
            "sha256": sha256(exact).hexdigest(),
            "title": self.title or title_of(text.opening) or WORDS[CharterKind][self.charter_kind],
            "language": self.language,
        }
        known = charters.find(self.charter_kind, self.pole, self.version)
        if known:
            if not work.get(Charter, known).is_same(**told):
                raise VersionTaken(version=self.version)
            return known
        charter = Charter.publish(
            charter_kind=self.charter_kind,
            pole=self.pole,
            version=self.version,
            text=text,
            size=len(exact),
            **told,
        )
        charters.enter(charter)
        work.save(charters, charter)
        if pole:
            pole.attach("charter", charter.id, is_news=True)
            work.save(pole)
        return charter.id


def title_of(opening: tuple[str, ...]) -> str | None:
    """The title that a text gives itself, if it gives one."""
    return next((line for line in opening[:1] if len(line) <= 200), None)


def all_charters(work: Work) -> Charters:
    """Every published text, and the networks that signed; empty before the first."""
    return work.find(Charters, CHARTERS) or Charters(CHARTERS)


# --- in words -----------------------------------------------------------------------------------


def counted(things: Sized, word: str = "engagement") -> str:
    """`1 engagement`, `8 engagements`."""
    return f"{len(things)} {word}{'s' * (len(things) > 1)}"


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Charter.Published(title=title, version=version, text=text):
            found = f"{counted(text.articles, 'article')}, {counted(text.undertakings)}"
            return "Charte publiée", f"{title}, version {of_date(str(version))} ({found})"
        case Charters.Entered(version=version):
            return "Version de charte inscrite", f"version {of_date(str(version))}"
        case Charters.NetworkSigned(network=network):
            return "Réseau inscrit parmi les signataires", NETWORKS[network]
    return None


# --- the list -----------------------------------------------------------------------------------


class CharterListed(Listed):
    """A published text as lists show it."""

    title: str = Field(title="Titre")
    charter_kind: CharterKind = Field(title="Nature")
    version: PartialDate = Field(title="Version")
    language: str = Field(title="Langue")
    articles: int = Field(title="Articles")
    undertakings: int = Field(title="Engagements")
    sha256: str = Field(title="Empreinte (SHA-256)")
    size: int = Field(title="Octets")


CHARTER_LIST = listing(
    Listing(
        name="charter",
        line=CharterListed,
        title="Chartes",
        says="Les textes publiés, version par version. Une version publiée ne change plus. "
        "Signer une charte n'est recevoir ni un agrément ni un label.",
        path="/chartes",
        columns=(
            *("title", "version", "charter_kind", "pole_name", "articles", "undertakings"),
            *("language", "occurred_on", "source"),
        ),
        filters=("charter_kind",),
        words={"language": languages},
        detail=("title", "/chartes/"),
        beside={"/signataires": "Qui a signé"},
        empty="Aucune charte n'est publiée.",
        begun_by="charter.publish",
    )
)
