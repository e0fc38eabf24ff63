"""Where a dossier stands: the states of its journeys that the product knows by name.

Those of calls of the decree and of permanent calls alike; what leads from one to another, and who
may act there, is in the journeys.
"""

DRAFT = "draft"
"""Begun, and not handed in yet: nobody reviews it."""
SUBMITTED = "submitted"
INELIGIBLE = "ineligible"
"""One of the six conditions of article 3 was found not to be met."""
REGIONAL_REVIEW = "regional_review"
NATIONAL_REVIEW = "national_review"
OPINIONS = "opinions"
"""While the advisers are asked (article 4)."""
DELIBERATION = "deliberation"
"""Before the committee, and until the announcement: whatever a session decided of it."""
SELECTED = "selected"
NOT_SELECTED = "not_selected"
CLOSED = "closed_without_action"
"""Classé sans suite, for a motive: the committee decides nothing of it."""

ELIGIBLE = (REGIONAL_REVIEW, NATIONAL_REVIEW, OPINIONS, DELIBERATION)
"""The states in which a dossier was found eligible, and nothing is announced of it."""

REFUSED = (INELIGIBLE, NOT_SELECTED, CLOSED)
"""The states from which it may be reopened."""

OVER = frozenset({INELIGIBLE, SELECTED, NOT_SELECTED, CLOSED, "withdrawn", "expired"})
"""The states in which nothing more is decided of it, unless it is reopened."""
