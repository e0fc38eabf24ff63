"""The rights of a person over what is kept of them, and the grounds on which one is refused."""

from collections.abc import Mapping
from enum import StrEnum

from domain.erasure import Exemption
from domain.values import Frozen
from domain.words import Text


class PrivacyRight(StrEnum):
    """What a person asks for (RGPD, chapter III)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"


ARTICLES: Mapping[PrivacyRight, str] = {
    PrivacyRight.ACCESS: "RGPD, art. 15",
    PrivacyRight.RECTIFICATION: "RGPD, art. 16",
    PrivacyRight.ERASURE: "RGPD, art. 17",
    PrivacyRight.RESTRICTION: "RGPD, art. 18",
    PrivacyRight.PORTABILITY: "RGPD, art. 20",
    PrivacyRight.OBJECTION: "RGPD, art. 21",
}
"""Where each right comes from."""


class RefusalGround(StrEnum):
    """Why what is asked for is not done, or not all of it."""

    NOT_IDENTIFIED = "not_identified"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    RIGHTS_OF_OTHERS = "rights_of_others"
    ACCURATE = "accurate"
    STILL_NEEDED = "still_needed"
    EXPRESSION = "expression"
    PUBLIC_TASK = "public_task"
    PUBLIC_HEALTH = "public_health"
    ARCHIVES = "archives"
    LEGAL_CLAIMS = "legal_claims"
    NO_CASE_OF_RESTRICTION = "no_case_of_restriction"
    NOT_PORTABLE = "not_portable"
    COMPELLING_GROUNDS = "compelling_grounds"
    PUBLIC_RESEARCH = "public_research"


class Ground(Frozen):
    """A ground of refusal: the text it rests on, and the rights against which it may be held."""

    article: str
    says: Text
    against: frozenset[PrivacyRight]


EVERY = frozenset(PrivacyRight)


def _ground(article: str, fr: str, en: str, *against: PrivacyRight) -> Ground:
    says = Text(fr=fr, en=en)
    return Ground(article=f"RGPD, {article}", says=says, against=frozenset(against) or EVERY)


GROUNDS: Mapping[RefusalGround, Ground] = {
    RefusalGround.NOT_IDENTIFIED: _ground(
        "art. 11(2) et 12(2)",
        "la personne ne peut pas être identifiée",
        "the person cannot be identified",
    ),
    RefusalGround.UNFOUNDED: _ground(
        "art. 12(5)(b)",
        "la demande est manifestement infondée",
        "the request is manifestly unfounded",
    ),
    RefusalGround.EXCESSIVE: _ground(
        "art. 12(5)(b)",
        "la demande est excessive, notamment parce que répétée",
        "the request is excessive, in particular because it is repeated",
    ),
    RefusalGround.RIGHTS_OF_OTHERS: _ground(
        "art. 15(4) et 20(4)",
        "y répondre porterait atteinte aux droits d'autres personnes",
        "to grant it would harm the rights of others",
        PrivacyRight.ACCESS,
        PrivacyRight.PORTABILITY,
    ),
    RefusalGround.ACCURATE: _ground(
        "art. 16",
        "les données ne sont ni inexactes ni incomplètes",
        "the data are neither inaccurate nor incomplete",
        PrivacyRight.RECTIFICATION,
    ),
    RefusalGround.STILL_NEEDED: _ground(
        "art. 17(1)",
        "aucun des motifs d'effacement n'est réuni : les données servent encore",
        "no ground of erasure holds: the data are still needed",
        PrivacyRight.ERASURE,
    ),
    RefusalGround.EXPRESSION: _ground(
        "art. 17(3)(a)",
        "liberté d'expression et d'information",
        "freedom of expression and information",
        PrivacyRight.ERASURE,
    ),
    RefusalGround.PUBLIC_TASK: _ground(
        "art. 17(3)(b)",
        "obligation légale, ou mission d'intérêt public",
        "legal obligation, or task in the public interest",
        PrivacyRight.ERASURE,
    ),
    RefusalGround.PUBLIC_HEALTH: _ground(
        "art. 17(3)(c)",
        "intérêt public dans le domaine de la santé publique",
        "public interest in the area of public health",
        PrivacyRight.ERASURE,
    ),
    RefusalGround.ARCHIVES: _ground(
        "art. 17(3)(d)",
        "archives dans l'intérêt public, recherche ou statistique",
        "archiving in the public interest, research or statistics",
        PrivacyRight.ERASURE,
    ),
    RefusalGround.LEGAL_CLAIMS: _ground(
        "art. 17(3)(e) et 21(1)",
        "constatation, exercice ou défense de droits en justice",
        "establishment, exercise or defence of legal claims",
        PrivacyRight.ERASURE,
        PrivacyRight.OBJECTION,
    ),
    RefusalGround.NO_CASE_OF_RESTRICTION: _ground(
        "art. 18(1)",
        "aucun des quatre cas de limitation n'est réuni",
        "none of the four cases of restriction holds",
        PrivacyRight.RESTRICTION,
    ),
    RefusalGround.NOT_PORTABLE: _ground(
        "art. 20(1) et (3)",
        "le traitement ne repose ni sur le consentement ni sur un contrat",
        "the processing rests neither on consent nor on a contract",
        PrivacyRight.PORTABILITY,
    ),
    RefusalGround.COMPELLING_GROUNDS: _ground(
        "art. 21(1)",
        "motifs légitimes et impérieux qui prévalent",
        "compelling legitimate grounds that override",
        PrivacyRight.OBJECTION,
    ),
    RefusalGround.PUBLIC_RESEARCH: _ground(
        "art. 21(6)",
        "recherche ou statistique nécessaire à une mission d'intérêt public",
        "research or statistics necessary for a task in the public interest",
        PrivacyRight.OBJECTION,
    ),
}
"""Each ground of refusal, and the text on which it rests."""

EXEMPTED: Mapping[Exemption, RefusalGround] = {
    Exemption.EXPRESSION: RefusalGround.EXPRESSION,
    Exemption.LAW_OR_PUBLIC_TASK: RefusalGround.PUBLIC_TASK,
    Exemption.PUBLIC_HEALTH: RefusalGround.PUBLIC_HEALTH,
    Exemption.ARCHIVES: RefusalGround.ARCHIVES,
    Exemption.LEGAL_CLAIMS: RefusalGround.LEGAL_CLAIMS,
}
"""On which ground is refused what an erasure keeps, by why it keeps it (RGPD, article 17(3))."""


def ground_of(exemption: Exemption, right: PrivacyRight) -> RefusalGround:
    """The ground to hold against a right, where an erasure keeps something.

    Against an objection, article 17(3) is none where article 21(1) does not say the same.
    """
    ground = EXEMPTED[exemption]
    return ground if right in GROUNDS[ground].against else RefusalGround.COMPELLING_GROUNDS
