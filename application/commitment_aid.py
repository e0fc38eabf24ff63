"""What a commitment counts for against the ceiling of de minimis aid of who receives it."""

from datetime import date

from application.command import Work
from application.single_undertaking import aid_counted, aid_told_on, grant_aid, lower_aid
from domain.commitment import COUNTED, UNSIGNED, Commitment
from domain.holding import paid_to_others
from domain.organisation import Organisation


def count_aid(work: Work, case: Commitment, beneficiary: Organisation, cents: int) -> None:
    """Count what is granted against the ceiling of the enterprise, on its day, where one holds."""
    if case.regime in COUNTED:
        grant_aid(
            work,
            commitment=case.id,
            beneficiary=beneficiary,
            authority=case.funder.name,
            regime=case.regime.value,
            amount_cents=cents,
            granted_on=work.day,
        )


def counted(work: Work, case: Commitment, beneficiary: Organisation) -> int:
    """What counts against the ceiling of an enterprise, on the day, of a commitment."""
    return aid_counted(work, commitment=case.id, beneficiary=beneficiary, day=work.day)


def count_less(
    work: Work, case: Commitment, beneficiary: Organisation, cents: int, motive: str
) -> None:
    """Let what was granted count for less."""
    if case.regime in COUNTED:
        lower_aid(
            work,
            commitment=case.id,
            beneficiary=beneficiary,
            to_cents=cents,
            day=work.day,
            motive=motive,
        )


def count_what_was_approved(work: Work, case: Commitment, motive: str) -> None:
    """Let what an award that is withdrawn had granted count for what was approved of it, no more.

    What was approved may have been paid before the withdrawal, and be recorded after it. It is
    lowered once all that is told of that aid has begun, where the withdrawal takes effect earlier.
    """
    if case.regime not in COUNTED:
        return
    holder = case.beneficiary_on(date.max)
    given = case.approved_on(date.max) - paid_to_others(case, holder, date.max)
    if case.state_on(date.max) not in UNSIGNED:  # nothing says that it was given back
        given += case.value_cents
    told = aid_told_on(work, commitment=case.id, beneficiary=holder)
    lower_aid(
        work,
        commitment=case.id,
        beneficiary=holder,
        to_cents=given,
        day=max(work.day, told),
        motive=motive,
    )
