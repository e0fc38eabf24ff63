"""What is asked of charters one by one: a text, what sets two apart, the receipt of a signature."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from application.absent import absent
from application.charter_difference import CharterDifference, difference
from application.mandate import principal_in_words
from application.undertaking import NETWORKS
from application.wording import WORDS, date_in_words, known_in_words, thousands
from application.world import Moment, World
from domain.charter import Capacity, CharterSignature, Signer, Signing, Variant
from domain.charter_text import (
    CHARTERS,
    Charter,
    CharterId,
    CharterKind,
    Charters,
    CharterText,
)
from domain.correction import mends_of
from domain.dates import PartialDate, day_in_words, paris_day
from domain.errors import NotFound
from domain.kernel import Recorded
from domain.pole import Pole
from domain.spelling import plain
from domain.values import Frozen

MEANING: tuple[str, ...] = (
    "Signer n'est recevoir ni une reconnaissance, ni un agrément, ni un label : personne "
    "n'accorde la qualité de pôle territorial de coopération économique.",
    "La signature n'engage aucun partenaire, public ou privé, à soutenir le signataire.",
    "Elle ne crée aucun engagement financier, et n'engage aucun argent public : ni subvention, "
    "ni convention, ni versement.",
    "Elle n'est pas une décision de l'État, et aucune décision de l'État n'en dépend : toutes les "
    "étapes d'un pôle peuvent être atteintes sans elle.",
)
"""What signing does not mean (charter of 2014, note 1; law of 31 July 2014, article 9)."""


class UnknownCharter(NotFound):
    """No such text was published then."""

    code = "charter.unknown"
    fr = (
        "« {name} » n'est pas une charte publiée{moment}. Une charte nationale se nomme par sa "
        "version (2014-09-19), une charte locale par son pôle et sa version (pole@2019)."
    )
    en = "“{name}” is not a published charter{moment}."


class UnknownSignature(NotFound):
    """No such signature was recorded then."""

    code = "charter.unknown_signature"
    fr = "« {name} » n'est pas une signature enregistrée{moment}."
    en = "“{name}” is not a recorded signature{moment}."


class VersionName(Frozen):
    """A version of the same charter."""

    id: UUID
    version: PartialDate
    title: str


class CharterSheet(Frozen):
    """A published text, whole, with the other versions of the same charter."""

    id: UUID
    charter_kind: CharterKind
    pole: UUID | None
    pole_code: str | None
    pole_name: str | None
    version: PartialDate
    title: str
    language: str
    sha256: str
    size: int
    recorded_at: datetime
    source: str | None
    text: CharterText
    before: VersionName | None
    after: VersionName | None
    meaning: tuple[str, ...] = MEANING
    signatures: int = 0
    """How many signatures of it are in force at the moment asked about."""


class CharterComparison(Frozen):
    """What sets two versions of charters apart."""

    old: VersionName
    new: VersionName
    difference: CharterDifference


class Receipt(Frozen):
    """What a signatory may keep: what was signed, by whom, where it is recorded, what it means.

    Names stay sealed: who signed is told by an organisation and by capacities.
    """

    id: UUID
    event_id: UUID
    position: int
    leaf: str
    """The hash of the event in the log, in hexadecimal."""
    recorded_at: datetime
    corrected: str | None = None
    """Where it was corrected: when, by which events, and where it was recorded first."""
    signer: Signer
    pole: UUID | None
    pole_code: str | None
    pole_name: str | None
    organisation: str | None
    charter_kind: CharterKind
    charter: PartialDate
    title: str | None
    text: UUID | None
    text_hash: str | None
    variant: Variant | None
    capacities: tuple[Capacity, ...]
    place: str
    occurred_on: PartialDate
    until: date | None
    ending: str | None
    """Why it no longer holds, in words."""
    mandate: UUID | None
    mandate_words: str | None = None
    """For whom it was signed, in words, where it was under a mandate."""
    source: str | None
    undertakings: int
    meaning: tuple[str, ...] = MEANING
    notice: str | None = None
    """What the text itself says of it."""


# --- texts --------------------------------------------------------------------------------------


def _moment_in_words(moment: Moment) -> str:
    if moment.is_today:
        return ""
    return f", {known_in_words(moment)}"


def find_charter(
    world: World, name: str, moment: Moment, find_pole: Callable[[str], UUID]
) -> CharterId:
    """The text that a version, a pole with a version, or an identity means at a moment."""
    charters = world.load(Charters, CHARTERS, moment.known) or Charters(CHARTERS)
    refusal = UnknownCharter(name=name[:80], moment=_moment_in_words(moment))
    pole, at, version = name.rpartition("@")
    kind = CharterKind.LOCAL if at else CharterKind.NATIONAL
    try:
        found = charters.find(kind, find_pole(pole) if at else None, PartialDate(version))
    except ValueError:  # not a date: an identity, or nothing
        found = next((id_ for id_ in charters.texts.values() if str(id_) == name.lower()), None)
    if found is None:
        raise refusal
    charter = world.load(Charter, found, moment.known)
    if charter is None or charter.start > moment.in_force:
        raise refusal
    return found


def _text(world: World, id_: UUID, moment: Moment) -> Charter:
    charter = world.load(Charter, id_, moment.known)
    if charter is None:
        raise UnknownCharter(name=id_, moment=_moment_in_words(moment))
    return charter


def _named(charter: Charter) -> VersionName:
    return VersionName(id=charter.id, version=charter.charter_version, title=charter.title)


def versions_of(world: World, charter: Charter, moment: Moment) -> list[VersionName]:
    """Every version of the same charter that was published then, oldest first."""
    charters = world.load(Charters, CHARTERS, moment.known) or Charters(CHARTERS)
    same = [
        _named(_text(world, id_, moment))
        for (kind, pole, _), id_ in charters.texts.items()
        if (kind, pole) == (charter.charter_kind, charter.pole)
    ]
    return sorted(same, key=lambda named: (named.version.first_day or date.min, str(named.version)))


def charter_sheet(world: World, id_: UUID, moment: Moment) -> CharterSheet:
    """A text as it was published."""
    charter = _text(world, id_, moment)
    published = world.history(id_, moment.known)[0]
    versions = versions_of(world, charter, moment)
    place = [named.id for named in versions].index(charter.id)
    code, name = _pole(world, charter.pole, moment)
    return CharterSheet(
        id=charter.id,
        charter_kind=charter.charter_kind,
        pole=charter.pole,
        pole_code=code,
        pole_name=name,
        version=charter.charter_version,
        title=charter.title,
        language=charter.language,
        sha256=charter.sha256,
        size=charter.size,
        recorded_at=published.recorded_at,
        source=published.event.meta.source,
        text=charter.text,
        before=versions[place - 1] if place else None,
        after=versions[place + 1] if place + 1 < len(versions) else None,
    )


def charter_comparison(world: World, old: UUID, new: UUID, moment: Moment) -> CharterComparison:
    """What a version changes of another, article by article and word by word."""
    before, after = _text(world, old, moment), _text(world, new, moment)
    return CharterComparison(
        old=_named(before), new=_named(after), difference=difference(before.text, after.text)
    )


def _pole(world: World, id_: UUID | None, moment: Moment) -> tuple[str | None, str | None]:
    pole = world.load(Pole, id_, moment.known) if id_ else None
    return (pole.code, pole.name_on(moment.in_force)) if pole else (None, None)


# --- receipts -----------------------------------------------------------------------------------


def receipt(world: World, id_: UUID, moment: Moment, leaf_of: Callable[[int], bytes]) -> Receipt:
    """The receipt of a signature, as it stands at a moment.

    Args:
        leaf_of: the leaf of the log at a position.
    """
    signature = _signature(world, id_, moment)
    recorded = _told_last(world, id_, moment)
    act, variant = _act(recorded)
    charter = _text(world, act.text, moment) if act.text else None
    code, name = _pole(world, signature.pole, moment)
    ended = signature.end is not None and signature.end <= moment.in_force
    return Receipt(
        id=id_,
        event_id=recorded.event.meta.event_id,
        position=recorded.position,
        leaf=leaf_of(recorded.position).hex(),
        recorded_at=recorded.recorded_at,
        corrected=_corrected(world, recorded, moment),
        signer=signature.signer,
        pole=signature.pole,
        pole_code=code,
        pole_name=name,
        organisation=NETWORKS[signature.network] if signature.network else signature.organisation,
        charter_kind=(
            CharterKind.LOCAL if signature.signer is Signer.MEMBER else CharterKind.NATIONAL
        ),
        charter=act.charter,
        title=charter and charter.title,
        text=act.text,
        text_hash=act.text_hash,
        variant=variant,
        capacities=(act.capacity, *(other.capacity for other in act.others)),
        place=act.place,
        occurred_on=recorded.event.occurred_on,
        until=signature.end,
        ending=_ending(signature) if ended else None,
        mandate=(mandate := recorded.event.meta.on_behalf_of),
        mandate_words=principal_in_words(world, mandate) if mandate else None,
        source=recorded.event.meta.source,
        undertakings=len(signature.undertakings),
        notice=charter and charter.text.notice,
    )


def _told_last(world: World, id_: UUID, moment: Moment) -> Recorded:
    """The event that tells the beginning of a stream now: that of its last correction, if any."""
    everything = world.everything(id_, moment.known)
    fact = world.history(id_, moment.known)[0].event.meta.event_id
    last = mends_of(everything).last.get(fact, fact)
    return next(one for one in everything if one.event.meta.event_id == last)


def _corrected(world: World, recorded: Recorded, moment: Moment) -> str | None:
    """`le 23 novembre 2026 (n° 2 872) ; d'abord enregistrée le 1er mai 2024 (n° 12)`."""
    if recorded.mends is None:
        return None
    everything = world.everything(recorded.stream, moment.known)
    mends, told = mends_of(everything), recorded.event.meta.event_id
    fact = mends.fact(told)
    first = next(one for one in everything if one.event.meta.event_id == fact)
    again = [one for one in everything if mends.places.get(one.event.meta.event_id) == fact]
    numbers = ", ".join(thousands(one.position) for one in again)
    on, at_first = (day_in_words(paris_day(one.recorded_at)) for one in (recorded, first))
    return (
        f"le {on} (n° {numbers}) ; d'abord enregistrée le {at_first} "
        f"(n° {thousands(first.position)})"
    )


def _signature(world: World, id_: UUID, moment: Moment) -> CharterSignature:
    try:
        signature = world.load(CharterSignature, id_, moment.known)
    except NotFound:  # something else has this identity
        signature = None
    if signature is None or signature.start > moment.in_force:
        unknown = UnknownSignature(name=id_, moment=_moment_in_words(moment))
        raise absent(world, id_, unknown, moment.known)
    return signature


def _act(recorded: Recorded) -> tuple[Signing, Variant | None]:
    match recorded.event:
        case CharterSignature.Signed() as signed:
            return signed.act, signed.variant
        case CharterSignature.NetworkSigned(act=act) | CharterSignature.MemberSigned(act=act):
            return act, None
    raise TypeError(recorded.event.TOPIC)  # every signature begins by one of these


def _ending(signature: CharterSignature) -> str:
    if signature.withdrawn:
        return "retirée"
    if signature.superseded_by:
        return "remplacée par la signature d'une version plus récente"
    return "venue à son terme"


def signer_in_words(found: Receipt) -> str:
    """Who signed: a pole, a network, or a member of a pole."""
    match found.signer:
        case Signer.POLE:
            name = str(found.pole_name or found.pole)
            return name if plain(name).startswith("pole-") else f"le pôle {name}"
        case Signer.NETWORK:
            return f"le réseau fondateur {found.organisation}"
        case Signer.MEMBER:
            who = found.organisation or "une personne (nom non publié)"
            return f"{who}, membre du pôle « {found.pole_name or found.pole} »"


def capacities_in_words(found: Receipt) -> str:
    """As what the signatories signed, one after the other, and how many they are."""
    said = ", ".join(WORDS[Capacity][capacity] for capacity in found.capacities)
    number = len(found.capacities)
    return f"{said} ({number} signataires)" if number > 1 else said


def ending_in_words(found: Receipt) -> str | None:
    """`retirée le 3 mai 2022`, where it no longer holds at the moment asked about."""
    if not found.ending or not found.until:
        return None
    return f"{found.ending} {date_in_words(found.until.isoformat())}"
