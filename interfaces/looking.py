"""How things are found, and lists chosen from and read, at the two dates of a question."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from application.choosing import Chosen, Excerpt, choose, few, is_identity, nothing, possible
from application.command import By
from application.history_in_words import ToldOfPole
from application.kept import EVERYTHING as ANY_EVENT
from application.listing import LISTINGS, L, Listing, cell, value_as_code
from application.narrowing import EVERYTHING, Narrowed, order_of
from application.private_reading import may_ask_of_all
from application.wording import STAGES, date_in_words, instant_in_words, thousands
from application.world import Moment, World
from domain.appeal import UnknownAppeal
from domain.call_refusals import UnknownCall
from domain.commitment import UnknownCommitment
from domain.committee_refusals import UnknownCommittee
from domain.dates import paris_day
from domain.dossier import UnknownDossier
from domain.errors import Forbidden, NotFound
from domain.evaluation import UnknownRound
from domain.follow_up_refusals import UnknownFollowUp
from domain.privacy_request import UnknownPrivacyRequest
from domain.project import UnknownProject
from domain.roles import ROLES
from domain.session_refusals import UnknownSession
from domain.spelling import plain
from infrastructure.access_log import AccessLog
from infrastructure.answers_at_hand import AnswersAtHand
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.claim import ClaimLists
from infrastructure.read_models.lists import Lists, find_named
from infrastructure.read_models.models import OF_POLES, TABLES, TOPICS
from infrastructure.read_models.register import RegisterLists
from interfaces.moments import (
    BeyondJournal,
    Known,
    NotYetKnown,
    end_of_day,
    parse_day,
    parse_known,
)
from interfaces.what_waits import WhatWaits

T = TypeVar("T")

Clock = Callable[[], datetime]

ANSWERS, HISTORIES = 500, 16
"""How many answers about single things are at hand, and of how many poles everything told."""

UNKNOWN: Mapping[str, type[NotFound]] = {
    "evaluation": UnknownRound,
    "call": UnknownCall,
    "dossier": UnknownDossier,
    "appeal": UnknownAppeal,
    "committee": UnknownCommittee,
    "session": UnknownSession,
    "commitment": UnknownCommitment,
    "follow_up": UnknownFollowUp,
    "project": UnknownProject,
    "privacy_request": UnknownPrivacyRequest,
}
"""What is said where there is no thing of a name, by its concept."""


class Looking:
    """What every question of one registry rests on: its moment, its names, its lists."""

    def __init__(self, engine: sa.Engine, registry: Registry, clock: Clock) -> None:
        self.registry = registry
        self.clock = clock
        self.lists = Lists(engine, TABLES)
        self.register = RegisterLists(engine, STAGES, registry.journal)
        self.what_waits = WhatWaits(engine, registry.journal, self.lists)
        self._answers = AnswersAtHand(registry, engine, registry.journal, ANSWERS)
        self._histories = AnswersAtHand(registry, engine, registry.journal, HISTORIES)
        self.claims = ClaimLists(engine, TABLES)
        self.accesses = AccessLog(engine, clock)
        self._engine = engine

    def asked(self, key: Hashable, moment: Moment, question: Callable[[World], T]) -> T:
        """What a world answers about something, which is at hand if it was asked before."""
        return self._answers.ask(key, moment, self.clock(), question)

    def at_once(self, name: str, moment: Moment, make: Callable[[Moment], T]) -> T:
        """What is told of everything at once, at hand until anything at all is recorded."""
        return self._answers.ask(name, moment, self.clock(), lambda _: make(moment), (ANY_EVENT,))

    def told_of(self, pole: str, moment: Moment) -> ToldOfPole:
        """Everything that is told of a pole, at hand for its pages."""
        id_ = self.find(pole)
        told = partial(ToldOfPole, pole_id=id_, moment=moment)
        return self._histories.ask(id_, moment, self.clock(), told)

    @property
    def journal(self) -> Journal:
        return self.registry.journal

    def moment(self, known: str | None = None, in_force: str | None = None) -> Moment:
        """The two dates of a question. A date of knowledge means its end in Paris.

        What was known may also be asked at an instant, or at a size of the journal, after so many
        events. Asked with it alone, a question is about what was in force that day: of a size, the
        day on which its last event was recorded, so that the answer is the same for ever.
        """
        today = paris_day(self.clock())
        size = {"known": self.journal.size()}
        self.registry.folds.bring_up(size["known"])
        found = size if known is None else self._asked(parse_known(known), today)
        alone = found.pop("alone", today)
        day = alone if in_force is None else parse_day(in_force)
        return Moment(in_force=day, is_today=in_force is None and known is None, **found)

    def _asked(self, asked: Known, today: date) -> dict[str, Any]:
        """What of a moment says what was known; `alone` is its day, where no other is given."""
        match asked:
            case int(size):
                if size > (there := self.journal.size()):
                    raise BeyondJournal(asked=thousands(size), size=thousands(there))
                alone = paris_day(self.journal.recorded_at(size)) if size else today
                return {"known": size, "known_size": size, "alone": alone}
            case datetime():
                if asked > self.clock():
                    raise NotYetKnown(day=instant_in_words(asked))
                size, day = self.journal.size_at(asked), asked.date()
                return {"known": size, "known_on": day, "known_at": asked, "alone": day}
        if asked > today:
            raise NotYetKnown(day=date_in_words(asked.isoformat()))
        known = self.journal.size_at(end_of_day(asked)) if asked < today else self.journal.size()
        return {"known": known, "known_on": asked, "alone": asked}

    def find(self, pole: str) -> UUID:
        """The pole that an identity, a code or a name means."""
        return self.register.find(pole)

    def listed(
        self, asked: Listing[L], moment: Moment, *, pole: str | None = None, **equal: Any
    ) -> list[L]:
        """The lines of a list at a moment; of one pole, or with some values."""
        return self.excerpt(asked, moment, pole=pole, **equal).lines

    def excerpt(
        self,
        asked: Listing[L],
        moment: Moment,
        *,
        pole: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        by: Narrowed = EVERYTHING,
        **given: Any,
    ) -> Excerpt[L]:
        """Some lines of a list, and of how many; of one pole, or with values, or words for them."""
        if by.by_reading:
            by = replace(by, words=self.words_of(asked, moment))
        if ask := asked.ask:
            told: list[L] = self.asked(asked.name, moment, lambda world: [*ask(world, moment)])
            every = _narrowed(asked, told, by)
            end = None if limit is None else offset + limit
            none = nothing(asked, Chosen({}, {}, {}, {}), moment, also=by.in_words(asked))
            return Excerpt(every[offset:end], len(every), none, offset)
        of_pole = self.find(pole) if pole else None
        chosen = self.chosen(asked, moment, given)
        there: dict[str, Any] = {"pole": of_pole, "by": by, **chosen.values}

        def part(world: World) -> tuple[list[L], int]:
            lines = self.lists.lines(asked, moment, limit=limit, offset=offset, **there)
            if complete := asked.complete:
                lines = [complete(world, line) for line in lines]
            is_whole = limit is None and not offset
            return lines, len(lines) if is_whole else self.lists.count(asked, moment, **there)

        if limit is None:  # as many as there are: too many to be kept
            lines, total = part(self.registry)
        else:
            lines, total = self.of_list(asked, ("part", limit, offset, there), moment, part)
        ended = self.lists.pole_ended(of_pole, moment) if of_pole and asked.ends_with_pole else None
        none = nothing(asked, chosen, moment, pole, ended, by.in_words(asked))
        return Excerpt([*lines], total, none, offset, ended)

    def counts(
        self,
        asked: Listing[Any],
        moment: Moment,
        name: str,
        pole: str | None,
        by: Narrowed,
        given: Mapping[str, Any],
    ) -> dict[str, int]:
        """How many lines would be left by each value of a filter, beside what else is chosen."""
        others = {field: value for field, value in given.items() if field != name}
        of_pole = self.find(pole) if pole else None
        equal = self.chosen(asked, moment, others).values
        there: dict[str, Any] = {"pole": of_pole, "by": by, **equal}

        def counted(_: World) -> dict[str, int]:
            found = self.lists.counts(asked, moment, name, **there)
            return {value_as_code(value): number for value, number in found.items()}

        return self.of_list(asked, ("counts", name, there), moment, counted)

    def of_list(
        self, asked: Listing[Any], key: object, moment: Moment, question: Callable[[World], T]
    ) -> T:
        """What is asked of a list, which is at hand until something that it tells is recorded."""
        topics = TOPICS[asked.name] | OF_POLES
        now = self.clock()
        return self._answers.ask((asked.name, repr(key)), moment, now, question, topics)

    def reserved(self, asked: Listing[Any], moment: Moment, by: By, **given: Any) -> Excerpt[Any]:
        """Some lines of a list that only some may read; of each, that it was read is noted."""
        if by.role not in asked.readers:
            raise Forbidden(roles=", ".join(ROLES[role] for role in asked.readers))
        may_ask_of_all(self.registry, by, paris_day(self.clock()))
        found = self.excerpt(asked, moment, **given)
        self.accesses.note(by, asked.name, [line.id for line in found.lines], "line")
        return found

    def chosen(self, asked: Listing[Any], moment: Moment, given: Mapping[str, Any]) -> Chosen:
        """What is meant by what was written to choose lines of a list by."""

        def present(name: str) -> list[Any]:
            return self.lists.values(asked, moment, name)

        return choose(self.registry, asked, moment, given, present)

    def offers(self, asked: Listing[Any], moment: Moment) -> dict[str, Mapping[str, str] | None]:
        """What lines may be chosen by: each value with its words, or `None` where there are many.

        The identity of something else is no such choice: an address may hold it, nobody writes it.
        """
        return {
            name: possible(self.registry, asked, moment, name)
            or few(asked, name, self._values(asked, moment, name))
            for name in asked.filters
            if not is_identity(asked, name)
        }

    def _values(self, asked: Listing[Any], moment: Moment, name: str) -> list[Any]:
        def present(_: World) -> list[Any]:
            return self.lists.values(asked, moment, name)

        return self.of_list(asked, ("values", name), moment, present)

    def words_of(self, asked: Listing[Any], moment: Moment) -> dict[str, Mapping[str, str]]:
        """The words of the codes that a list holds, where the registry alone knows them."""
        return {name: words(self.registry, moment) for name, words in asked.words.items()}

    def find_thing(self, concept: str, name: str) -> UUID:
        """The thing of a list that an identity or a code means."""
        found = find_named(self._engine, TABLES[concept], name)
        if found is None:
            raise UNKNOWN.get(concept, NotFound)(name=name[:80])
        return found

    def lists_of(self, pole: str, moment: Moment) -> list[tuple[Listing[Any], int]]:
        """The lists that say something of a pole, with the number of their lines."""
        of_pole = self.find(pole)
        asked = [known for known in LISTINGS.values() if known.about_poles and not known.ask]
        topics = OF_POLES.union(*(TOPICS[known.name] for known in asked))

        def told(_: World) -> list[tuple[Listing[Any], int]]:
            counted = ((known, self._count_of(known, of_pole, moment)) for known in asked)
            found = [(known, number) for known, number in counted if number]
            return sorted(found, key=lambda pair: plain(pair[0].title))

        return self._answers.ask(("lists", of_pole), moment, self.clock(), told, topics)

    def bare(self, asked: Listing[L], moment: Moment, **equal: Any) -> Sequence[L]:
        """The lines of a list with some values, as its table keeps them; see `Lists.bare`."""

        def told(_: World) -> Sequence[L]:
            return self.lists.bare(asked, moment, **equal)

        return self.of_list(asked, ("bare", equal), moment, told)

    def _count_of(self, asked: Listing[Any], pole: UUID, moment: Moment) -> int:
        def counted(_: World) -> int:
            return self.lists.count(asked, moment, pole=pole)

        return self.of_list(asked, ("count", pole), moment, counted)


def _narrowed(asked: Listing[L], lines: list[L], by: Narrowed) -> list[L]:
    """Some lines that no table keeps, searched and sorted by what they say."""
    if wanted := plain(by.search):
        said = [(line, [cell(line, name, by.words) for name in asked.columns]) for line in lines]
        lines = [line for line, cells in said if any(wanted in plain(one) for one in cells)]
    if name := by.column:

        def key(line: L) -> Any:
            return order_of(asked, name, getattr(line, name), by.words.get(name, {}))

        told = [line for line in lines if not key(line)[0]]
        untold = [line for line in lines if key(line)[0]]
        lines = sorted(told, key=key, reverse=by.is_backwards) + untold
    return lines
