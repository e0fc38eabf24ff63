"""Canonical JSON: one text for one value, on the profile in which orjson equals RFC 8785."""

from typing import Any

import orjson

LARGEST = 2**53 - 1


class OutsideProfile(ValueError):
    """A value that two programs could write differently; it is refused before it is stored."""


def canonical(value: Any) -> bytes:
    """Write plain JSON values with sorted members.

    The profile: no floats, integers of at most 2⁵³ − 1 in absolute value, member names in the
    Basic Multilingual Plane, no lone surrogates. On it, sorting by code point (orjson) and by
    UTF-16 unit (RFC 8785, section 3.2.3) are the same.
    """
    _check(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, UnicodeEncodeError) as error:
        raise OutsideProfile(str(error)) from None


def _check(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is dict:
        for name, member in value.items():
            is_plain = type(name) is str and (name.isascii() or max(name) <= "\uffff")
            if not is_plain:
                msg = f"{name!r} is not a member name of the profile"
                raise OutsideProfile(msg)
            _check(member)
    elif kind is list:
        for member in value:
            _check(member)
    elif kind is not int:
        msg = f"{kind.__name__} is outside the profile: {value!r}"
        raise OutsideProfile(msg)
    elif not -LARGEST <= value <= LARGEST:
        msg = f"{value} does not fit a double"
        raise OutsideProfile(msg)
