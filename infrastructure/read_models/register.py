"""The register: the name, place and activity of each pole, as interval rows, and its lists."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from application.contested import STAGE_CONTESTED, stage_contests
from application.register import AmbiguousName, PoleLine, UnknownStage
from application.register_of_day import RegisterOfDay
from application.wording import stage_note
from application.world import Moment
from domain.errors import NotFound
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.silence import DORMANT, shown_stage
from domain.spelling import plain
from domain.territory import parts
from infrastructure.event_store.journal import Journal
from infrastructure.read_models.at_hand import ThingsAtHand
from infrastructure.read_models.intervals import METADATA, interval_columns, seen, supersede
from infrastructure.read_models.journey import JOURNEY
from infrastructure.read_models.recognised import let_stages_hold

DAYS, YEARS = 4, 40
"""Of how many days the lines of the register are kept at hand, and where each pole stood."""

REGISTER = sa.Table(
    "register",
    METADATA,
    *interval_columns(),
    sa.Column("pole", sa.Text(), nullable=False),
    sa.Column("code", sa.Text()),
    sa.Column("name", sa.Text()),
    sa.Column("activity", sa.Text()),
    sa.Column("words", sa.Text()),
    sa.Column("department", sa.Text()),
    sa.Column("region", sa.Text()),
    sa.Column("confidence", sa.Text()),
    sa.Index("register_pole", "pole"),
    sa.Index("register_code", "code"),
)


NAMES = sa.select(REGISTER.c.pole, REGISTER.c.code, REGISTER.c.name).distinct()
"""What each pole is called, and was."""

EXACTLY = NAMES.where(
    sa.or_(REGISTER.c.pole == sa.bindparam("said"), REGISTER.c.code == sa.bindparam("said"))
)
"""The same of the pole of an identity or a code."""


class RegisterModel:
    """Follows what is said of each pole."""

    name = "register"
    table = REGISTER
    events: tuple[type[Event], ...] = (
        Pole.Registered,
        Pole.Renamed,
        Pole.Located,
        Pole.ActivityDescribed,
    )

    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        changes: dict[str, Any]
        new = None
        match recorded.event:
            case Pole.Registered(code=code, name=name, meta=meta):
                new = {"pole": str(recorded.stream)}
                changes = {"code": code, "name": name, "confidence": meta.confidence}
            case Pole.Renamed(name=name):
                changes = {"name": name}
            case Pole.Located(territory=t):
                changes = {"words": t.words, "department": t.department, "region": t.region}
            case Pole.ActivityDescribed(words=words):
                changes = {"activity": words}
            case _:
                return
        supersede(
            tx,
            REGISTER,
            REGISTER.c.pole == str(recorded.stream),
            at=recorded.position,
            valid_from=recorded.in_force_from,
            # A pole stays in the register, whatever its entry says of itself.
            valid_until=None if new else recorded.event.valid_to,
            new=new,
            **changes,
        )


class RegisterLists:
    """Questions to the register at a moment."""

    def __init__(self, engine: sa.Engine, stages: Mapping[str, str], journal: Journal) -> None:
        self._engine = engine
        self._journal = journal
        self._stages = stages
        self._lines = ThingsAtHand(engine, journal, self._read, DAYS)
        self._standings = ThingsAtHand(engine, journal, self._standing, YEARS)
        self._of_days: list[RegisterOfDay] = []

    def of_day(self, moment: Moment) -> RegisterOfDay:
        """The poles known then and in force on that day."""
        found = self._lines.at(moment)
        known = next((known for known in self._of_days if known.found is found), None)
        if known is None:
            known = RegisterOfDay(found)
            self._of_days = [known, *self._of_days[: DAYS - 1]]
        return known

    def lines(
        self,
        moment: Moment,
        *,
        stage: str | None = None,
        region: str | None = None,
        search: str | None = None,
    ) -> list[PoleLine]:
        """The poles known then and in force on that day, by name.

        Args:
            stage: its code, or its title; another one is refused.
            region: its name, whatever its case and accents.
            search: words of the name, the activity or the places of a pole.
        """
        of_day = self.of_day(moment)
        found = [*of_day.lines]
        if stage:
            code = self._stage(stage)
            found = [line for line in found if line.stage == code]
        if region:  # a pole may lie in several
            named, regions = plain(region), of_day.once("regions", _regions)
            found = [line for line in found if named in regions[line.region]]
        if search:
            wanted, said = plain(search), of_day.once("said", partial(self._said, moment))
            found = [line for line in found if wanted in said[line.id]]
        return found

    def within(self, poles: sa.Select[tuple[str]], moment: Moment) -> list[PoleLine]:
        """The same of the poles whose identities answer a question."""
        with self._engine.connect() as tx:
            wanted: frozenset[object] = frozenset(tx.scalars(poles))
        return [line for line in self.of_day(moment).lines if str(line.id) in wanted]

    def standing(self, moment: Moment) -> list[tuple[str, str, str | None, str | None]]:
        """Of every pole of a day: its stage, since when, its region and its department.

        The same as `lines` says of them, and no more: it is kept for many more days.
        """
        return list(self._standings.at(moment).values())

    def _read(self, moment: Moment, poles: Collection[str] | None) -> dict[str, PoleLine]:
        """What is said of some poles, or of all; of each that is there."""
        query = _in_register(moment, poles, REGISTER)
        with self._engine.connect() as tx:
            rows = [dict(row) for row in tx.execute(query).mappings()]
            untold = let_stages_hold(tx, rows, moment)
            contested = _contested(tx, moment)
        for row in rows:
            if row["stage"] == DORMANT or row["pole"] in untold:
                self._as_shown(row, moment)
            if row["pole"] in contested:
                self._as_contested(row, moment)
        return {row["pole"]: self._line(row) for row in rows}

    def _standing(
        self, moment: Moment, poles: Collection[str] | None
    ) -> dict[str, tuple[str, str, str | None, str | None]]:
        columns = (REGISTER.c.pole, REGISTER.c.region, REGISTER.c.department)
        query = _in_register(moment, poles, *columns)
        with self._engine.connect() as tx:
            rows = [dict(row) for row in tx.execute(query).mappings()]
            untold = let_stages_hold(tx, rows, moment)
        for row in rows:
            if row["stage"] == DORMANT or row["pole"] in untold:
                self._as_shown(row, moment)
        return {
            row["pole"]: (row["stage"], row["stage_on"], row["region"], row["department"])
            for row in rows
        }

    def _said(self, moment: Moment, lines: Sequence[PoleLine]) -> dict[UUID, str]:
        """The words by which each pole is found."""
        with self._engine.connect() as tx:
            places = _places(tx, moment)
        return {line.id: _searched(line, places.get(line.id, "")) for line in lines}

    def places(self, moment: Moment) -> list[tuple[str | None, str | None, int]]:
        """The regions and the departments of the poles of a day, and how many are in each."""
        query = (
            sa.select(REGISTER.c.region, REGISTER.c.department, sa.func.count())
            .join(JOURNEY, JOURNEY.c.subject == REGISTER.c.pole)
            .where(seen(REGISTER, known=moment.known, in_force=moment.in_force))
            .where(seen(JOURNEY, known=moment.known, in_force=moment.in_force))
            .group_by(REGISTER.c.region, REGISTER.c.department)
        )
        with self._engine.connect() as tx:
            return [(row[0], row[1], row[2]) for row in tx.execute(query)]

    def entered(self, moment: Moment, period: str) -> frozenset[UUID]:
        """The poles whose entry in the register is dated in a year, or in a month."""
        return frozenset(
            UUID(pole) for pole, day in self._entries(moment).items() if day.startswith(period)
        )

    def _entries(self, moment: Moment) -> dict[str, str]:
        """When each pole began, with no more precision than that is known with."""
        until = JOURNEY.c.known_until
        known = sa.and_(
            JOURNEY.c.known_from <= moment.known, sa.or_(until.is_(None), until > moment.known)
        )
        query = (
            sa.select(JOURNEY.c.subject, JOURNEY.c.stage_on)
            .join(REGISTER, REGISTER.c.pole == JOURNEY.c.subject)
            .where(known, seen(REGISTER, known=moment.known, in_force=moment.in_force))
            .order_by(JOURNEY.c.valid_from.desc())
        )
        with self._engine.connect() as tx:
            return {row.subject: row.stage_on for row in tx.execute(query)}

    def regions(self, moment: Moment) -> list[str]:
        """The regions in which poles lie, by name; a pole may lie in several."""
        told = self.of_day(moment).once("regions", _regions)
        names = {name for words in told for name in (words, *parts(words)) if name}
        return sorted(names, key=plain)

    def _stage(self, text: str) -> str:
        """The code of a stage that is given by it, or in words."""
        wanted = plain(text)
        for code, title in self._stages.items():
            if text == code or wanted in (plain(code), plain(title)):
                return code
        if self._stages:
            known = ", ".join(f"{code} ({title})" for code, title in self._stages.items())
            raise UnknownStage(stage=text[:40], known=known)
        return text

    def _as_shown(self, row: dict[str, Any], moment: Moment) -> None:
        """The stage as the sheet shows it, where more than the last step tells of it."""
        pole = self._journal.fold(Pole, UUID(row["pole"]), moment.known)
        shown = shown_stage(pole, moment.in_force) if pole else None
        if shown:
            row |= {"stage": shown.stage, "stage_on": str(shown.occurred_on)}
            row["stage_note"] = stage_note(shown)

    def _as_contested(self, row: dict[str, Any], moment: Moment) -> None:
        """Say of a stage that it rests on a contested fact, where it does."""
        pole = self._journal.fold(Pole, UUID(row["pole"]), moment.known)
        if pole and stage_contests(pole, moment.in_force):
            notes = (row.get("stage_note"), STAGE_CONTESTED)
            row["stage_note"] = " ; ".join(note for note in notes if note)

    def _line(self, row: Mapping[str, Any]) -> PoleLine:
        return PoleLine(
            id=UUID(row["pole"]),
            code=row["code"],
            name=row["name"],
            stage=row["stage"],
            stage_title=self._stages.get(row["stage"], row["stage"]),
            occurred_on=row["stage_on"],
            journey=row["version"],
            territory=row["words"],
            department=row["department"],
            region=row["region"],
            activity=row["activity"],
            confidence=row["confidence"],
            stage_note=row.get("stage_note"),
        )

    def find(self, name: str) -> UUID:
        """The pole of an identity, a code or a name; a part will do where only one has it.

        One that was taken back is found too, where no other has that name: it is read as it was
        known before.
        """
        said = name.lower().encode(errors="replace").decode()
        with self._engine.connect() as tx:
            if found := _named(name, tx.execute(EXACTLY, {"said": said}).all()):
                return found
            for known in (REGISTER.c.known_until.is_(None), sa.true()):
                found = _named(name, tx.execute(NAMES.where(known)).all())
                if found:
                    return found
        raise NotFound(name=name[:80])


def _in_register(moment: Moment, poles: Collection[str] | None, *columns: Any) -> sa.Select[Any]:
    """The rows that tell of some poles, or of all, with the stage to which a step led each."""
    journey = (JOURNEY.c[name] for name in ("stage", "stage_since", "stage_on", "came_from"))
    query = (
        sa.select(*columns, *journey, JOURNEY.c.version)
        .join(JOURNEY, JOURNEY.c.subject == REGISTER.c.pole)
        .where(seen(REGISTER, known=moment.known, in_force=moment.in_force))
        .where(seen(JOURNEY, known=moment.known, in_force=moment.in_force))
    )
    return query if poles is None else query.where(REGISTER.c.pole.in_(poles))


def _regions(lines: Iterable[PoleLine]) -> dict[str | None, frozenset[str]]:
    """Where poles lie, as it is written, each with the regions that it names."""
    written = {line.region for line in lines}
    return {
        words: frozenset(plain(name) for name in (words, *parts(words)) if name)
        for words in written
    }


def _named(name: str, rows: Sequence[Any]) -> UUID | None:
    wanted = plain(name)
    for answers in (
        {row.pole: row.code for row in rows if name.lower() in (row.pole, row.code)},
        {row.pole: row.code for row in rows if row.name == name},
        {row.pole: row.code for row in rows if wanted and plain(row.name) == wanted},
        {row.pole: row.code for row in rows if wanted and row.code.startswith(wanted)},
        {row.pole: row.code for row in rows if wanted and wanted in plain(row.name)},
    ):
        if len(answers) == 1:
            return UUID(next(iter(answers)))
        if answers:
            codes = sorted(answers.values())
            among = ", ".join(codes[:8]) + ("…" if len(codes) > 8 else "")
            raise AmbiguousName(name=name[:80], among=among)
    return None


def _contested(tx: sa.Connection, moment: Moment) -> frozenset[str]:
    """The poles of which some fact was contested then, and not answered."""
    contest = METADATA.tables["contest"]  # made of what this module gives to lists
    waits = seen(contest, known=moment.known, in_force=moment.in_force)
    query = sa.select(contest.c.pole).where(waits, contest.c.answer.is_(None))
    return frozenset(tx.scalars(query.distinct()))


def _places(tx: sa.Connection, moment: Moment) -> dict[UUID, str]:
    """The codes and the names of the places of each pole, as they were described then."""
    place = METADATA.tables["place"]  # made of what this module gives to lists
    query = sa.select(place.c.pole, place.c.code, place.c.name)
    found: dict[UUID, str] = {}
    for row in tx.execute(query.where(seen(place, known=moment.known, in_force=moment.in_force))):
        pole = UUID(row.pole)
        found[pole] = f"{found.get(pole, '')} {row.code} {row.name or ''}"
    return found


def _searched(line: PoleLine, places: str) -> str:
    words = (line.name, line.territory, line.department, line.region, line.activity, places)
    return plain(" ".join(word for word in words if word))
