"""`jalon`: the registry on the command line."""

import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException
from typer.main import get_command

from application.sentences import of_system_at
from domain.distinct import AnotherPerson
from domain.errors import JalonError
from domain.mandate import GivenToOneself, NotTheHolder
from interfaces.cli import (
    access,
    appeal,
    assessment,
    audit,
    audit_ask,
    audit_sample,
    backtest,
    blame,
    bulk,
    call,
    campaign,
    case,
    changed,
    charter,
    claim,
    commands,
    commitment,
    committee,
    contribution,
    dcworkflow,
    deadline,
    document,
    dossier,
    drawing,
    erasure,
    evaluation,
    exchange,
    follow_up,
    following,
    funding_plan,
    grid,
    importing,
    inbox,
    job,
    journey,
    keys,
    ledger,
    listing,
    mandate,
    member,
    migration,
    payment,
    place,
    pole,
    privacy,
    privacy_request,
    processing,
    profile,
    provenance,
    scdl,
    serving,
    session,
    setup,
    single_undertaking,
    store,
    succession,
    vote,
    workflow,
)
from interfaces.cli.contents import Contents, arrange
from interfaces.cli.output import EXIT_CODES, asked_at, exit_code, tell
from interfaces.cli.usage import speak_french, usage_in_words
from interfaces.cli.world import World
from interfaces.store import STORE_ERRORS, StateUnreadable, explain
from interfaces.wiring import Settings

app = typer.Typer(
    name="jalon",
    cls=Contents,
    help="Le registre des pôles territoriaux de coopération économique.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def common(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Répertoire du registre (JALON_HOME ; ./.jalon sinon).", show_default=False
        ),
    ] = None,
) -> None:
    """Le registre des pôles territoriaux de coopération économique."""
    asked_at(home)
    settings = Settings()
    context.obj = World(settings.model_copy(update={"home": home}) if home else settings)
    context.call_on_close(context.obj.close)


for module in (
    *(store, setup, serving, job, importing, journey, migration, workflow, backtest, drawing),
    *(audit, audit_ask, audit_sample, provenance),
    *(
        dcworkflow,
        pole,
        profile,
        succession,
        place,
        claim,
        inbox,
        mandate,
        deadline,
        evaluation,
        assessment,
        grid,
        listing,
    ),
    *(vote, case, changed, blame, charter, following, exchange, campaign, contribution),
    *(access, document, privacy, erasure, keys, privacy_request, processing, member),
    *(call, committee, session),
    *(ledger, payment, scdl),
    *(dossier, appeal, commitment, follow_up, funding_plan, single_undertaking),
):
    module.add_to(app)
commands.add_to(app)
bulk.add_to(app)
arrange(app)


FOR_ANOTHER_ACCOUNT = (NotTheHolder, GivenToOneself, AnotherPerson)
"""What is refused to the operator, who is one account whatever the role (docs/adr/0046)."""


@cache
def program() -> Any:
    """Every verb as it is parsed: made once, however often a process runs one."""
    return get_command(app)


def main() -> None:
    """Run a verb; whatever happens, a person reads one sentence and a script a code."""
    speak_french()
    asked_at(None)  # until the line is read
    try:
        sys.exit(program()(standalone_mode=False))
    except JalonError as error:
        tell(error.say(Settings().language), err=True)
        if isinstance(error, FOR_ANOTHER_ACCOUNT) and Settings().language != "en":
            tell(f"{mandate.ONE_ACCOUNT} « jalon whoami » dit lequel.", err=True)
        sys.exit(exit_code(error))
    except ValidationError:  # not of what was given: the verbs say that themselves
        unreadable = StateUnreadable()
        typer.echo(unreadable.say(Settings().language), err=True)
        sys.exit(exit_code(unreadable))
    except TyperException as error:
        typer.echo(usage_in_words(error), err=True)
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe went away
        sys.stdout = None  # nothing is left to flush to
        sys.exit(1)
    except STORE_ERRORS as error:
        tell(explain(error).say(Settings().language), err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(of_system_at(error), err=True)
        sys.exit(1)
