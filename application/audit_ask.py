"""The questions of auditors, by the names under which they are asked.

Source: the six questions that a register of public support must be able to answer: who decided and
upon what, what evidence there was, whether interests were kept apart, whether suspensions held,
where figures come from, whether what is published is what was recorded.
"""

from collections.abc import Mapping

from application.audit_answer import AuditQuestion, UnknownQuestion
from application.audit_decided import COLUMNS as DECIDED
from application.audit_decided import who_decided
from application.audit_evidence import COLUMNS as EVIDENCE
from application.audit_evidence import evidence_there
from application.audit_figures import COLUMNS as FIGURES
from application.audit_figures import changed_source
from application.audit_interest import COLUMNS as INTEREST
from application.audit_interest import judged_with_interest
from application.audit_open_data import COLUMNS as OPEN_DATA
from application.audit_open_data import file_equals_log
from application.audit_suspended import COLUMNS as SUSPENDED
from application.audit_suspended import paid_while_suspended

OF_DOSSIERS = ("pole", "call", "dossier", "region")
OF_COMMITMENTS = (*OF_DOSSIERS, "commitment", "funder")

QUESTIONS: Mapping[str, AuditQuestion] = {
    question.name: question
    for question in (
        AuditQuestion(
            "qui-a-decide",
            "Qui a décidé, sous quel mandat, avec quels avis ?",
            DECIDED,
            OF_COMMITMENTS,
            who_decided,
            of_review=True,
        ),
        AuditQuestion(
            "pieces-d-eligibilite",
            "Quelles pièces d'éligibilité existaient ce jour-là ?",
            EVIDENCE,
            OF_DOSSIERS,
            evidence_there,
            of_review=True,
        ),
        AuditQuestion(
            "interets",
            "Un membre d'un comité a-t-il jugé un dossier où il avait un intérêt ?",
            INTEREST,
            OF_DOSSIERS,
            judged_with_interest,
            of_review=True,
        ),
        AuditQuestion(
            "paye-suspendu",
            "Une tranche a-t-elle été payée pendant une suspension ?",
            SUSPENDED,
            OF_COMMITMENTS,
            paid_while_suspended,
        ),
        AuditQuestion(
            "chiffres",
            "Quels chiffres ont changé de source ?",
            FIGURES,
            ("pole", "call", "region"),
            changed_source,
        ),
        AuditQuestion(
            "donnees-ouvertes",
            "Le fichier de données ouvertes publié est-il égal au journal ?",
            OPEN_DATA,
            ("pole", "call", "funder"),
            file_equals_log,
            wants_file=True,
        ),
    )
}
"""Every question, in the order in which they are asked."""


def question_named(name: str) -> AuditQuestion:
    """The question of a name; any other name is refused, with those there are."""
    try:
        return QUESTIONS[name]
    except KeyError:
        raise UnknownQuestion(name=name[:60], known=", ".join(QUESTIONS)) from None
