"""Who grants and who receives, as commands are given them: by a name and a number, or a reason."""

from pydantic import ValidationError

from application.sentences import of_validation
from domain.errors import Invalid
from domain.organisation import Organisation


class MalformedOrganisation(Invalid):
    """An organisation is named with a number, or with the reason why it has none."""

    code = "organisation.number"
    fr = "{reason}"
    en = "{reason}"


def organisation(
    name: str, *, siret: str | None = None, rna: str | None = None, reason: str | None = None
) -> Organisation:
    """An organisation by what was given of it; refused without a number or a reason, or with both.

    Args:
        reason: why it has no number.
    """
    try:
        return Organisation(name=name, siret=siret, rna=rna, reason_without=reason)
    except ValidationError as error:
        raise MalformedOrganisation(reason=of_validation(error).say("fr")) from None
