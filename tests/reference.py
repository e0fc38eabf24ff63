"""Writes what `docs/reference` derives from the code: commands, events, one stored state."""

import json
from pathlib import Path

from application.catalogue import COMMANDS
from application.command import Command
from domain.kernel import EVENTS, Event
from infrastructure.event_store.mapper import read_state

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
SAMPLES = Path(__file__).parent / "domain" / "events"
SHOWN = "pole.moved.v1"


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
    lines = ["# Événements", "", "Ce qui est enregistré, sous son nom stable."]
    for topic, event in sorted(EVENTS.items()):
        if not event.__module__.startswith("domain."):
            continue
        own = [name for name in event.model_fields if name not in Event.model_fields]
        words = (event.__doc__ or "").strip().splitlines()[0]
        fields = ", ".join(f"`{event.model_fields[n].alias or n}`" for n in own)
        lines += ["", f"## `{topic}`", "", words, "", f"Champs : {fields or 'aucun'}."]
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


PAGES = {"commands.md": commands, "events.md": events, "stored-state.md": stored_state}


def main() -> None:
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
