"""Writes what `docs/reference` derives from the code: commands, events, one stored state, and the
register of processing; and the words for kinds of events that the verifiers of bundles hold."""

import json
import re
from pathlib import Path

from application.catalogue import COMMANDS
from application.command import Command
from application.fact import undone_by, verbs
from application.kind_of_event import kinds_as_text
from application.processing import processing_register
from domain.kernel import EVENTS, Event
from infrastructure.bundle import VERIFIERS
from infrastructure.event_store.mapper import read_state

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
SAMPLES = Path(__file__).parent / "domain" / "events"
SHOWN = "pole.moved.v1"
WITH_KINDS = ("verify.py", "verifier.html")


def commands() -> str:
    """Every command with its fields."""
    lines = [
        "# Commandes",
        "",
        "Chacune est une classe d'`application/` ; sa route d'API et son verbe en viennent.",
        "Toutes prennent aussi : " + ", ".join(f"`{n}`" for n in Command.model_fields) + ".",
    ]
    for name, command in sorted(COMMANDS.items()):
        lines += ["", f"## `{name}`", "", command.SAYS, ""]
        for field, info in command.model_fields.items():
            required = " (obligatoire)" if info.is_required() else ""
            inherited = Command.model_fields.get(field)
            if inherited is None or inherited.is_required() != info.is_required():
                lines.append(f"- `{field}`{required} : {info.description}")
    return "\n".join(lines) + "\n"


def events() -> str:
    """Every event with its own fields."""
    lines = [
        "# Événements",
        "",
        "Ce qui est enregistré, sous son nom stable. Un fait se dit de nouveau par la commande qui",
        "l'énonce avec `--corrects`, ou se retire avec `jalon fact retract`. Un acte se défait par",
        "un autre acte, ou demeure : il est dit pourquoi.",
    ]
    for topic, event in sorted(EVENTS.items()):
        if not event.__module__.startswith("domain."):
            continue
        own = [name for name in event.model_fields if name not in Event.model_fields]
        words = (event.__doc__ or "").strip().splitlines()[0]
        fields = ", ".join(f"`{event.model_fields[n].alias or n}`" for n in own)
        lines += ["", f"## `{topic}`", "", words, "", f"Champs : {fields or 'aucun'}."]
        if event.STATED_BY:
            lines += ["", f"Fait : se corrige par {verbs(event.STATED_BY)}, ou se retire."]
        else:
            lines += ["", f"Acte : {undone_by(event).fr}."]
    return "\n".join(lines) + "\n"


def stored_state() -> str:
    """One complete stored state, as an auditor finds it."""
    state = (SAMPLES / f"{SHOWN}.json").read_bytes()
    event = read_state(SHOWN, state)
    pretty = json.dumps(json.loads(state), ensure_ascii=False, indent=2)
    return "\n".join(
        [
            "# Un état enregistré, en entier",
            "",
            f"Topic `{event.TOPIC}`. Le journal garde ces membres en JSON canonique (RFC 8785,",
            "sur le profil sans nombres à virgule), sur une seule ligne ; les voici aérés. Le",
            "topic, l'histoire dont il est, la version et l'heure d'enregistrement sont à côté,",
            "dans la ligne du journal.",
            "",
            "```json",
            pretty,
            "```",
            "",
        ]
    )


def processing() -> str:
    """The register of processing, as the events of this version say it."""
    register = processing_register()
    lines = [
        "# Le registre des traitements",
        "",
        "Écrit d'après les données que les événements disent personnelles (RGPD, art. 30). Les",
        "réglages `JALON_CONTROLLER` et `JALON_DPO` disent le responsable et le délégué.",
    ]
    for of in register.processings:
        lines += ["", f"## {of.aim[0].upper()}{of.aim[1:]}", ""]
        lines += ["| données | personnes | base | conservation |", "|---|---|---|---|"]
        for data in of.data:
            kept = f"{data.retention_words} ({data.retention_source})"
            lines.append(f"| {data.holds} | {data.persons} | {data.basis_words} | {kept} |")
        lines += ["", f"Lu par : {', '.join(of.recipients)}."]
    lines += [
        "",
        "## Transferts et sécurité",
        "",
        f"Transferts hors de l'Union : {register.transfers}.",
    ]
    lines += ["", *(f"- {measure} ;" for measure in register.measures)]
    return "\n".join(lines) + "\n"


PAGES = {
    "commands.md": commands,
    "events.md": events,
    "stored-state.md": stored_state,
    "processing.md": processing,
}


def with_kinds(verifier: str) -> str:
    """A verifier of bundles, with the words of this version for kinds of events."""
    written, count = re.subn(
        r"(?<=KINDS = )(\"\"\"\\|`)\n.*?(\"\"\"|`)(?=;?\n)",
        lambda found: f"{found[1]}\n{kinds_as_text()}{found[2]}",
        verifier,
        flags=re.DOTALL,
    )
    assert count == 1
    return written


def main() -> None:
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")
    for name in WITH_KINDS:
        file = VERIFIERS / name
        file.write_text(with_kinds(file.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
