"""Events and codes in words: what a person reads instead of a topic."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from application.identifiers import SCHEMES, identifier_in_words
from application.territory_in_words import territory_in_words
from application.world import Moment
from domain.case import Begun, Migrated, Moved
from domain.dates import MONTHS, day_in_words
from domain.exchange import Channel
from domain.filing import DocumentKind
from domain.identifiers import Scheme
from domain.journey import Journey, Transition
from domain.kernel import Event
from domain.kinds import this
from domain.legal_form import LegalForm
from domain.mandate import EVERYWHERE, Mandate
from domain.membership import MemberKind, named_by
from domain.minute import Minute
from domain.overdue import FellDue, Reminded
from domain.pole import Pole
from domain.proposal import BallotCast, RecusalDeclared, VoteClosed, VoteOpened, VoteWithdrawn
from domain.provenance import Confidence
from domain.recognition import RecognitionKind
from domain.register import Register
from domain.rights import permissions_in_words
from domain.roles import ROLES as ROLES
from domain.roles import Role
from domain.rulebook import Rulebook
from domain.silence import ShownStage
from domain.spelling import plain
from domain.vote import Choice
from domain.words import Stored

MEMBERS: Mapping[str, str] = {
    MemberKind.ESS_ENTERPRISE: "entreprise de l'ESS",
    MemberKind.OTHER_ENTERPRISE: "entreprise hors ESS",
    MemberKind.ENTERPRISE_GROUP: "groupement d'entreprises",
    MemberKind.LOCAL_AUTHORITY: "collectivité territoriale",
    MemberKind.RESEARCH: "centre de recherche",
    MemberKind.HIGHER_EDUCATION: "enseignement supérieur",
    MemberKind.TRAINING: "organisme de formation",
    MemberKind.CITIZEN: "citoyenne ou citoyen",
    MemberKind.OTHER: "autre personne",
}

SOLE_TRADER = "un entrepreneur individuel"


def member_called(name: str | None, form: LegalForm | None = None) -> str:
    """What everybody may call a member: an organisation by its name, a person never."""
    if form and form.is_person:
        return SOLE_TRADER
    return name or "une personne physique"


RECOGNITIONS: Mapping[str, str] = {
    RecognitionKind.WITNESS_2012: "pôle témoin de l'expérimentation nationale",
    RecognitionKind.PROJECT_CALL: "lauréat d'un appel à projets de l'État",
    RecognitionKind.EXPRESSION_OF_INTEREST_CALL: "lauréat d'un appel à manifestation d'intérêt",
    RecognitionKind.REGIONAL_SUPPORT: "soutien régional",
    RecognitionKind.COMPOSITION_FINDING: "constat de composition (article 9 I)",
    RecognitionKind.SELECTION: "sélection (article 9 II)",
}

CHOICES: Mapping[str, str] = {
    Choice.FOR: "pour",
    Choice.AGAINST: "contre",
    Choice.ABSTAIN: "abstention",
}

PARTIES: Mapping[str, str] = {
    "account": "le compte",
    "pole": "le pôle",
    "organisation": "l'organisation",
    "region": "la région",
    "call": "l'appel",
}

CONFIDENCES: Mapping[str, str] = {
    "confirmed": "confirmé",
    "probable": "probable",
    "inferred": "déduit",
    "unconfirmed": "non confirmé",
}

VERDICTS: Mapping[str, str] = {
    "held": "rempli",
    "failed": "non rempli",
    "unknown": "inconnu",
    "not_checked": "non vérifié",
}

WORDS: dict[type[StrEnum], Mapping[str, str]] = {
    Role: ROLES,
    MemberKind: MEMBERS,
    RecognitionKind: RECOGNITIONS,
    Choice: CHOICES,
    Confidence: CONFIDENCES,
    Scheme: SCHEMES,
}
"""What people call the codes of each kind, wherever a list shows one; concepts add their own."""


def code_of(said: str, words: Mapping[str, str]) -> str:
    """The code that somebody gives by what it means, whole or as that begins: `effacement`.

    Gives what was said, where that is a code, or means none of them alone.
    """
    key = _unarticled(said)
    meant = {code: _unarticled(meaning) for code, meaning in words.items()}
    whole = [code for code, meaning in meant.items() if meaning == key]
    found = whole or [code for code, meaning in meant.items() if meaning.startswith(f"{key}-")]
    return found[0] if key and said not in words and len(found) == 1 else said


def _unarticled(said: str) -> str:
    return re.sub(r"^(l|la|le|les|par-quel|par-quelle)-", "", plain(said))


STATUSES: Mapping[str, str] = {
    "open": "possible",
    "closed": "pas encore possible",
    "needs_input": "possible, en complétant",
}


FACTS: dict[str, str] = {
    "members.total": "membres",
    "members.ess_enterprises": "entreprises de l'ESS",
    "members.other_enterprises": "autres entreprises",
    "members.public_bodies": "collectivités territoriales",
    "members.art9_partners": "autres personnes nommées par l'article 9",
    "territory.delimited": "territoire délimité",
    "evidence.kinds": "pièces versées",
    "recognitions.article9_in_force": "reconnaissances au titre de l'article 9 en vigueur",
    "charter.signed": "charte signée",
    "stage.before_dormancy": "étape avant l'absence de nouvelles",
    "silence.months": "mois écoulés depuis le dernier fait daté",
    "silence.contact_attempts": "prises de contact depuis le dernier fait daté",
    "silence.days_since_attempt": "jours depuis la première prise de contact restée sans nouvelle",
    "now": "moment de la demande",
    "approvals.carried": "étapes adoptées par un vote",
    "deadlines.passed": "échéances dépassées",
}
"""The facts that clauses read, as a person would name them; concepts add their own."""

STAGES: Mapping[str, str] = {
    "emergence": "Émergence",
    "charter_signed": "Charte signée",
    "experimentation": "Expérimentation",
    "recognised": "Reconnaissance (article 9)",
    "dormant": "Sans nouvelle",
    "ended": "A cessé",
}
"""The stages of poles, in the order in which they are shown."""

VALUES: Mapping[str, str] = {
    "strategy": "document de stratégie commune",
    "charter_form": "formulaire de signature de la charte",
    **STAGES,
}

RULE_SOURCES: Mapping[str, str] = {"product rule": "règle propre à ce registre"}


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z", re.ASCII)
"""An instant as events keep it."""


def date_in_words(written: str) -> str:
    """A date in French, with no more precision than it has."""
    match written.split("-"):
        case ["unknown"] | [""]:
            return "date inconnue"
        case [year]:
            return f"en {year}"
        case [year, month]:
            return f"en {MONTHS[int(month) - 1]} {year}"
        case [_, _, _]:
            return f"le {day_in_words(date.fromisoformat(written))}"
        case _:
            return written


def instant_in_words(instant: datetime) -> str:
    """`le 22 novembre 2026 à 16 h 13`, in Paris."""
    return f"le {Minute.of(instant).in_words()}"


def thousands(number: int) -> str:
    """`2 824`: a number, thousands apart."""
    return f"{number:,}".replace(",", "\u202f")


def place_in_log(index: int) -> str:
    """Where an event lies in the log as its formats count, so that it is not taken for its number.

    People are told numbers, from 1 (`n° 42`); the index of its leaf is one less.
    """
    return f"place {index} du journal (la première est 0)"


def known_in_words(moment: Moment) -> str:
    """When what a moment asks about was known: a day, an instant, or after so many events.

    Where nothing is said of that, the day on which it was in force.
    """
    if moment.known_size is not None:
        return f"après {thousands(moment.known_size)} événement{'s' * (moment.known_size > 1)}"
    if moment.known_at is not None:
        return instant_in_words(moment.known_at)
    return date_in_words((moment.known_on or moment.in_force).isoformat())


def since_in_words(date: str) -> str:
    """`depuis le 25 juin 2012`, `depuis 2021`, or that the date is not known."""
    words = date_in_words(date)
    return words if words == "date inconnue" else f"depuis {words.removeprefix('en ')}"


def duration_in_words(days: int) -> str:
    """A number of days as people say it: `12 jours`, `14 mois`, `13 ans`."""
    if days < 60:
        return f"{days} jour{'s' if days > 1 else ''}"
    if days < 730:
        return f"{days * 12 // 365} mois"
    return f"{days * 4 // 1461} ans"


def number_in_words(number: str) -> str:
    """A number kept as text: `12500.5` as `12 500,5`."""
    whole, _, part = number.partition(".")
    said = f"{int(whole):,}".replace(",", "\u202f")
    sign = "-" if whole == "-0" else ""
    return f"{sign}{said},{part}" if part else f"{sign}{said}"


def of_date(date: str) -> str:
    """`du 12 mai 2021`, `de septembre 2011`, `d'avril 2015`."""
    words = date_in_words(date)
    if words.startswith("le "):
        return f"du {words[3:]}"
    alone = words.removeprefix("en ")
    return f"d'{alone}" if alone[:1] in "ao" else f"de {alone}"


def version_in_words(journey: str) -> str:
    """`pole@2021-05-12` as `version du 12 mai 2021`."""
    return f"version {of_date(journey.partition('@')[2])}"


def identified_version(version: str) -> str:
    """`version du 1er juin 2020 (2020-06-01)`: a version is asked for by the name it bears."""
    return f"version {of_date(version)} ({version})"


def rules_in_words(journey: str) -> str:
    """`pole@2021-05-12` as `règles du 12 mai 2021`."""
    return f"règles {of_date(journey.partition('@')[2])}"


CONTACT_UNDER_WAY = "une prise de contact est en cours"
"""Beside the stage of a pole that was looked for, and still has time to answer."""

ANSWERED = "le pôle a donné de ses nouvelles depuis qu'il a été recherché"
"""Beside the stage of a pole that answered, though the step back is still to be recorded."""

RECOGNISED_BUT_SILENT = (
    "une reconnaissance au titre de l'article 9 est en vigueur, bien que le pôle soit sans nouvelle"
)
"""Beside the stage of a pole without news, where a recognition is in force (product rule)."""


def stage_note(shown: ShownStage) -> str | None:
    """What is to be known of the stage that is shown of a pole, where something is."""
    if shown.is_sought:
        return CONTACT_UNDER_WAY
    if shown.has_answered:
        return ANSWERED
    return RECOGNISED_BUT_SILENT if shown.is_recognised else None


_AS_WRITTEN = re.compile(r"https?://|[a-z0-9]+(?:-[a-z0-9]+)*-\d+\b", re.ASCII)
"""What begins a sentence without a capital: an address, and a code that ends with a number."""


def capital(text: str) -> str:
    """The first letter in capital, the rest as it was; an address or a code stays as it is."""
    return text if _AS_WRITTEN.match(text) else text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """The first letter small, the rest as it was: a title inside a sentence."""
    return text[:1].lower() + text[1:]


def inside(text: str) -> str:
    """A text of somebody's inside a sentence of ours: its full stop gives way to what follows.

    That of an abbreviation, and suspension points, stay.
    """
    kept = text.endswith(("…", "..")) or text.casefold().endswith((" etc.", ",etc."))
    return text if kept else text.removesuffix(".").rstrip()


def joined(*parts: str | None) -> str:
    """Parts of a sentence, one after the other; a full stop is kept at the end alone."""
    said = [part for part in parts if part]
    return " ; ".join([*map(inside, said[:-1]), *said[-1:]])


PERIODS: Mapping[str, tuple[str, str]] = {
    "days": ("jour", "jours"),
    "working_days": ("jour ouvré", "jours ouvrés"),
    "weeks": ("semaine", "semaines"),
    "months": ("mois", "mois"),
    "years": ("an", "ans"),
}


def period_in_words(period: str) -> str:
    """`10 working_days` as `10 jours ouvrés`."""
    number, _, unit = period.partition(" ")
    return f"{number} {PERIODS[unit][number != '1']}"


def due_in_words(due: date, day: date) -> str:
    """How far a last day is from another day, in either direction."""
    last = f"échéance {date_in_words(due.isoformat())}"
    left = (due - day).days
    if left > 0:
        return f"{last}, dans {left} jour{'s' * (left > 1)}"
    if left == 0:
        return f"{last}, ce soir à minuit"
    first = date_in_words((due + timedelta(days=1)).isoformat())
    return f"{last}, dépassée depuis {first}"


def deadline_title(journey: Journey | None, state: str, deadline: str) -> str:
    """What a deadline of a state is called."""
    known = journey.state[state].deadlines if journey and state in journey.state else ()
    return next((d.title.say("fr") for d in known if d.id == deadline), "") or deadline


def evidence_in_words(kind: str) -> str:
    """What a kind of evidence is called; one of a journey of its own, by its own name."""
    return WORDS.get(DocumentKind, VALUES).get(kind) or VALUES.get(kind) or kind.replace("_", " ")


def holders(way: Transition) -> str:
    """To whom a way out belongs."""
    said = [ROLES.get(role, role) for role in way.by or ()]
    if way.permissions:
        said.append(f"qui a le droit : {permissions_in_words(way.permissions).fr}")
    said += [f"le groupe « {group} »" for group in way.groups]
    if way.trigger == "automatic":
        return "se fait de soi-même, dès que les conditions sont réunies"
    return ", ".join(said) or ("toute personne" if way.by is None else "personne")


KNOWN = "_known"
"""How the name ends by which a clause asks whether a fact is known at all."""


def fact(name: str) -> str:
    """What a fact is called."""
    return FACTS.get(name) or FACTS.get(name.removesuffix(KNOWN)) or name


def value_in_words(stored: Stored) -> str:
    """A value that a clause saw."""
    match stored:
        case bool():
            return "oui" if stored else "non"
        case str() if _INSTANT.fullmatch(stored):
            return instant_in_words(datetime.fromisoformat(stored))
        case str():
            return VALUES.get(stored, stored)
        case list() | tuple():
            return ", ".join(value_in_words(part) for part in stored) or "aucune"
        case _:
            return str(stored)


def rule_source(source: str) -> str:
    """Where a rule comes from; one without a text is said to be our own."""
    for said, words in RULE_SOURCES.items():
        source = source.replace(said, words)
    return source


ATTACHED: Mapping[str, str] = {
    "accompaniment": "un accompagnement",
    "appeal": "un recours",
    "assessment": "une appréciation d'un critère",
    "charter": "une charte locale",
    "charter_signature": "une signature de la charte par un membre",
    "claim": "une déclaration",
    "commitment": "un engagement financier",
    "contribution": "une contribution du public",
    "document": "un document",
    "dossier": "un dossier",
    "evaluation": "une évaluation",
    "exchange": "un échange",
    "follow_up": "un comité de suivi",
    "following": "qui le suit",
    "funding_plan": "un plan de financement",
    "project": "un projet",
    "recognition": "un constat de composition",
    "undertaking": "un engagement pris",
    "update_request": "une demande de mise à jour",
}
"""What has a history of its own and concerns a pole, by its concept."""


def party_in_words(party: str) -> str:
    """Somebody who can be acted for: `organisation:SCIC` as `l'organisation SCIC`."""
    kind, _, name = party.partition(":")
    return f"{PARTIES.get(kind, kind)} {name}"


def relation_in_words(relation: str) -> str:
    """What a mandate is about."""
    return "tout" if relation == EVERYWHERE else party_in_words(relation)


Teller = Callable[[Event], tuple[str, str] | None]

TELLERS: list[Teller] = []
"""How the events of each concept are told, by the concept itself."""


def tells(teller: Teller) -> Teller:
    """Let a concept tell its own events, each as a title and a detail; `None` for any other."""
    TELLERS.append(teller)
    return teller


Doubter = Callable[[Event], Iterable[str]]
DOUBTERS: list[Doubter] = []


def doubts(doubter: Doubter) -> Doubter:
    """Let a concept say what is to be looked at again in its own events, in French."""
    DOUBTERS.append(doubter)
    return doubter


def doubts_about(events: Iterable[Event]) -> list[str]:
    """What was recorded though nobody could check it, a sentence each."""
    told = (said for event in events for doubter in DOUBTERS for said in doubter(event))
    return list(dict.fromkeys(told))


def tell(event: Event, journey: Journey | None = None) -> tuple[str, str]:
    """An event as a title and a detail, in French."""
    match event:
        case Pole.Registered(name=name, journey=ref, remark=remark):
            return "Inscription au registre", f"{name} ; suit les {rules_in_words(ref)}." + (
                f" {capital(remark)}" if remark else ""
            )
        case Pole.Renamed(name=name):
            return "Changement de nom", name
        case Pole.Located(territory=t):
            return "Territoire", territory_in_words(t)
        case Pole.ActivityDescribed(words=words):
            return "Activité", words
        case Pole.MemberJoined(member_kind=kind, name=name, legal_form=form) as joined:
            named = joined.identifier or named_by(joined.siren, Scheme.SIREN)
            is_person = form is not None and form.is_person
            parts = (
                f"{member_called(name, form)} ({MEMBERS[kind]})",
                "" if is_person else identifier_in_words(named) or "",
                joined.legal_form.label if joined.legal_form else "",
                f"justificatif : {joined.ess_evidence.said}" if joined.ess_evidence else "",
            )
            return "Nouveau membre", " ; ".join(part for part in parts if part)
        case Pole.MemberLeft():
            return "Départ d'un membre", ""
        case Pole.CarrierDesignated(name=name, siret=siret, identifier=identifier):
            known = identifier_in_words(identifier or named_by(siret, Scheme.SIRET))
            return "Structure porteuse", f"{name} ; {known}" if known else name
        case Pole.EvidenceFiled(evidence=kind, title=title):
            return "Pièce versée", f"{title} ({evidence_in_words(kind)})"
        case Pole.ContactAttempted(channel=channel, outcome=outcome, reached=reached):
            title = "Prise de contact, pôle joint" if reached else "Prise de contact"
            return title, f"{WORDS.get(Channel, {}).get(channel, channel)} : {outcome}"
        case Moved(transition=transition, to=to, journey=ref):
            if journey is None:
                return transition, f"mène à « {to} », selon les {rules_in_words(ref)}"
            way, stage = journey.transition[transition].title.fr, journey.state[to].title.fr
            return way, f"mène à l'étape « {stage} », selon les {rules_in_words(ref)}"
        case VoteOpened(transition=transition):
            voted = journey.transition.get(transition) if journey else None
            return "Vote ouvert", f"« {(voted.title.fr if voted else '') or transition} »"
        case BallotCast(choice=choice, holder=holder):
            return "Bulletin", f"{CHOICES[choice]}{', sous mandat' if holder else ''}"
        case RecusalDeclared():
            return "Déport", "une personne ne prend pas part au vote"
        case VoteClosed():
            return "Vote clos", "les bulletins reçus décident ; plus aucun n'est admis"
        case VoteWithdrawn():
            return "Vote retiré", "il n'a rien décidé"
        case Mandate.Given(principal=principal, role=role, relation=relation):
            return "Mandat donné", (
                f"pour {party_in_words(principal)}, comme : {ROLES[role]}, "
                f"sur : {relation_in_words(relation)}"
            )
        case Mandate.Revoked():
            return "Mandat révoqué", ""
        case Begun(journey=further):
            who = this(event.TOPIC).fr
            what = (journey.title.fr if journey else "") or further.partition("@")[0]
            return "Nouveau parcours", (
                f"{who} suit aussi « {what} », selon les {rules_in_words(further)}"
            )
        case Migrated(from_=old, to=new, reverts=reverts):
            who = this(event.TOPIC).fr
            return "Retour aux règles d'avant" if reverts else "Changement de règles", (
                f"{who} suit désormais les {rules_in_words(new)}, "
                f"auparavant celles {of_date(old.partition('@')[2])}"
            )
        case Pole.RecognitionAttached(code=code):
            return "Reconnaissance rattachée au pôle", code
        case Pole.CharterSignatureAttached():
            return "Signature de la charte rattachée au pôle", ""
        case Pole.Attached(concept=concept):
            return "Rattachement au pôle", ATTACHED.get(concept, concept)
        case Register.PoleEntered(code=code, name=name):
            return "Code attribué", f"« {code} » désigne désormais {name}"
        case Rulebook.JourneyDeprecated(journey=ref, motive=motive, successor=successor):
            after = f" ; leur succèdent les {rules_in_words(successor)}" if successor else ""
            why = inside(motive) if after else motive
            return "Version dépréciée", f"{rules_in_words(ref)} : {why}{after}"
        case FellDue(state=state, deadline=name, due=due):
            title = deadline_title(journey, state, name)
            return "Échéance dépassée", f"{title} : échue {date_in_words(due.isoformat())}"
        case Reminded(state=state, deadline=name, due=due, before=before):
            title = deadline_title(journey, state, name)
            return "Rappel d'échéance", (
                f"{title} : échéance {date_in_words(due.isoformat())} "
                f"({period_in_words(before)} avant)"
            )
        case _:
            said = (teller(event) for teller in TELLERS)
            return next((told for told in said if told), (event.TOPIC, ""))
