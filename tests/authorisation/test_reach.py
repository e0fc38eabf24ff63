"""A role held about one thing gives its acts about that, and about nothing else.

The demonstration is told, and more beside it; before each kind of act is done, somebody who holds
the role about something tries it. What an act is about is read off the events that it would record.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.account import GrantRole, OpenAccount
from application.command import By, Command
from application.listing import LISTINGS, Listed
from application.scenario import play
from domain.account import OutsideYourReach
from domain.dates import paris_day
from domain.errors import JalonError
from domain.kernel import Event
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import Role
from domain.values import Personal
from infrastructure.reference import STORIES, demonstration
from interfaces.wiring import Product
from tests import make
from tests.authorisation.table import KINDS, acts
from tests.journeys.untold import afterwards, meanwhile, say

pytestmark = pytest.mark.long

ACTS = acts()
ADMIN = make.by(Role.ADMINISTRATOR)


@dataclass
class Trial:
    """A registry in which each kind of act is tried by others before it is done."""

    product: Product
    about: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Of each thing, what the events that were told of it name."""
    accounts: dict[tuple[Role, str], AccountId] = field(default_factory=dict)
    told: set[tuple[str, Any]] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    """The acts that somebody who holds the role about one thing could do."""
    stopped: set[str] = field(default_factory=set)
    """Those that were refused to somebody who holds it about another."""
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def learn(self, stream: UUID, event: Event) -> None:
        """Note what an event says that its thing is about."""
        here = self.about.setdefault(str(stream), defaultdict(set))
        concept = event.TOPIC.partition(".")[0]
        if concept in ("pole", "call"):
            here[concept] = {str(stream)}
        for name in ("pole", "call", "dossier"):
            named = getattr(event, name, None)
            if isinstance(named, UUID) and concept not in ("pole", "call"):
                here[name] = {str(named)}
        if concept == "commitment" and (funder := getattr(event, "funder", None)):
            here["organisation"] = {funder.name}
        if concept == "pole" and (territory := getattr(event, "territory", None)):
            here["region"] = {*territory.regions}

    def of(self, command: Command) -> dict[str, set[str]]:
        """What a command is about, by the things that it names."""
        named = [str(value) for _, value in command if isinstance(value, UUID)]
        known = [self._whole(self.about[name]) for name in named if name in self.about]
        if isinstance(funder := getattr(command, "funder", None), str):
            known.append({"organisation": {funder}})
        if isinstance(region := getattr(command, "region", None), str):
            known.append({"region": {region}})
        return {
            kind: set.intersection(*told)
            for kind in KINDS.values()
            if (told := [one[kind] for one in known if one.get(kind)])
        }

    def _whole(self, own: Mapping[str, set[str]]) -> dict[str, set[str]]:
        """What a thing is about, its dossier and its pole with it."""
        whole = {kind: {*names} for kind, names in own.items()}
        for dossier in own.get("dossier", ()):
            for kind in ("pole", "call"):
                whole.setdefault(kind, set()).update(self.about[dossier][kind])
        for pole in whole.get("pole", ()):
            region = self.about.get(pole, {}).get("region", set())
            whole.setdefault("region", set()).update(region)
        return whole

    def holder(self, role: Role, relation: str) -> AccountId:
        """Somebody who holds a role about one thing, and nothing else."""
        if (role, relation) not in self.accounts:
            do = self.product.registry.do
            address = Personal(text=f"{uuid4().hex}@exemple.fr")
            opened = do(OpenAccount(name=Personal(text="Ada"), address=address), ADMIN)
            account = self.accounts[role, relation] = AccountId(opened.answer)
            do(GrantRole(account=account, for_role=role, relation=relation), ADMIN)
        return self.accounts[role, relation]

    def tries(self, command: Command, role: Role) -> None:
        """Let people try, each of whom holds the role about one thing: that of the act, another."""
        if role in (Role.PUBLIC, Role.SYSTEM):
            return
        kinds, own = ACTS[command.NAME].kinds, self.of(command)
        for kind, names in own.items():
            for name in sorted(names)[:1]:
                self._try(command, role, f"{kind}:{name}", may=kind in kinds)
        for other in (
            f"pole:{uuid4()}",
            f"call:{uuid4()}",
            "region:Ailleurs",
            "organisation:Autre",
        ):
            self._try(command, role, other, may=False)
        self._try(command, role, EVERYWHERE, may=True)

    def _try(self, command: Command, role: Role, relation: str, *, may: bool) -> None:
        by = By(actor=self.holder(role, relation), role=role)
        try:
            self.product.registry.do(command, by, dry_run=True)
        except OutsideYourReach as refusal:
            self.stopped.add(command.NAME)
            if may:
                self.wrong.append((command.NAME, relation, str(refusal)))
        except JalonError:
            return  # a rule of its own, which this says nothing of
        else:
            if may and relation != EVERYWHERE:
                self.done.add(command.NAME)
            if not may:
                self.wrong.append((command.NAME, relation, "done"))


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    with make.product(tmp_path_factory.mktemp("tried") / "home") as product:
        trial = Trial(product)
        _tell(trial)
        return trial


def _tell(trial: Trial) -> None:
    product = trial.product

    def give(command: Command, by: By, key: str | None = None) -> UUID:
        kind = (command.NAME, getattr(command, "transition", None))
        is_first = kind not in trial.told
        if is_first and by.on_behalf_of is None:
            trial.tries(command, by.role)
        before = product.journal.size()
        done = product.registry.do(command, by, key=key)
        for row in product.journal.rows(before, 1000):
            recorded = row.read()
            trial.learn(recorded.stream, recorded.event)
        if is_first:
            trial.told.add(kind)
            for said in meanwhile(command):
                say(give, said)
        return done.answer

    def find(name: str, values: Mapping[str, Any]) -> Listed | None:
        product.follower.catch_up()
        lines = product.lists.lines(LISTINGS[name], product.moment(), pole=values.get("pole"))
        wanted = {field: str(value) for field, value in values.items()}
        return next((line for line in lines if _says(line, wanted)), None)

    for story in STORIES:
        scenario, texts = demonstration(story)
        play(scenario, give, find, texts, told_on=paris_day(product.clock()))
    for said in afterwards(product):
        say(give, said)


def _says(line: Listed, wanted: Mapping[str, str]) -> bool:
    return all(str(getattr(line, name, None)) == value for name, value in wanted.items())


def test_a_role_held_about_one_thing_gives_its_acts_about_that_alone(tried: Trial) -> None:
    assert not tried.wrong, "\n".join(map(str, tried.wrong))


def test_most_acts_were_done_within_reach_and_stopped_beyond(tried: Trial) -> None:
    """What is neither is refused by rules of its own to whoever was not there before."""
    bounded = {name for name, _ in tried.told if ACTS[name].kinds}

    assert len(bounded & tried.done) > len(bounded) * 2 / 3, bounded - tried.done
    assert len(bounded & tried.stopped) > len(bounded) * 2 / 3, bounded - tried.stopped
