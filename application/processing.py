"""The register of processing (RGPD, article 30), written from what the events say is personal.

Categories of data and of persons, bases and periods come from the markings (`domain.personal`);
who reads them, from those who may. What is written here is only what each purpose is for.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from application.contribution import MODERATORS
from application.document_list import KINDS, RETENTIONS, USUAL_RETENTION
from application.document_reading import READERS as DOCUMENT_READERS
from application.exchange import READERS as EXCHANGE_READERS
from application.exchange import WATCHERS
from application.member_reading import READERS as MEMBER_READERS
from application.privacy_request_sheet import READERS as REQUEST_READERS
from application.private_reading import Readers
from application.retention import NAMED_INSIDE
from domain.kernel import MARKED
from domain.personal import BASES, Basis, marking_of
from domain.retention import SOURCES, Retention
from domain.roles import ROLES, Role
from domain.values import Frozen


def _all(readers: Readers) -> frozenset[Role]:
    return readers.by_office | readers.concerned


@dataclass(frozen=True, slots=True)
class _Aim:
    """What a purpose is for, and who may read what is kept for it."""

    says: str
    readers: Collection[Role] = ()


DOCUMENT = "document"
"""The purpose of documents, whose contents are encrypted, each under a key of its own."""

AIMS: Mapping[str, _Aim] = {
    "adviser": _Aim("demander leur avis à des personnes sur les dossiers d'un appel"),
    "appeal": _Aim("instruire les recours contre ce qui a été décidé des dossiers"),
    "assessor": _Aim("savoir qui apprécie les critères de 2012"),
    "charter_signature": _Aim("attester qui a signé la charte, et en quelle qualité"),
    "contest": _Aim("répondre aux personnes qui contestent un fait enregistré"),
    "contribution": _Aim(
        "recevoir les contributions du public, et les lire avant qu'elles paraissent",
        (*_all(MODERATORS), Role.PUBLIC),
    ),
    "document": _Aim(
        "garder les documents versés, et le nom de leurs fichiers", _all(DOCUMENT_READERS)
    ),
    "document_erasure": _Aim("dire pourquoi un document a été effacé"),
    "dossier_interest": _Aim("écarter de l'examen d'un dossier qui y a un intérêt"),
    "evaluator": _Aim("savoir qui évalue un pôle, et que ce n'est ni un membre ni un financeur"),
    "exchange": _Aim(
        "suivre les pôles, par des échanges dont le compte rendu est privé", _all(EXCHANGE_READERS)
    ),
    "interest": _Aim(
        "écarter d'un vote du comité qui y a un intérêt", (Role.SECRETARY, Role.AUDITOR)
    ),
    "membership": _Aim(
        "compter les personnes membres des pôles (décret n° 2015-431, art. 3)", _all(MEMBER_READERS)
    ),
    "privacy_request": _Aim(
        "répondre à qui exerce ses droits, et pouvoir le montrer", (REQUEST_READERS[0],)
    ),
    "recognition_reply": _Aim("entendre le pôle avant un constat de composition"),
    "recusal": _Aim("savoir pourquoi quelqu'un ne prend pas part à un vote"),
    "sign_in": _Aim(
        "laisser entrer qui a un compte, et lui écrire", (Role.ADMINISTRATOR, Role.DPO)
    ),
}
"""By the code of the purpose, which names the key under which its values are sealed."""

MEASURES = (
    "chaque valeur est scellée avant d'être enregistrée (AES-256-GCM), sous une clé par personne "
    "et par finalité",
    "les clés sont gardées à part du registre, enveloppées par une clé maîtresse : les détruire "
    "efface les valeurs, sans toucher aux preuves",
    "les documents sont chiffrés un par un",
    "chaque lecture de ce qui n'est pas public est notée à part, sans ce qu'elle dit",
    "le journal est signé, et toute réécriture se voit",
    "les sauvegardes restent chiffrées, et ne contiennent pas la clé maîtresse",
)
"""How what is kept is protected (RGPD, articles 30(1)(g) and 32)."""

TRANSFERS = "aucun ; le logiciel n'envoie de donnée personnelle à personne"
"""Transfers to third countries (RGPD, article 30(1)(e))."""

NO_CONTROLLER = "pas encore nommé par qui tient ce registre"
NO_DPO = "l'adresse où lui écrire n'est pas encore donnée"
"""What stands where the person responsible, and the delegate, were not named; anybody reads it."""


class ProcessingData(Frozen):
    """One category of data of a processing."""

    holds: str
    persons: str
    basis: Basis
    basis_words: str
    retention: Retention
    retention_words: str
    retention_source: str


class Processing(Frozen):
    """One processing, by its purpose."""

    code: str
    aim: str
    data: tuple[ProcessingData, ...]
    recipients: tuple[str, ...]
    """Those who may read it, in words; the delegate, where nobody else does."""


class ProcessingRegister(Frozen):
    """Everything article 30(1) asks of whoever is responsible."""

    controller: str
    dpo: str
    processings: tuple[Processing, ...]
    transfers: str
    measures: tuple[str, ...]


def processing_register(*, controller: str = "", dpo: str = "") -> ProcessingRegister:
    """The register of processing of this product, as it is written now.

    Args:
        controller: who is responsible, with how to reach them; where it is not said, that is said.
        dpo: how to reach the delegate.
    """
    marked = sorted(MARKED, key=lambda key: (marking_of(*key).purpose, key))
    grouped = groupby(marked, key=lambda key: marking_of(*key).purpose)
    sealed = [_processing(code, list(keys)) for code, keys in grouped]
    return ProcessingRegister(
        controller=controller or NO_CONTROLLER,
        dpo=dpo or NO_DPO,
        processings=(*sealed, *BESIDE),
        transfers=TRANSFERS,
        measures=MEASURES,
    )


def _processing(code: str, keys: list[tuple[str, str]]) -> Processing:
    data = dict.fromkeys(_data(*key) for key in keys)
    contents = tuple(_contents()) if code == DOCUMENT else ()
    return Processing(
        code=code,
        aim=AIMS[code].says,
        data=(*contents, *data),
        recipients=_recipients(AIMS[code].readers),
    )


def _contents() -> Iterator[ProcessingData]:
    """What documents hold, by how long each kind is usually kept."""
    for retention in Retention:
        kinds = [KINDS[kind] for kind, usual in USUAL_RETENTION.items() if usual is retention]
        if kinds:
            holds = f"le contenu de documents ({', '.join(kinds)})"
            yield _told(holds, NAMED_INSIDE, Basis.LEGITIMATE_INTERESTS, retention)


def _recipients(readers: Collection[Role]) -> tuple[str, ...]:
    """In the order of the roles; the delegate answers to the persons themselves."""
    able = {*readers, Role.DPO}
    return tuple(ROLES[role] for role in Role if role in able)


def _data(topic: str, field: str) -> ProcessingData:
    of = marking_of(topic, field)
    return _told(of.holds.fr, of.persons.fr, of.basis, of.retention)


def _told(holds: str, persons: str, basis: Basis, retention: Retention) -> ProcessingData:
    return ProcessingData(
        holds=holds,
        persons=persons,
        basis=basis,
        basis_words=BASES[basis],
        retention=retention,
        retention_words=RETENTIONS[retention],
        retention_source=SOURCES[retention],
    )


BESIDE: tuple[Processing, ...] = (
    Processing(
        code="account",
        aim="savoir quel compte a fait quoi, dans quel rôle et sous quel mandat",
        data=(
            _told(
                "l'identifiant aléatoire d'un compte, sans nom, auprès de chaque fait",
                "personnes qui agissent dans le registre",
                Basis.LEGITIMATE_INTERESTS,
                Retention.PERMANENT,
            ),
        ),
        recipients=(ROLES[Role.PUBLIC],),
    ),
    Processing(
        code="access",
        aim="savoir qui a lu ce qui n'est pas public",
        data=(
            _told(
                "quel compte a lu quelle partie de quoi, et quand ; jamais ce qu'elle dit",
                "personnes qui lisent ce qui n'est pas public",
                Basis.LEGAL_OBLIGATION,
                Retention.ONE_YEAR,
            ),
        ),
        recipients=tuple(ROLES[role] for role in WATCHERS),
    ),
)
"""What is kept beside sealed values: documents are under `document`."""

CSV_HEADER = (
    "traitement",
    "données",
    "personnes",
    "base",
    "conservation",
    "source",
    "destinataires",
)


def register_as_csv(register: ProcessingRegister) -> str:
    """One line a category of data, for a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_HEADER)
    for of in register.processings:
        for data in of.data:
            writer.writerow(
                (
                    *(of.aim, data.holds, data.persons, data.basis_words),
                    *(data.retention_words, data.retention_source, ", ".join(of.recipients)),
                )
            )
    return out.getvalue()
