"""Usage errors in the words of the rest of the command line: Typer says them in English only."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from enum import Enum
from functools import cache
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

SENTENCES: Mapping[str, str] = {
    r"No such option: (?P<name>\S+?)\.? (?:Did you mean|\(Possible options:) (?P<near>.*?)[)?]+": (
        "L'option {name} n'existe pas ; peut-être {near} ?"
    ),
    r"No such command '(?P<name>.*?)'\. Did you mean (?P<near>.*)\?": (
        "La commande « {name} » n'existe pas ; peut-être {near} ?"
    ),
    r"No such option: (?P<name>\S+).*": "L'option {name} n'existe pas.",
    r"No such command '(?P<name>.*?)'\..*": "La commande « {name} » n'existe pas.",
    r"Missing option '?(?P<name>[^' ]+).*": "Il manque l'option {name}.",
    r"Missing argument '?(?P<name>[^' ]+?)'?\..*": "Il manque {name}{about}.",
    r"Missing command\.": "Il manque une commande.",
    r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.*)\)": "« {name} » est de trop.",
    r"Option '?(?P<name>[^' ]+)'? requires an argument\.": "L'option {name} demande une valeur.",
    r"Option '?(?P<name>[^' ]+)'? does not take a value\.": (
        "L'option {name} ne prend pas de valeur."
    ),
    r"Invalid value for '?(?P<name>[^' ]+).*?: (?:Value error, )?'?(?P<value>.*?)'? is not one of "
    r"(?P<among>.*)\.": ("{name} : « {value} » n'est pas un choix possible ({among})."),
    r"Invalid value for .*?: (?:path|file|dir) (?P<path>.*) does not exist\.": (
        "{path} : il n'existe pas."
    ),
    r"Invalid value for .*?: (?:path|file) (?P<path>.*) is a directory\.": (
        "{path} : c'est un répertoire."
    ),
    r"Invalid value for .*?: (?:path|dir) (?P<path>.*) is a file\.": (
        "{path} : ce n'est pas un répertoire."
    ),
    r"Invalid value for .*?: path (?P<path>.*) is not readable\.": "{path} : l'accès est refusé.",
    r"Invalid value for '?(?P<name>[^' ]+).*?: .* less than or equal to (?P<limit>\d+)": (
        "{name} : {limit} au plus."
    ),
    r"Invalid value for '?(?P<name>[^' ]+).*?: .* greater than or equal to (?P<limit>\d+)": (
        "{name} : {limit} au moins."
    ),
    r"Invalid value for '?(?P<name>[^' ]+).*?: .* valid integer.*": (
        "{name} : un nombre entier est attendu."
    ),
    r"Invalid value for '?(?P<name>[^' ]+).*?: .* valid UUID.*": (
        "{name} : un identifiant est attendu."
    ),
    r"Invalid value for '?(?P<name>[^' ]+).*?: (?P<why>.*)": "{name} : valeur refusée ({why})",
}


def usage_in_words(error: TyperException) -> str:
    """The sentence of a usage error; its own words where it is not one of those known."""
    said = _near_ones_only(" ".join(error.format_message().split()))
    for pattern, sentence in SENTENCES.items():
        found = re.fullmatch(pattern, said)
        if found:
            facts = {name: value.replace("'", "") for name, value in found.groupdict().items()}
            if "among" in facts:
                facts["among"] = _choices_in_words(error) or facts["among"]
            return sentence.format(about=_about(error), **facts)
    return said


NEAR = 0.7
"""From which likeness on a word is offered in the place of another."""


def _near_ones_only(said: str) -> str:
    """Without the words that Typer offers in the place of one that they hardly resemble."""
    found = re.fullmatch(
        r"(?P<what>No such (?:option: (?P<option>\S+?)\.?|command '(?P<command>.*?)'\.)) "
        r"(?:Did you mean|\(Possible options:) (?P<near>.*?)[)?]+",
        said,
    )
    if not found:
        return said
    given = (found["option"] or found["command"]).lstrip("-")
    offered = [word.strip(" '") for word in re.split(r", | or ", found["near"])]
    near = [w for w in offered if SequenceMatcher(None, given, w.lstrip("-")).ratio() >= NEAR]
    return f"{found['what']} Did you mean {', '.join(near)}?" if near else found["what"]


def _about(error: TyperException) -> str:
    """What the parameter that an error is about is, as its help says."""
    said = getattr(getattr(error, "param", None), "help", None)
    if not isinstance(said, str) or not said.strip():
        return ""
    words = said.strip().rstrip(".")
    is_initials = words[:2].isalpha() and words[:2].isupper()
    return f" : {words if is_initials else words[:1].lower() + words[1:]}"


@cache
def speak_french() -> None:
    """Give the panels of the help their French titles, once in the life of a program."""
    for command in (TyperCommand, TyperGroup):
        _say_help_in_french(command)
    for parameter in (TyperArgument, TyperOption):
        _say_types_in_french(parameter)


TYPES: Mapping[str, str] = {
    "<str>": "TEXTE",
    "<list[str]>": "TEXTE",
    "<bool>": "",
    "<int>": "NOMBRE",
    "<int range>": "NOMBRE",
    "<path>": "CHEMIN",
    "<list[Path]>": "CHEMIN",
    "<file>": "FICHIER",
    "<directory>": "RÉPERTOIRE",
    "<UUID>": "IDENTIFIANT",
}


def _say_help_in_french(command: type[TyperCommand] | type[TyperGroup]) -> None:
    ask, use, write = command.get_help_option, command.get_usage, command.format_help

    def in_french(self: Any, context: Any) -> Any:
        option = ask(self, context)
        if option is not None:
            option.help = "Montrer cette aide."
        return option

    def used(self: Any, context: Any) -> str:
        return usage_line(use(self, context))

    def under_french_titles(self: Any, context: Any, formatter: Any) -> None:
        _title_panels_in_french()
        for parameter in self.params:
            _say_choices_in_french(parameter)
        write(self, context, formatter)

    # Typer gives no other way to its words; mypy forbids it of any method.
    command.get_help_option = in_french  # type: ignore[assignment, method-assign]
    command.get_usage = used  # type: ignore[assignment, method-assign]
    command.format_help = under_french_titles  # type: ignore[assignment, method-assign]


def usage_line(said: str) -> str:
    """`Usage: jalon charter show [OPTIONS] {CHARTE}`, without English words nor braces."""
    said = said.replace("Usage: ", "Usage : ", 1)
    said = said.replace("COMMAND [ARGS]...", "COMMANDE [ARGUMENTS]…")
    said = re.sub(r"\{([^{}]*)\}", r"\1", said).replace("[[", "[").replace("]]", "]")
    return re.sub(r"…?\.{3}", "…", said)


def _codes_in_words(parameter: Any) -> str:
    """The codes of a choice, each with what it means; nothing where that is not known."""
    from application.wording import WORDS  # for help and errors alone

    choices = getattr(getattr(parameter, "type_descriptor", None), "choices", None) or ()
    words = WORDS.get(type(choices[0])) if choices else None
    if not words:
        return ""
    return ", ".join(
        code if words[code] == code else f"{code} ({words[code]})" for code in map(str, choices)
    )


def _as_codes(parameter: Any, value: Any) -> Any:
    """A choice given by what it means, as the help says it in brackets, by its code."""
    choices = getattr(getattr(parameter, "type_descriptor", None), "choices", None) or ()
    if not choices or isinstance(value, Enum) or value in (None, *map(str, choices)):
        return value
    if isinstance(value, list | tuple):
        return type(value)(_as_codes(parameter, one) for one in value)
    from application.wording import WORDS, code_of  # for what is no code alone

    words = WORDS.get(type(choices[0]), {})
    meant = {str(choice): words[choice] for choice in choices if choice in words}
    return code_of(value, meant) if isinstance(value, str) else value


def _choices_in_words(error: TyperException) -> str:
    return _codes_in_words(getattr(error, "param", None))


def _say_choices_in_french(parameter: Any) -> None:
    """Tell what each code of a choice means, beside it, instead of the codes alone."""
    told = _codes_in_words(parameter)
    if not told or parameter.metavar is not None:
        return
    parameter.metavar = "CODE"
    said = (parameter.help or "").rstrip(".")
    parameter.help = f"{said}{' ; au choix' if ':' in said else ''} : {told}."


def _title_panels_in_french() -> None:
    from typer import rich_utils  # a tenth of a second, for help alone

    rich_utils.OPTIONS_PANEL_TITLE = "Options"
    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    rich_utils.DEFAULT_STRING = "[sinon : {}]"


def _say_types_in_french(parameter: type[TyperArgument] | type[TyperOption]) -> None:
    ask, limit = parameter.display_type, parameter._get_number_range_help_str
    read = parameter.process_value

    def in_french(self: Any, context: Any) -> str:
        said = ask(self, context)
        return TYPES.get(said, said.removeprefix("<").removesuffix(">"))

    def in_words(self: Any) -> str | None:
        return range_in_words(limit(self) or "") or None

    def by_its_meaning(self: Any, context: Any, value: Any) -> Any:
        return read(self, context, _as_codes(self, value))

    parameter.process_value = by_its_meaning  # type: ignore[assignment, method-assign]
    parameter.display_type = in_french  # type: ignore[assignment, method-assign]
    parameter._get_number_range_help_str = in_words  # type: ignore[method-assign]


def range_in_words(said: str) -> str:
    """`1<=x<=1000` as `de 1 à 1000`."""
    said = re.sub(r"^(\d+)<=x<=(\d+)$", r"de \1 à \2", said)
    said = re.sub(r"^x>=(\d+)$", r"\1 au moins", said)
    return re.sub(r"^x<=(\d+)$", r"\1 au plus", said)
