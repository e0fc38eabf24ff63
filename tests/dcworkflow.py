"""Definitions of Plone for tests: the real ones beside the checkout, and small ones of our own."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

FOLDER = Path(__file__).parent.parent.parent / "shared" / "dcworkflow"


def shared() -> Path:
    """The folder of real definitions; without it, the test is skipped, or fails when asked to."""
    if not FOLDER.is_dir():
        said = "no ../shared/dcworkflow beside this checkout: the real definitions are not there"
        if os.environ.get("JALON_REQUIRE_SHARED") == "1":
            pytest.fail(said)
        pytest.skip(said)
    return FOLDER


def golden() -> list[dict[str, Any]]:
    """What DCWorkflow itself answered of each real definition."""
    found: list[dict[str, Any]] = json.loads((shared() / "golden.json").read_bytes())
    return found


def guard(
    permissions: Sequence[str] = (),
    roles: Sequence[str] = (),
    groups: Sequence[str] = (),
    expression: str = "",
) -> str:
    """A guard, as a definition writes it."""
    parts = [
        *(element("guard-permission", name) for name in permissions),
        *(element("guard-role", name) for name in roles),
        *(element("guard-group", name) for name in groups),
        *([element("guard-expression", expression)] if expression else []),
    ]
    return f"<guard>{''.join(parts)}</guard>"


def element(name: str, text: str = "", /, inner: str = "", **attributes: str) -> str:
    """One element: its text is escaped, what is inside it is not."""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(text)}{inner}</{name}>"


def state(
    name: str,
    *exits: str,
    rights: Mapping[str, Sequence[str]] | None = None,
    acquired: Mapping[str, Sequence[str]] | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    inner: str = "",
) -> str:
    """A state with its ways out, and who holds what in it."""
    parts = [element("exit-transition", transition_id=way) for way in exits]
    for maps, flag in ((rights, "False"), (acquired, "True")):
        for permission, roles in (maps or {}).items():
            held = "".join(element("permission-role", role) for role in roles)
            parts.append(element("permission-map", inner=held, name=permission, acquired=flag))
    for group, roles in (groups or {}).items():
        held = "".join(element("group-role", role) for role in roles)
        parts.append(element("group-map", inner=held, name=group))
    return element("state", inner="".join(parts) + inner, state_id=name, title=name)


def transition(name: str, to: str, inner: str = guard(), **attributes: str) -> str:
    """A transition; by hand, unless said."""
    given = {"trigger": "USER", "before_script": "", "after_script": "", **attributes}
    return element("transition", inner=inner, transition_id=name, title=name, new_state=to, **given)


def definition(
    *parts: str,
    permissions: Sequence[str] = (),
    groups: Sequence[str] = (),
    **attributes: str,
) -> bytes:
    """A whole definition."""
    given = {
        "workflow_id": "Fiche-Projet",
        "title": "Fiche",
        "state_variable": "etat",
        "initial_state": "brouillon",
        "manager_bypass": "False",
        **attributes,
    }
    declared = [element("permission", name) for name in permissions]
    declared += [element("group", name) for name in groups]
    inner = "".join([*declared, *parts])
    return element("dc-workflow", inner=inner, **given).encode()
