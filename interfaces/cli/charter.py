"""`jalon charter …`, `jalon undertaking show`: texts, what sets them apart, receipts."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from application.charter import PublishCharter, title_of
from application.charter_difference import ArticleChange, Fate, PartChange, PassageChange
from application.charter_sheet import capacities_in_words, ending_in_words, signer_in_words
from application.charter_text import LARGEST_TEXT, decoded, read_charter
from application.listing import value_as_read
from application.sentences import of_system, of_validation
from application.wording import WORDS, capital, date_in_words, identified_version
from domain.charter_text import CharterKind, CharterText
from domain.dates import as_iso
from domain.errors import Invalid
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world

Name = Annotated[
    str,
    typer.Argument(
        metavar="CHARTE", help="Version (2014-09-19), pôle et version (pole@2019), ou identifiant."
    ),
]


class NoCharterFile(Invalid):
    """The file cannot be read."""

    code = "charter.no_file"
    fr = "Le fichier {file} ne peut pas être lu : {reason}."
    en = "The file {file} cannot be read ({reason})."


def add_to(app: typer.Typer) -> None:
    """Add the questions about charters beside their commands."""
    group = group_of(app, "charter")
    for verb in (publish, show, diff, receipt):
        group.command()(verb)
    group_of(app, "undertaking").command("show")(undertaking)


# --- publish ------------------------------------------------------------------------------------


def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER.txt", help="Texte en UTF-8.")],
    kind: Annotated[CharterKind, typer.Option(help="Nationale, ou locale.")],
    version: Annotated[str, typer.Option(help="Sa version : 2014-09-19, 2021-06…")],
    title: Annotated[
        str | None, typer.Option(help="Le titre ; celui que le texte se donne, sinon.")
    ] = None,
    pole: Annotated[str | None, typer.Option(help="Le pôle, pour une charte locale.")] = None,
    language: Annotated[str, typer.Option(help="Langue du texte.")] = "fr",
    occurred_on: Annotated[
        str | None, typer.Option(help="Depuis quand elle vaut ; la date de sa version, sinon.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="D'où vient le texte.")] = None,
    as_role: Annotated[
        Role, typer.Option("--as", help="Le rôle dans lequel on agit.")
    ] = Role.REGISTRAR,
    under_mandate: Annotated[
        str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on agit.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dire, sans rien écrire.")] = False,
    as_json: Json = False,
) -> None:
    """Publier le texte d'une charte, après avoir montré ce qui y est lu."""
    text = decoded(_read(file))
    found = read_charter(text)
    here = world(context)
    fields = {
        "text": text,
        "charter_kind": kind,
        "version": as_iso(version),
        "title": title,
        "pole": here.product.find(pole) if pole else None,
        "language": language,
        "occurred_on": occurred_on and as_iso(occurred_on),
        "source": source,
    }
    try:
        command = PublishCharter.model_validate(fields)
    except ValidationError as error:
        raise of_validation(error) from None
    done = here.product.do(command, here.by(as_role, under_mandate), dry_run=dry_run)
    if as_json:
        topics = [event.TOPIC for event in done.events]
        show_json({"id": str(done.answer), "events": topics, "text": found})
        return
    _tell_text(found, title or title_of(found.opening))
    if not done.events:
        typer.echo(f"Ce texte est déjà publié sous cette version : {done.answer}")
    elif dry_run:
        typer.echo("À blanc : rien n'a été écrit.")
    else:
        typer.echo(f"Publiée : {done.answer}. La publier n'est pas la signer.")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_TEXT + 1)  # whatever follows is not read
    except OSError as error:
        raise NoCharterFile(file=file, reason=of_system(error)) from None


def _tell_text(text: CharterText, title: str | None) -> None:
    """What was found in a text, for a person to check."""
    typer.echo(f"Titre : {title or 'aucun dans le texte'}")
    typer.echo(f"{plural(len(text.articles), 'article')} :")
    for article in text.articles:
        items = sum(paragraph.item for paragraph in article.paragraphs)
        listed = f", dont {plural(items, 'point')} de liste" if items else ""
        typer.echo(f"  {article.title} ({plural(len(article.paragraphs), 'paragraphe')}{listed})")
    typer.echo(f"{plural(len(text.undertakings), 'engagement')} :")
    for number, undertaking in enumerate(text.undertakings, 1):
        typer.echo(f"  {number}. {undertaking.words}")
    typer.echo(f"Ce que le texte dit de la signature : {text.notice or 'rien'}")
    if text.form:
        typer.echo(f"Formulaire de signature : {plural(len(text.form), 'ligne')}, hors du texte.")


# --- questions ----------------------------------------------------------------------------------


def show(
    context: typer.Context,
    charter: Name,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer le texte d'une charte, ses engagements, et combien s'y tiennent."""
    product = world(context).product
    sheet = product.charter(charter, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"{sheet.title}, {identified_version(str(sheet.version))}")
    local = sheet.charter_kind is CharterKind.LOCAL
    nature = f"charte locale de « {sheet.pole_name} »" if local else "charte nationale"
    typer.echo(f"  nature       {nature}")
    tell(f"  signatures   {sheet.signatures} en vigueur (jalon charter-signature list)")
    if sheet.before:
        typer.echo(f"  avant elle   {identified_version(str(sheet.before.version))}")
    if sheet.after:
        typer.echo(f"  après elle   {identified_version(str(sheet.after.version))}")
    typer.echo(f"  identifiant  {sheet.id}")
    typer.echo(f"  empreinte    {sheet.sha256} (SHA-256, {plural(sheet.size, 'octet')})")
    for article in sheet.text.articles:
        typer.echo(f"\n{article.title}")
        for paragraph in article.paragraphs:
            typer.echo(f"  {'- ' * paragraph.item}{paragraph.words}")
    if sheet.text.notice:
        typer.echo(f"\nNote du texte : « {sheet.text.notice} »")
    typer.echo("\nCe que signer ne veut pas dire :")
    for sentence in sheet.meaning:
        typer.echo(f"  - {sentence}")


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="AVANT", help="La charte d'avant.")],
    new: Annotated[str, typer.Argument(metavar="APRES", help="La charte d'après.")],
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Dire ce qu'une version change d'une autre : articles, engagements, mots."""
    product = world(context).product
    found = product.charter_comparison(old, new, product.moment(known, in_force))
    if as_json:
        show_json(found)
        return
    old_version, new_version = (str(side.version) for side in (found.old, found.new))
    typer.echo(f"De la {identified_version(old_version)}")
    typer.echo(f"à la {identified_version(new_version)} :")
    for article in found.difference.articles:
        typer.echo(f"  article {CHANGES[article.change]} : {_heading(article)}")
        for passage in article.passages:
            typer.echo(f"    {_passage(passage)}")
    for passage in found.difference.undertakings:
        typer.echo(f"  engagement {CHANGES[passage.change]} : {_passage(passage)}")
    for passage in found.difference.notice:
        typer.echo(f"  note sur la signature {FEMININE[passage.change]} : {_passage(passage)}")
    if found.difference.is_empty:
        typer.echo("  rien ne change.")


CHANGES = {
    PartChange.ADDED: "ajouté",
    PartChange.REMOVED: "supprimé",
    PartChange.CHANGED: "modifié",
}
FEMININE = {change: f"{words}e" for change, words in CHANGES.items()}
SIGNS = {Fate.SAME: "{}", Fate.ADDED: "[+ {} +]", Fate.REMOVED: "[- {} -]"}


def _heading(article: ArticleChange) -> str:
    if article.before and article.after and article.before != article.after:
        return f"{article.after} (auparavant : {article.before})"
    return article.after or article.before or ""


def _passage(passage: PassageChange) -> str:
    """A passage on a line; what was added or removed stands between signs."""
    return "".join(SIGNS[piece.fate].format(piece.words) for piece in passage.pieces)


NOT_PUBLISHED = "aucune : le texte de cette version n'est pas publié au registre"


def receipt(
    context: typer.Context,
    signature: Annotated[
        UUID, typer.Argument(metavar="SIGNATURE", help="Identifiant de la signature.")
    ],
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Donner le reçu d'une signature : ce qui fut signé, et ce que cela ne veut pas dire."""
    product = world(context).product
    found = product.receipt(signature, product.moment(known, in_force))
    if as_json:
        show_json(found)
        return
    text = found.title or WORDS[CharterKind][found.charter_kind]
    typer.echo("Reçu de signature d'une charte")
    typer.echo(f"  texte        {text}, {identified_version(str(found.charter))}")
    typer.echo(f"  empreinte    {found.text_hash or NOT_PUBLISHED}")
    typer.echo(f"  signataire   {signer_in_words(found)}")
    if found.variant:
        typer.echo(f"  forme        {value_as_read(found.variant)}")
    typer.echo(f"  en qualité de {capacities_in_words(found)} ; les noms sont scellés")
    typer.echo(f"  fait         à {found.place}, {value_as_read(found.occurred_on)}")
    if found.mandate:
        typer.echo(f"  sous mandat  pour {found.mandate_words} ({found.mandate})")
    if found.undertakings:
        typer.echo(f"  engagements  {found.undertakings} suivis un à un")
    if ending := ending_in_words(found):
        typer.echo(f"  fin          {ending}")
    typer.echo(f"  source       {found.source or 'aucune source citée'}")
    typer.echo("\nCe que cette signature ne veut pas dire :")
    for sentence in found.meaning:
        typer.echo(f"  - {sentence}")
    if found.notice:
        typer.echo(f"  Le texte signé le dit : « {found.notice} »")
    typer.echo("\nPour la retrouver dans le journal :")
    typer.echo(f"  signature    {found.id}")
    typer.echo(f"  événement    n° {found.position}, {found.event_id}")
    if found.corrected:
        typer.echo(f"  rectifiée    {found.corrected}")
    typer.echo(f"  feuille      {found.leaf}")


def undertaking(
    context: typer.Context,
    undertaking: Annotated[
        UUID, typer.Argument(metavar="ENGAGEMENT", help="Identifiant de l'engagement.")
    ],
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer un engagement : où il en est, ce qui en fut rapporté et constaté."""
    product = world(context).product
    found = product.undertaking(undertaking, product.moment(known, in_force))
    if as_json:
        show_json(found)
        return
    typer.echo(found.words)
    who = found.organisation or found.pole_name or "une personne"
    typer.echo(f"  pris par     {who} ({value_as_read(found.bound)})")
    typer.echo(f"  texte        {value_as_read(found.towards)}")
    stands = value_as_read(found.standing) if found.standing else "ne lie plus"
    typer.echo(f"  où il en est {stands}{', en retard' * found.late}")
    if found.due:
        typer.echo(f"  échéance     {date_in_words(found.due.isoformat())}")
    for event in found.events:
        typer.echo(
            f"  {capital(value_as_read(event.occurred_on))} — {event.title} : {event.detail}"
        )
        for document in event.documents:
            typer.echo(f"      à l'appui : {document.title or 'un document non gardé ici'}")
        if event.source:
            typer.echo(f"      source : {event.source}")
    tell(f"Son texte : jalon charter show {found.text}")
    tell(f"Le reçu de la signature : jalon charter receipt {found.signature}")
