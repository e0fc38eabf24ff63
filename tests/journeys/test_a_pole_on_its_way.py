"""A pole on its way: from its first mention to a recognition under article 9, and after it.

In the words of those who follow it: the coordination that registers it, the pole that is told
what is missing and supplies it, the State that recognises it, the auditor who asks afterwards.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from application.charter_signature import SignCharter
from application.command import Command
from application.member import AddMember
from application.pole import FileEvidence, LocatePole, MovePole, RegisterPole
from application.recognition import RecordRecognition
from application.ways import WayLine
from application.world import Moment
from domain.charter import Capacity, CharterSignature, Variant
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.membership import MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.recognition import RecognitionKind
from domain.rights import RoleNotHeld
from domain.roles import Role
from domain.values import Personal
from domain.workflow import ClauseNotHeld
from interfaces.wiring import Product
from tests import make

SIGNATORY_NAME = "Camille Martin-Dupré"


class Story:
    """What happens, day after day, to one pole."""

    def __init__(self, product: Product) -> None:
        self.product = product

    def happens(self, on: str, command: Command, role: Role = Role.REGISTRAR) -> Any:
        """Something is done on a day, by somebody in a role; its answer and its events."""
        dated = command.model_copy(update={"occurred_on": PartialDate(on)})
        return self.product.do(dated, self.product.operator(role))

    def on(self, day: str) -> Moment:
        return self.product.moment(in_force=day)

    def stage(self, day: str) -> str:
        return self.product.sheet("tetris", self.on(day)).stage_title

    def way(self, day: str, title: str) -> WayLine:
        ways = self.product.why("tetris", self.on(day))
        (way,) = [way for way in ways if way.title.startswith(title)]
        return way

    def missing(self, day: str, title: str) -> list[str]:
        return [c.sentence for c in self.way(day, title).clauses if c.verdict != "held"]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with make.product(tmp_path) as product:
        yield Story(product)


def test_a_pole_on_its_way(story: Story, tmp_path: Path) -> None:
    # The coordination hears of a project in Grasse and enters it in the register.
    done = story.happens("2022-01-10", RegisterPole(name="Tétris"), Role.COORDINATOR)
    pole = PoleId(done.answer)
    assert story.stage("2022-01-10") == "Émergence"

    # The pole asks what stands between it and the experimentation.
    assert story.missing("2022-01-10", "Entrer en expérimentation") == [
        "Le pôle réunit au moins une entreprise de l'ESS et une autre entreprise.",
        "Le document de stratégie commune est au dossier.",
        "Le territoire d'activité est délimité.",
    ]

    # It takes in its members, one after the other; a citizen's name is sealed.
    members = [
        ("2022-02-01", MemberKind.ESS_ENTERPRISE, "Évaléco"),
        ("2022-03-01", MemberKind.OTHER_ENTERPRISE, "Parfums du Sud"),
        ("2022-03-01", MemberKind.LOCAL_AUTHORITY, "Communauté du Pays de Grasse"),
    ]
    for on, kind, name in members:
        story.happens(on, AddMember(pole=pole, member_kind=kind, name=name))
    story.happens(
        "2022-04-01",
        AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text="Alix Rey")),
    )
    sheet = story.product.sheet("tetris", story.on("2022-03-15"))
    assert [member.name for member in sheet.members] == [name for _, _, name in members]

    # It would go on at once, and is told what is still missing.
    enter = MovePole(pole=pole, transition="enter_experimentation")
    with pytest.raises(ClauseNotHeld, match=r"stratégie commune.*territoire d'activité"):
        story.happens("2022-04-02", enter, Role.COORDINATOR)

    # It files its strategy and draws its territory; now nothing is missing.
    strategy = FileEvidence(pole=pole, evidence="strategy", title="Stratégie 2022–2027")
    story.happens("2022-05-01", strategy, Role.POLE_REPRESENTATIVE)
    territory = Territory(words="Pays de Grasse", region="Provence-Alpes-Côte d'Azur")
    story.happens("2022-05-02", LocatePole(pole=pole, territory=territory))
    assert story.missing("2022-05-02", "Entrer en expérimentation") == []
    assert story.way("2022-05-02", "Entrer en expérimentation").status == "open"

    # It is not for the pole to say so: the coordination does.
    with pytest.raises(RoleNotHeld, match="coordination nationale"):
        story.happens("2022-06-01", enter, Role.POLE_REPRESENTATIVE)
    story.happens("2022-06-01", enter, Role.COORDINATOR)
    assert [story.stage(day) for day in ("2022-05-31", "2022-06-01")] == [
        "Émergence",
        "Expérimentation",
    ]

    # It signs the charter. The form is on file; the name of who signed is sealed.
    sign = SignCharter(
        pole=pole,
        charter=PartialDate("2021-06"),
        variant=Variant.EXISTING_POLE,
        capacity=Capacity.PRESIDENT,
        place="Grasse",
        signatory=Personal(text=SIGNATORY_NAME),
    )
    signature = story.happens("2023-01-20", sign, Role.POLE_REPRESENTATIVE)
    form = FileEvidence(pole=pole, evidence="charter_form", title="Formulaire signé")
    story.happens("2023-01-20", form, Role.POLE_REPRESENTATIVE)
    step = MovePole(
        pole=pole,
        transition="sign_charter",
        input={"signature": str(signature.answer), "capacity": "president"},
    )
    story.happens("2023-01-20", step, Role.POLE_REPRESENTATIVE)
    assert story.stage("2023-01-20") == "Charte signée"
    assert story.product.sheet("tetris", story.on("2023-01-20")).charter_signed
    assert SIGNATORY_NAME not in str(story.product.history("tetris", story.on("2023-12-31")))
    for file in tmp_path.iterdir():
        assert b"Camille" not in file.read_bytes()
        assert b"Alix" not in file.read_bytes()
    signed = signature.events[0]
    assert (
        story.product.registry.unseal(
            signed.signatory, event=CharterSignature.Signed, field="signatory"
        )
        == SIGNATORY_NAME
    )

    # The signature is no recognition, and opens no way to one.
    recognise = MovePole(pole=pole, transition="recognise")
    with pytest.raises(ClauseNotHeld, match="Une reconnaissance au titre de l'article 9"):
        story.happens("2023-02-01", recognise)

    # The interministerial committee selects it for two years; the registry records it.
    selection = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.SELECTION,
        code="selection_2023",
        issuer="comité interministériel",
        ground="loi n° 2014-856 du 31 juillet 2014, art. 9 II",
        source="décision du 1er mars 2023",
        valid_to=make.day("2025-03-01"),
    )
    story.happens("2023-03-01", selection)
    with pytest.raises(JalonError, match="Une reconnaissance au titre de l'article 9"):
        story.happens("2023-02-28", recognise)
    assert story.stage("2023-03-01") == "Reconnaissance (article 9)"

    # While it lasts, nobody can end it before its term; at its term it has ended of itself.
    lapse = MovePole(pole=pole, transition="lapse")
    with pytest.raises(ClauseNotHeld, match="Plus aucune reconnaissance"):
        story.happens("2025-02-28", lapse, Role.REGISTRAR)
    assert [story.stage(day) for day in ("2025-02-28", "2025-03-01")] == [
        "Reconnaissance (article 9)",
        "Expérimentation",
    ]

    # Asked years later, the register tells the whole way, in order, and proves it.
    told = [
        (line.occurred_on, line.title)
        for line in story.product.history("tetris", story.on("2026-01-01"))
    ]
    assert told == [
        ("2022-01-10", "Inscription au registre"),
        ("2022-02-01", "Nouveau membre"),
        ("2022-03-01", "Nouveau membre"),
        ("2022-03-01", "Nouveau membre"),
        ("2022-04-01", "Nouveau membre"),
        ("2022-05-01", "Pièce versée"),
        ("2022-05-02", "Territoire"),
        ("2022-06-01", "Entrer en expérimentation (phase 2)"),
        ("2023-01-20", "Signature de la charte"),
        ("2023-01-20", "Pièce versée"),
        ("2023-01-20", "Signer la charte"),
        ("2023-03-01", "Reconnaissance"),
        ("2023-03-01", "Constater la reconnaissance (article 9)"),
        ("2025-03-01", "Constater la fin de la reconnaissance"),
    ]
    steps = [r.event for r in story.product.registry.told(Pole.Moved)]
    assert [s.to for s in steps if isinstance(s, Pole.Moved)] == [
        "experimentation",
        "charter_signed",
        "recognised",
        "experimentation",
    ]
    assert story.product.verify().root == story.product.journal.root()
    kept = story.product.follower.digests()
    story.product.follower.rebuild()
    assert story.product.follower.digests() == kept
