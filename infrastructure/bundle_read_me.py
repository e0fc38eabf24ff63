"""What a bundle says of itself to whoever finds it: of which log, until when, how to check it."""

from datetime import datetime
from pathlib import Path
from string import Template
from uuid import UUID

from application.wording import instant_in_words, thousands
from domain.bundle import READ_ME, is_of_log
from domain.dates import PARIS
from infrastructure.bundle_signed import Witnessed
from infrastructure.signatures import signed_by

VERIFIERS = Path(__file__).parent / "verifiers"
"""What a bundle brings along for whoever checks it; no code of the product."""


def read_me(signed: Witnessed, events: int, *, pole: UUID | None, name: str | None) -> bytes:
    """What `LISEZMOI.txt` says; it follows from the log and the checkpoint like everything else."""
    checkpoint = signed.checkpoint
    own = (key for key in signed.keys if is_of_log(key, checkpoint.origin))
    second = max(signed_by(key, signed.note) or 0 for key in own)
    when = "un jour non dit"
    if second:
        signed_at = datetime.fromtimestamp(second, PARIS)
        when = f"{instant_in_words(signed_at)} (heure de Paris)"
    size = thousands(checkpoint.size)
    what = (
        f"le journal entier : {size} événements"
        if pole is None
        else f"d'un seul pôle, {name or 'sans nom'} ({pole}) : {thousands(events)} événements, "
        f"sur les {size} du journal"
    )
    told = {
        "what": what,
        "origin": checkpoint.origin,
        "when": when,
        "size": size,
        "root": checkpoint.root.hex(),
        "host": checkpoint.origin.partition("/")[0],
    }
    return Template((VERIFIERS / READ_ME).read_text("utf-8")).substitute(told).encode()
