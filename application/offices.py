"""Who does what several commands have in common: the roles that give them (product rules)."""

from domain.roles import Role

FOLLOWERS = (Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.NETWORK)
"""Who follows poles: the coordinations and the founding networks."""

RECORDERS = (*FOLLOWERS, Role.REGISTRAR)
"""Who puts on record what is done for poles, and what becomes of it."""

TELLERS = (Role.POLE_REPRESENTATIVE, *RECORDERS)
"""Who tells what a pole is and does: itself first."""

PART_TAKERS = (
    *(Role.POLE_REPRESENTATIVE, Role.MEMBER_ORGANISATION, *RECORDERS),
    *(Role.SECRETARY, Role.INSTRUCTOR, Role.COMMITTEE_MEMBER, Role.FUNDER, Role.EVALUATOR),
)
"""Who may have a part in a step or in a vote, where a journey gives it to them.

No journey can give one to the public, to those who examine, moderate or administer the register,
nor to who pays what others decided.
"""

MIGRATORS = (Role.COORDINATOR, Role.REGISTRAR)
"""Who lets a case follow another version of its journey: it changes what is asked of it."""

PUBLISHERS = (Role.REGISTRAR, Role.ADMINISTRATOR)
"""Who lays down what everybody goes by and nobody is judged in: texts, grids, journeys, codes."""

IN_OFFICE = tuple(role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM))
"""Every role that people are granted."""
