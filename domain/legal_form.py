"""Legal forms, and which of them make an enterprise of the social economy by law.

Source:
    loi n° 2014-856 du 31 juillet 2014, article 1er: II 1° (cooperatives, mutuals, foundations,
    associations), II 2° and III (a company whose statutes comply, and whose registration says so).
    How each form of the Insee's list is read is in `domain/reference/legal_forms.csv`.
"""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from domain.errors import Invalid, Refused
from domain.values import Frozen, Line

LegalFormCode = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
"""A category of the Insee: four digits, `9220` for a declared association."""


class ByLaw(StrEnum):
    """What the law says of a form."""

    BY_FORM = "by_form"
    CONDITIONAL = "conditional"
    TO_CHECK = "to_check"
    NO = "no"


def is_of_a_person(code: str | None) -> bool:
    """Whether a category of the Insee is that of a natural person who trades: category 1."""
    return bool(code and code.startswith("1"))


class LegalForm(Frozen):
    """A legal form as the reference data told it when it was recorded."""

    code: str
    label: str
    status: ByLaw
    ground: str

    @property
    def is_person(self) -> bool:
        """Whether it is that of a natural person who trades."""
        return is_of_a_person(self.code)

    @property
    def is_public(self) -> bool:
        """Whether it is of public law: category 7 of the Insee."""
        return self.code.startswith("7")


class EssEvidence(Frozen):
    """What shows that an enterprise is of the social economy: a document on file, or in words."""

    document: UUID | None = None
    words: Line | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if bool(self.document) == bool(self.words):
            msg = "Un justificatif est soit un document versé, soit quelques mots."
            raise ValueError(msg)
        return self

    @property
    def said(self) -> str:
        """In a few words."""
        return self.words or f"document {self.document}"


class EssStatus(StrEnum):
    """On what the quality rests, on a day."""

    BY_FORM = "by_form"
    EVIDENCED = "evidenced"
    TO_CONFIRM = "to_confirm"
    NO = "no"


def ess_status(form: ByLaw | None, *, claimed: bool, evidenced: bool) -> EssStatus:
    """What the register says of an organisation.

    Args:
        claimed: whether it is recorded as an enterprise of the social economy.
        evidenced: whether something on record shows it.
    """
    if form in (ByLaw.NO, ByLaw.BY_FORM):
        return EssStatus(form.value)
    if evidenced:
        return EssStatus.EVIDENCED
    return EssStatus.TO_CONFIRM if claimed else EssStatus.NO


# --- refusals ----------------------------------------------------------------------------------


class UnknownLegalForm(Invalid):
    """The Insee's list has no such code."""

    code = "legal_form.unknown"
    fr = (
        "« {given} » n'est pas une catégorie juridique de l'Insee : il faut quatre chiffres, "
        "par exemple 9220 (association déclarée)."
    )
    en = (
        "“{given}” is not a legal category of the Insee: four digits are needed, "
        "for instance 9220 (declared association)."
    )


class CannotBeEss(Refused):
    """Some forms cannot be, by law."""

    code = "member.cannot_be_ess"
    fr = (
        "« {name} » ne peut pas être une entreprise de l'ESS : sa forme juridique est "
        "« {label} » ({form}), et {ground} (loi n° 2014-856 du 31 juillet 2014, article 1er)."
    )
    en = (
        "“{name}” cannot be an enterprise of the social economy: its legal form is “{label}” "
        "({form}), and “{ground}” (law 2014-856 of 31 July 2014, article 1)."
    )


class IsEssByLaw(Refused):
    """Some forms are, by law, and cannot be recorded as the contrary."""

    code = "member.ess_by_law"
    fr = (
        "« {name} » est une entreprise de l'ESS par sa forme juridique, « {label} » ({form}) : "
        "{ground} (loi n° 2014-856 du 31 juillet 2014, article 1er) ; "
        "elle ne peut pas être enregistrée comme entreprise hors ESS."
    )
    en = (
        "“{name}” is an enterprise of the social economy by its legal form, “{label}” ({form}): "
        "“{ground}” (law 2014-856 of 31 July 2014, article 1); "
        "it cannot be recorded as another enterprise."
    )


class NotAPublicBody(Refused):
    """A local authority is a legal person of public law (product rule: read off its form)."""

    code = "member.not_public"
    fr = (
        "« {name} » ne peut pas être une collectivité territoriale : sa forme juridique, "
        "« {label} » ({form}), n'est pas de droit public."
    )
    en = (
        "“{name}” cannot be a local authority: its legal form, “{label}” ({form}), "
        "is not one of public law."
    )


class EssUnproven(Refused):
    """A company is of the social economy where its statutes and its registration say so."""

    code = "member.ess_unproven"
    fr = (
        "« {name} », « {label} » ({form}), n'est une entreprise de l'ESS que sur justificatif : "
        "{ground} (loi n° 2014-856 du 31 juillet 2014, article 1er, II, 2° et III) ; "
        "donnez ce justificatif, ou enregistrez « {name} » sous une autre nature."
    )
    en = (
        "“{name}”, “{label}” ({form}), is an enterprise of the social economy on evidence only: "
        "“{ground}” (law 2014-856 of 31 July 2014, article 1, II, 2° and III); "
        "give this evidence, or record “{name}” as something else."
    )


class EssUnchecked(Refused):
    """Of some forms the law says nothing that can be read off a list."""

    code = "member.ess_unchecked"
    fr = (
        "La forme juridique de « {name} », « {label} » ({form}), ne suffit pas à dire que c'est "
        "une entreprise de l'ESS : {ground} (loi n° 2014-856 du 31 juillet 2014, article 1er, "
        "II) ; donnez un justificatif, ou le motif de l'enregistrement."
    )
    en = (
        "The legal form of “{name}”, “{label}” ({form}), is not enough to say that it is an "
        "enterprise of the social economy: “{ground}” (law 2014-856 of 31 July 2014, article 1, "
        "II); give evidence, or the reason why it is recorded so."
    )


class EvidenceUnsourced(Refused):
    """Words are evidence when one knows where they come from."""

    code = "member.evidence_unsourced"
    fr = (
        "Un justificatif dit en quelques mots demande sa source : "
        "dites quel document ou quelle adresse l'atteste."
    )
    en = "Evidence told in a few words needs its source: say which document or address attests it."


class EvidenceNotOnFile(Refused):
    """A document is evidence where it can be read."""

    code = "member.evidence_not_on_file"
    fr = (
        "Le document {document} n'est pas de ceux de ce pôle : versez-le d'abord, "
        "ou dites le justificatif en quelques mots, avec sa source."
    )
    en = (
        "The document {document} is not one of this pole: file it first, "
        "or tell the evidence in a few words, with its source."
    )


def admit_ess(name: str, form: LegalForm, *, evidenced: bool, explained: bool) -> None:
    """Refuse to record as an enterprise of the social economy what the law does not make one.

    Args:
        evidenced: whether evidence is given, or on file.
        explained: whether a reason is given; it is enough where the form is to be checked.
    """
    about = {"name": name, "label": form.label, "form": form.code, "ground": form.ground}
    match form.status:
        case ByLaw.NO:
            raise CannotBeEss(**about)
        case ByLaw.CONDITIONAL if not evidenced:
            raise EssUnproven(**about)
        case ByLaw.TO_CHECK if not (evidenced or explained):
            raise EssUnchecked(**about)
        case _:
            return


def admit_other(name: str, form: LegalForm) -> None:
    """Refuse to record as outside the social economy what the law puts in it."""
    if form.status is ByLaw.BY_FORM:
        raise IsEssByLaw(name=name, label=form.label, form=form.code, ground=form.ground)
