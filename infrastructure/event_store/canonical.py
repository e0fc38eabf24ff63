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
    found = [value]
    for one in found:  # which grows by what each holds
        kind = type(one)
        if kind is str or kind is bool or one is None:
            continue
        if kind is dict:
            for name in one:
                is_plain = type(name) is str and (name.isascii() or max(name) <= "\uffff")
                if not is_plain:
                    msg = f"{name!r} is not a member name of the profile"
                    raise OutsideProfile(msg)
            found += one.values()
        elif kind is list:
            found += one
        elif kind is not int:
            msg = f"{kind.__name__} is outside the profile: {one!r}"
            raise OutsideProfile(msg)
        elif not -LARGEST <= one <= LARGEST:
            msg = f"{one} does not fit a double"
            raise OutsideProfile(msg)
