"""How the fields of forms are called: in a few words, and what more has to be said beside them."""

import re
from collections.abc import Mapping

CHOICES_SAID: Mapping[str, str] = {
    "chair": "la présidence décide",
    "rejected": "la proposition est rejetée",
    "complexity": "la complexité de la demande",
    "number": "le nombre des demandes",
}
"""What a command lets choose among, where no kind of code says it."""

_PARTS = re.compile(
    r"\s*[:;(]\s*|\.\s+(?=\w)|,\s+(?=par |s'il?\b|si |à dire|celle |ce que |dans |un |une |parmi "
    r"|sans |en |au |tel|chacun|avec )"
)
"""What parts the few words by which a field is called from what is said of it."""

_IDENTITY = re.compile(r"^(?:L'identifiant|Identifiant|Identifiants) (de la |de l'|du |des |de )")
_OF = {"de la ": "La ", "de l'": "L'", "du ": "Le ", "des ": "Les ", "de ": ""}

_NOT_FOR_PEOPLE = re.compile(
    r"_|AAAA|\bjalon\b|[{}\[\]]|se répète|\bidentifiants?\b|\bcode\b|scellé|à répéter|base64"
    r"|\((?:[a-z]+)\)|\b(?:kind|post|email|upload|principal ou|member|pole|server|strategy|minutes"
    r"|words|department|organisation:|account:|everywhere|chair|followed|open|examine|settle"
    r"|dissolve|d1|aap)\b|autant que voulu|nom court|\bfr, en|\b20\d\d-|historique",
    re.IGNORECASE,
)
_EUROS = re.compile(r"^en euros\s*(?:[.,;]\s*|$)", re.IGNORECASE)
"""What a description says to who types commands or writes programs."""

LABELS: Mapping[str, str] = {
    "occurred_on": "Date du fait",
    "valid_to": "Ne vaut plus à partir du",
    "ground": "Fondement juridique ou contractuel",
    "source": "Source",
    "confidence": "Degré de confiance de la source",
    "reason": "Motif",
    "corrects": "L'événement rectifié",
    "account": "Compte",
    "against": "Actions de membres auxquelles le projet est comparé",
    "amount_cents": "Montant",
    "appeal_kind": "Nature du recours",
    "undertaking.assess.assessment": "Ce qui est constaté",
    "award_ground": "Pourquoi le soutien est retiré",
    "beneficiary_siret": "SIRET de l'organisation qui reçoit",
    "beneficiary_rna": "Numéro RNA de l'organisation qui reçoit",
    "beneficiary_reason": "Pourquoi l'organisation n'a ni SIRET ni RNA",
    "body": "Instance du pôle qui décide",
    "call_kind": "Nature de l'appel",
    "carried_out_by": "L'acte qui l'exécute",
    "cause": "Pourquoi, au regard de la loi",
    "cer": "Contrat d'engagement républicain souscrit",
    "charter_kind": "Nature de la charte",
    "choice": "Le sens de la voix",
    "dossier.give_opinion.choice": "L'avis",
    "session.record_ballots.against": "Contre",
    "privacy_request.extend.motive": "Ce qui justifie la prolongation",
    "committee.adopt_procedure.text": "Le règlement, tel qu'on le cite",
    "session.correct_ballot.choice": "Ce que ce bulletin disait",
    "call.plan.code": "Code court de l'appel",
    "recognition.propose_finding.code": "Code court du constat",
    "recognition.record.code": "Code court de la reconnaissance",
    "conditions": "Les conditions",
    "content": "Le fichier",
    "criteria": "Les critères",
    "criterion": "Critère de 2012",
    "declared_unrelated": "Déclare n'être ni membre, ni financeur, ni porteur",
    "direction": "Sens de l'échange",
    "documents": "Documents à l'appui",
    "evidence": "Pièces à l'appui",
    "dossier.assess_condition.evidence": "Autres pièces à l'appui",
    "fact.contest.evidence": "Pièce qui appuie la contestation",
    "pole.file_evidence.evidence": "Nature de la pièce",
    "recognition.propose_finding.evidence": "Pièces sur lesquelles le constat repose",
    "families": "Familles",
    "funder_reason": "Pourquoi le financeur n'a pas de SIRET",
    "identifier": "Identifiant de l'organisation",
    "instalments": "Les échéances",
    "pole.split.into": "Pôles existants qui succèdent",
    "pole.split.names": "Noms des nouveaux pôles",
    "legal_form": "Catégorie juridique (Insee)",
    "local": "Comité local",
    "members": "Membres qui y prennent part",
    "member_kind": "Nature du membre",
    "met": "La condition est remplie",
    "mode": "Comment la séance se tient",
    "on": "Le parcours",
    "order": "Les dossiers, du premier au dernier",
    "session.put_to_vote.proposal": "Ce qui est proposé",
    "other": "SIREN de l'autre entreprise",
    "other_name": "Nom de l'autre entreprise",
    "others": "Autres signataires",
    "single_undertaking.attest.others": "SIREN des entreprises liées",
    "privacy_request.decide.outcome": "Ce qui est décidé",
    "follow_up.settle_recommendation.outcome": "Ce qu'il en est",
    "partners": "Partenaires qui ne sont pas membres",
    "parts": "Les pièces",
    "period": "Le temps que le chiffre mesure",
    "following.assign.place": "Place",
    "following.end.place": "Place",
    "places": "Les lieux",
    "pole.merge.poles": "Les pôles qui cessent",
    "recognition.reply.position": "Ce que le pôle en dit",
    "positions": "Les positions",
    "dossier.declare_interest.person": "Qui a un intérêt",
    "pole.add_member.person": "Nom de la personne",
    "reached": "Le pôle a été joint",
    "reasons": "Raisons",
    "call.rank_region.reasons": "La raison du rang de chacun",
    "refusal_ground": "Motif prévu par le RGPD",
    "report_kind": "Nature du rapport",
    "represented": "Sièges représentés",
    "revocable": "Révocable avant son terme",
    "may_pass_on": "Permet d'en donner un autre à son tour",
    "right": "Le droit exercé",
    "rna": "Numéro RNA",
    "round_kind": "Nature de l'évaluation",
    "routes": "Voies par lesquelles chaque dossier doit venir",
    "seats": "Les sièges",
    "pole.set_body.seats": "Nombre de sièges",
    "follow_up.add_member.seat": "À quel titre il siège",
    "second_notice": "Une seconde convocation ne demande pas de quorum",
    "second_of": "La séance restée sans quorum",
    "sectors": "Secteurs d'activité",
    "siret": "SIRET",
    "siren": "SIREN",
    "support_kind": "Forme de l'aide",
    "taking_part": "Qui d'autre y prend part",
    "territory": "Le territoire en mots",
    "tie": "En cas de partage des voix",
    "dossier.draft.title": "Titre du dossier",
    "transition": "Le passage",
    "variant": "Le pôle est",
    "version": "Version",
    "fact.contest.version": "Ce qui est soutenu à la place",
    "whole": "Retirer aussi tous les faits qui reposent sur lui",
    "withdrawn": "Retirée, et non venue à terme",
    "pole.set_families.words": "Précision, ou autre famille",
    "wave": "La vague",
}
"""What a field is called, where its description does not begin by it: of one command, or of all."""

PART_LABELS: Mapping[str, str] = {
    "title": "Intitulé",
    "words": "En quelques mots",
    "reason": "Pourquoi il n'y a pas de numéro",
    "id": "Code court",
    "kind": "Nature",
    "required": "Obligatoire",
    "weight": "Poids",
    "college": "Collège",
    "designated_by": "Désigné par",
    "organisation": "Organisation",
    "holder": "Nom de qui siège",
    "account": "Compte de qui siège",
    "places": "Les lieux",
    "chair": "Assure la présidence",
    "votes": "A une voix",
    "capacity": "Qualité",
    "name": "Nom",
    "department": "Département",
    "region": "Région",
    "cross_border": "Au-delà de la frontière",
    "code": "Code",
    "year": "Année",
    "scheme": "Registre qui donne le numéro",
    "number": "Numéro",
    "registry": "Nom du registre étranger",
    "country": "Pays du registre étranger",
    "item": "Indicateur",
    "level": "Niveau",
    "unobserved": "Pourquoi rien n'a été observé",
    "comment": "Commentaire",
    "evidence": "Pièce attendue",
    "measure": "Ce qui est mesuré",
    "comparator": "Comparaison",
    "value": "Valeur",
    "not_before": "Pas avant le",
    "funder": "Financeur",
    "due": "Pour le",
    "amount": "Montant",
    "due_on": "Jour prévu",
    "conditions.tranches": "Tranches qui l'attendent",
    "tranches.conditions": "Conditions qu'elle attend",
    "positions.evidence": "Pièces à l'appui",
}
"""What the parts of a group, or of a row, are called."""

EACH: Mapping[str, str] = {
    "evidence": "Pièce",
    "documents": "Document",
    "dossiers": "Dossier",
    "order": "Dossier",
    "reasons": "Raison",
    "taking_part": "Participant",
    "seats": "Siège",
    "parts": "Pièce",
    "criteria": "Critère",
    "others": "Signataire",
    "single_undertaking.attest.others": "Entreprise",
    "conditions": "Condition",
    "tranches": "Tranche",
    "instalments": "Échéance",
    "years": "Exercice",
    "partners": "Partenaire",
    "sectors": "Secteur",
    "members": "Membre",
    "places": "Lieu",
    "into": "Pôle",
    "poles": "Pôle",
    "names": "Nom",
    "funders": "Financeur",
    "participants": "Organisation",
    "present": "Présent",
    "absent": "Absent",
    "remote": "Siège à distance",
    "advisers": "Siège",
    "positions": "Position",
    "corrected_by": "Événement",
    "add": "Dossier",
    "remove": "Dossier",
    "against": "Action",
    "references": "Référence",
    "cases": "Cas",
    "in_favour": "Siège",
    "session.record_ballots.against": "Siège",
    "abstaining": "Siège",
}
"""What one of several values is called."""

HELP: Mapping[str, str] = {
    "occurred_on": "Aujourd'hui, si rien n'est dit.",
    "source": "Le document ou l'adresse qui l'atteste.",
    "corrects": "Le fait est dit de nouveau, à sa place. Ce qui n'est pas dit reste comme c'était.",
    "call.plan.code": "Quelques lettres ou chiffres, séparés par des tirets.",
    "recognition.propose_finding.code": "Quelques lettres ou chiffres, sans espace.",
    "recognition.record.code": "Quelques lettres ou chiffres, sans espace.",
    "id": "Quelques lettres minuscules ou chiffres, sans espace.",
    "call.set_wave.wave": "Quelques lettres minuscules ou chiffres, sans espace.",
    "call.set_wave.closes_at": "Cette minute compte encore.",
    "identifier": "Un numéro, ou pourquoi l'organisation n'en a pas.",
    "legal_form": "Les quatre chiffres de la nomenclature de l'Insee.",
    "documents": "",
    "represented": "Chaque siège représenté, puis le siège qui le représente.",
    "others": "Ceux qui signent le même acte.",
    "single_undertaking.attest.others": "Celles dont l'attestation répond aussi.",
    "second_of": "Celle dont cette séance est la seconde convocation, sur le même ordre du jour.",
    "refusal_ground": "De ce qui est refusé, même en partie.",
    "positions": "De chaque indicateur, un niveau, ou pourquoi rien n'a été observé.",
    "names": "",
    "amount_cents": "",
    "reached": "Sinon, c'est une tentative restée sans réponse.",
    "holder": "",
    "cause": "",
    "naf": "Par exemple 38, 38.3 ou 38.32Z.",
    "summary": "Le lisent ceux qui tiennent ou auditent le registre, ceux qui en protègent les "
    "données, et ceux qui suivent le pôle sous mandat.",
    "public_name": "Sans nom, elle paraît sans nom.",
    "dossier.assess_condition.condition": "",
    "commitment.sign_convention.cer": "Pour une association.",
    "cases": "",
    "retention": "Celle de sa nature, si rien n'est dit.",
    "pole.change_member.member_kind": "Si elle change.",
    "contribution.send.text": "5 000 caractères au plus.",
    "language": "Deux lettres : fr, en…",
    "entry": "Celle qui est décrite de nouveau ; sans elle, c'en est une nouvelle.",
    "pole.end_entry.entry": "",
    "pole.measure_indicator.entry": "",
    "instalments": "Aucune, si tout est demandé en une fois.",
    "project.examine.against": "À dire si le projet les concurrence, les double ou s'y substitue.",
    "code": "Celui de l'Insee, ou le SIREN d'une intercommunalité.",
    "places.name": "D'un bassin de vie, ou d'une zone qui n'a pas de code.",
    "places.year": "Celle dans laquelle le code se lit.",
    "whole": "Par exemple un pôle inscrit deux fois, avec tout ce qui en fut dit.",
}
"""What is said beside a field, where its description does not say it, or says it to others."""


def label_of(command: str, path: str, description: str) -> str:
    """What a field is called."""
    if path.endswith(".each"):
        return _said(EACH, command, path.removesuffix(".each")) or "Ligne"
    if "." in path:
        return _said(PART_LABELS, command, path) or _first(description)
    return _said(LABELS, command, path) or _first(description)


def help_of(command: str, path: str, description: str) -> str:
    """What more has to be said of it; nothing, where its name says it all."""
    known = _said(HELP, command, path)
    if known is not None:
        return known
    rest = _EUROS.sub("", _rest(description))
    rest = rest[:1].upper() + rest[1:]
    return "" if _NOT_FOR_PEOPLE.search(rest) else rest


def _said(words: Mapping[str, str], command: str, path: str) -> str | None:
    """The words of a field of a command, of a part of a field, or of all that have that name."""
    names = (f"{command}.{path}", path, path.rpartition(".")[2])
    return next((words[name] for name in names if name in words), None)


def _first(description: str) -> str:
    plain = _IDENTITY.sub(lambda found: _OF[found[1]], description)
    words = _PARTS.split(plain, maxsplit=1)[0].strip(" .…")
    return words[:1].upper() + words[1:]


def _rest(description: str) -> str:
    rest = _PARTS.split(description, maxsplit=1)[1:]
    words = rest[0].strip() if rest else ""
    words = (
        words.removesuffix(").").removesuffix(")") if words.count(")") > words.count("(") else words
    )
    return words[:1].upper() + words[1:]
