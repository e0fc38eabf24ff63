"""What a draft would have made of history, told to somebody who knows poles and not definitions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from application.backtest import (
    Backtest,
    CaseReport,
    Counts,
    RepeatedObjection,
    RightsChanged,
    Sooner,
    Summary,
)
from application.difference import Words, rights_in_words
from application.replay import Objection
from application.seen_in_words import seen_in_words
from application.wording import (
    ROLES,
    capital,
    date_in_words,
    duration_in_words,
    fact,
    rule_source,
    rules_in_words,
    version_in_words,
)
from domain.difference import expression_of
from domain.journey import Clause, Journey, clauses_of
from domain.values import Frozen


def in_words(found: Backtest, draft: Journey, journeys: Mapping[str, Journey]) -> Iterator[str]:
    """The report, line by line: the summary, what changes for whom, then the cases touched."""
    teller = _Teller(draft, journeys)
    yield from teller.summary(found)
    yield from teller.objections(found)
    if found.rights:
        yield ""
        yield "Ce que chacun pourrait faire là où les pôles se trouvent :"
        for change in found.rights:
            yield from teller.rights(change)
    touched = [case for case in found.items if not case.is_untouched]
    changed = [case for case in touched if not case.is_only_unknown]
    if changed:
        yield ""
        yield "Pôle par pôle :"
        for case in changed:
            yield from teller.case(case)
    yield from teller.unjudged([case for case in touched if case.is_only_unknown])
    if left := found.cases - len(touched):
        yield ""
        yield f"Pour {_count(left, 'pôle')}, rien n'aurait changé."


class ToldObjection(Frozen):
    """What a draft would have refused, or could not judge, over all cases."""

    often: str
    sentence: str
    source: str
    warning: tuple[str, ...]
    """That a clause changed and its sentence did not; nothing, where that is not so."""


class ToldCase(Frozen):
    """What a draft would have made of one case, a sentence each."""

    code: str
    name: str
    stage: str
    sentences: tuple[str, ...]


class ToldRights(Frozen):
    """What changes for cases that stand alike."""

    where: str
    sentences: tuple[str, ...]


class BacktestSheet(Frozen):
    """What a draft would have made of history, as a page shows it."""

    steps: int
    cases: int
    untouched: int
    stranded: int
    sooner: int
    size: int
    counts: tuple[tuple[int, str], ...]
    refused: tuple[ToldObjection, ...]
    unknown: tuple[ToldObjection, ...]
    rights: tuple[ToldRights, ...]
    touched: tuple[ToldCase, ...]
    """The first of them."""
    more: int
    """How many others there are."""
    unjudged: int
    """Cases of which nothing can be said but that something is not known."""


def backtest_sheet(
    found: Backtest, draft: Journey, journeys: Mapping[str, Journey], most: int
) -> BacktestSheet:
    """The same for a page: what is common to many first, then the first cases touched."""
    teller = _Teller(draft, journeys)
    touched = [case for case in found.items if not case.is_untouched]
    changed = [case for case in touched if not case.is_only_unknown]
    return BacktestSheet(
        steps=found.counts.steps,
        cases=found.cases,
        untouched=found.cases - len(touched),
        stranded=found.stranded_cases,
        sooner=found.counts.earlier,
        size=found.size,
        counts=tuple(teller.counted(found.counts)),
        refused=tuple(map(teller.objection, found.refused)),
        unknown=tuple(map(teller.objection, found.unknown)),
        rights=tuple(map(teller.told_rights, found.rights)),
        touched=tuple(map(teller.told_case, changed[:most])),
        more=max(len(changed) - most, 0),
        unjudged=len(touched) - len(changed),
    )


class _Teller:
    def __init__(self, draft: Journey, journeys: Mapping[str, Journey]) -> None:
        self.draft = draft
        self.journeys = journeys

    # The whole.

    def summary(self, found: Backtest) -> Iterator[str]:
        counts = found.counts
        since = f" depuis {_day(found.since)}" if found.since else ""
        yield (
            f"Le brouillon « {found.draft} » rejoué sur l'histoire de "
            f"{_count(found.cases, 'pôle')} : {_count(counts.steps, 'passage')}{since}."
        )
        yield "C'est un essai : rien n'est modifié, et ce qui est enregistré le reste."
        yield ""
        for number, said in self.counted(counts):
            yield f"  {number:>6}  {said}"
        if counts.earlier:
            could = "auraient" if counts.earlier > 1 else "aurait"
            yield f"          dont {counts.earlier} qui {could} pu l'être plus tôt"
        if found.stranded_cases:
            yield (
                f"  {found.stranded_cases:>6}  {'pôle' if found.stranded_cases == 1 else 'pôles'} "
                "sans étape où continuer sous le brouillon"
            )

    @staticmethod
    def counted(counts: Counts) -> Iterator[tuple[int, str]]:
        """How many steps each thing is said of."""
        for number, said in (
            (counts.allowed, "permis, comme à l'époque"),
            (counts.refused, "refusé(s) par le brouillon"),
            (counts.unknown, "impossible(s) à juger : une information n'est pas connue"),
            (counts.elsewhere, "permis, mais menant à une autre étape"),
            (counts.stranded, "sans équivalent : le brouillon n'a plus l'étape"),
        ):
            if number or said.startswith(("permis, comme", "refusé")):
                yield number, said.replace("(s)", "s" if number > 1 else "")

    def objections(self, found: Backtest) -> Iterator[str]:
        for title, summaries in (
            ("Ce que le brouillon aurait refusé, du plus fréquent au plus rare :", found.refused),
            ("Ce qui n'est pas connu, et empêche de juger :", found.unknown),
        ):
            if not summaries:
                continue
            yield ""
            yield title
            for one in summaries:
                yield f"  {self._often(one)} — {self.why(one.objection)}"
                if one.objection.source:
                    yield f"      règle : {rule_source(one.objection.source)}"
                yield from self._unsaid(one.objection)

    def _unsaid(self, objection: Objection) -> Iterator[str]:
        """A warning, where a clause asks something else and says the same."""
        now = self._clause(self.draft, objection)
        for ref, journey in sorted(self.journeys.items(), reverse=True):
            was = self._clause(journey, objection)
            if now and was and was.say == now.say and expression_of(was) != expression_of(now):
                yield (
                    f"      attention : la condition n'est plus celle des {rules_in_words(ref)}, "
                    "et sa phrase est restée la même :"
                )
                yield f"        avant : {expression_of(was)}"
                yield f"        après : {expression_of(now)}"
                return

    @staticmethod
    def _clause(journey: Journey, objection: Objection) -> Clause | None:
        way = journey.transition.get(objection.transition)
        clauses = clauses_of(way) if way and objection.kind == "clause" else ()
        return next((clause for clause in clauses if clause.id == objection.id), None)

    def _often(self, one: Summary) -> str:
        return f"{_count(one.times, 'passage')}, {_count(one.cases, 'pôle')}"

    def objection(self, one: Summary) -> ToldObjection:
        return ToldObjection(
            often=self._often(one),
            sentence=self.why(one.objection),
            source=rule_source(one.objection.source),
            warning=tuple(line.strip() for line in self._unsaid(one.objection)),
        )

    def told_rights(self, change: RightsChanged) -> ToldRights:
        where, *sentences = (line.strip() for line in self.rights(change))
        return ToldRights(where=where.removesuffix(" :"), sentences=tuple(sentences))

    def told_case(self, case: CaseReport) -> ToldCase:
        _, *sentences = (line.strip().lstrip("✗→!?← ") for line in self.case(case))
        words = Words(self.journeys[case.journey], self.draft)
        return ToldCase(
            code=case.code,
            name=case.name,
            stage=words.state(case.state),
            sentences=tuple(map(capital, sentences)),
        )

    def rights(self, change: RightsChanged) -> Iterator[str]:
        old = self.journeys[change.journey]
        words = Words(old, self.draft)
        yield (
            f"  {_count(change.cases, 'pôle')} à l'étape « {words.state(change.state)} » "
            f"({rules_in_words(change.journey)}) :"
        )
        for sentence in rights_in_words(change.changes, words):
            yield f"    {sentence}"

    def unjudged(self, cases: Sequence[CaseReport]) -> Iterator[str]:
        """The poles of which nothing can be said but what is not known, those alike together."""
        groups: dict[str, list[str]] = {}
        for case in cases:
            for sentence, days in self._wanting(case.unknown).items():
                groups.setdefault(sentence, []).append(f"{case.name} ({', '.join(days)})")
        if groups:
            yield ""
            yield "Impossible à juger, tant que l'on ne sait pas :"
        for sentence, names in groups.items():
            yield f"  {sentence} — {_count(len(names), 'pôle')} :"
            yield f"    {', '.join(names)}"

    def _wanting(self, unknown: Sequence[RepeatedObjection]) -> dict[str, list[str]]:
        """Transition by transition, what is not known of it, and when that was met."""
        found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
        for one in unknown:
            things, days = found.setdefault(one.objection.transition, ({}, {}))
            names = [fact(name) for name in one.objection.wanting] or [one.objection.sentence]
            things.update(dict.fromkeys(names))
            days.update({_when(one): None})
        return {
            f"« {self._transition(way)} » : {', '.join(things)}": list(days)
            for way, (things, days) in found.items()
        }

    # One case.

    def case(self, case: CaseReport) -> Iterator[str]:
        words = Words(self.journeys[case.journey], self.draft)
        yield (
            f"  {case.name} ({case.code}) — étape : {words.state(case.state)}, "
            f"{version_in_words(case.journey)}"
        )
        if case.stranded:
            yield (
                "    ! plus de suite : le brouillon n'a pas d'étape "
                f"« {words.state(case.state)} », ni d'étape qui la remplace"
            )
        for sign, repeated in (
            ("✗", case.refused),
            ("→", case.elsewhere),
            ("!", case.stranded_steps),
        ):
            for one in repeated:
                yield from self._repeated(sign, one)
        for sentence, days in self._wanting(case.unknown).items():
            yield f"    ? {', '.join(days)} — {sentence} (on ne sait pas)"
        yield from self._earlier(case)

    def _repeated(self, sign: str, one: RepeatedObjection) -> Iterator[str]:
        yield f"    {sign} {_when(one)} — {self.why(one.objection)}"
        seen = ", ".join(seen_in_words(name, v, self.draft) for name, v in one.values.items())
        if seen:
            first = " la première fois" if one.times > 1 else ""
            yield f"        constaté{first} : {seen}"

    def _earlier(self, case: CaseReport) -> Iterator[str]:
        for sooner in case.earlier:
            yield f"    ← {self._sooner(sooner)}"
        more = case.counts.earlier - len(case.earlier)
        if more > 0:
            yield f"    ← et {_count(more, 'autre passage', 'autres passages')} plus tôt"

    def _sooner(self, sooner: Sooner) -> str:
        gained = duration_in_words((sooner.by_its_rules - sooner.by_draft).days)
        then = (
            "ce jour-là"
            if sooner.by_its_rules == sooner.taken
            else f"à partir du {_plain_day(sooner.by_its_rules)}"
        )
        return (
            f"« {self._transition(sooner.transition)} », franchi {_day(sooner.taken)} : possible "
            f"dès {_day(sooner.by_draft)} sous le brouillon, {then} sous les règles d'alors "
            f"({gained} plus tôt)"
        )

    # Words.

    def why(self, objection: Objection) -> str:
        """What stands against a step, in a sentence."""
        way = f"« {self._transition(objection.transition)} »"
        match objection.kind:
            case "clause":
                known = ", ".join(fact(name) for name in objection.wanting)
                wanting = f" (on ne sait pas : {known})" if known else ""
                return f"{way} : {objection.sentence}{wanting}"
            case "role":
                role = ROLES.get(objection.id, objection.id)
                return f"{way} : le brouillon ne confie plus ce passage au rôle « {role} »"
            case "group":
                return f"{way} : réservé aux membres de : {objection.id} (appartenance non connue)"
            case "transition":
                return f"{way} : ce passage n'existe plus dans le brouillon"
            case "origin":
                return f"{way} : ne part plus de l'étape « {self._state(objection.id)} »"
            case "target":
                return f"{way} : mènerait à l'étape « {self._state(objection.id)} »"
            case "state":
                return f"{way} : l'étape « {self._state(objection.id)} » n'est plus prévue"
            case _:
                asked = objection.sentence or objection.id
                return f"{way} : « {asked} » n'a pas été fourni, ou plus sous cette forme"

    def _transition(self, way: str) -> str:
        return next((w.title.fr for j in self._all() if (w := j.transition.get(way))), "") or way

    def _state(self, state: str) -> str:
        return next((s.title.fr for j in self._all() if (s := j.state.get(state))), "") or state

    def _all(self) -> Iterable[Journey]:
        return (self.draft, *self.journeys.values())


def _when(one: RepeatedObjection) -> str:
    if one.times == 1:
        return _day(one.first)
    if one.first == one.last:
        return f"{one.times} fois {_day(one.first)}"
    return f"{one.times} fois, du {_plain_day(one.first)} au {_plain_day(one.last)}"


def _day(day: object) -> str:
    return date_in_words(str(day))


def _plain_day(day: object) -> str:
    return _day(day).removeprefix("le ")


def _count(number: int, word: str, words: str | None = None) -> str:
    text = f"{number:,}".replace(",", " ")
    return f"{text} {word if number < 2 else words or word + 's'}"
