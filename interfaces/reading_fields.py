"""What people type, read as a field of a command asks: the same on a command line and in a form."""

import json
from collections.abc import Iterable
from datetime import date
from types import UnionType
from typing import Any, Literal, Protocol, Union, get_args, get_origin
from uuid import UUID

from application.given_in_words import option_in_words
from application.sentences import Malformed
from application.wording import code_of
from domain.appeal import AppealId
from domain.call import CallId
from domain.commitment import CommitmentId
from domain.committee import CommitteeId
from domain.convocation import SessionId
from domain.dates import PartialDate, as_iso
from domain.dossier import DossierId
from domain.evaluation import EvaluationId
from domain.follow_up import FollowUpId
from domain.mandate import Party, Relation
from domain.pole import PoleId
from domain.privacy_request import PrivacyRequestId

OF_A_KIND = (get_args(Party)[-1], get_args(Relation)[-1])
"""What reads the fields that name somebody, or something, after its kind: `pole:atelier`."""

BY_CODE: tuple[tuple[Any, str], ...] = (
    (EvaluationId, "evaluation"),
    (CallId, "call"),
    (DossierId, "dossier"),
    (AppealId, "appeal"),
    (CommitteeId, "committee"),
    (CommitmentId, "commitment"),
    (SessionId, "session"),
    (FollowUpId, "follow_up"),
    (PrivacyRequestId, "privacy_request"),
)
"""The identities for which people give a code, each with the list in which it is found."""


class Finder(Protocol):
    """Who knows what a name, a code or an identity means."""

    def find(self, pole: str) -> UUID: ...

    def find_thing(self, concept: str, name: str) -> UUID: ...


def plain_type(annotation: Any) -> Any:
    """The type of a field, without `| None`."""
    if get_origin(annotation) in (UnionType, Union):
        return next(a for a in get_args(annotation) if a is not type(None))
    return annotation


def list_of(kind: Any) -> str | None:
    """The list in which things of a kind are found by their codes."""
    return next((concept for known, concept in BY_CODE if known is kind), None)


def read_text(names: Finder, kind: Any, rules: Iterable[Any], text: str) -> Any:
    """One value that somebody typed, as its type asks; what is not understood stays as it is.

    Args:
        rules: what else the annotation of the field says.
    """
    if kind is PoleId:
        return names.find(text)
    if any(rule in OF_A_KIND for rule in rules) and text.startswith("pole:"):
        return f"pole:{names.find(text.removeprefix('pole:').strip())}"
    if concept := list_of(kind):
        return names.find_thing(concept, text)
    if get_origin(kind) is Literal:
        return code_of(text, {code: option_in_words(code) for code in get_args(kind)})
    return as_iso(text) if kind in (date, PartialDate) else text


def read_json(called: str, text: str) -> Any:
    """What is written in JSON; refused by the name of the field, where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # also of numbers, and of depths, without end
        raise Malformed(
            fr=f"« {called} » n'est pas du JSON.", en=f"“{called}” is not JSON."
        ) from None
