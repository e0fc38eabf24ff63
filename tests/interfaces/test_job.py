"""Long work: asked for, done by a process of its own, followed, left and found again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest

from application.command import By
from application.job import Job, JobNotForRole, JobNotWaiting, JobOfAnother, JobState, UnknownJob
from application.pole import RegisterPole
from domain.roles import Role
from infrastructure.job_starter import JobStarter
from interfaces.job_kinds import KINDS
from interfaces.jobs import ask_again, ask_job, give_up_job, job_file, job_of, jobs_of, run_job
from interfaces.store import check_bundle
from interfaces.wiring import Product, Settings
from tests import job_program, make
from tests.interfaces.people import Person, holder_of, open_account, send
from tests.interfaces.shell import jalon
from tests.make import ORIGIN

PROGRAM = (sys.executable, "-m", "tests.job_program", "job", "run")
SECRET = "Camille-Ailleurs"  # noqa: S105  # a word that nobody else says


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A registry that is signed, with a pole."""
    settings = Settings(home=tmp_path / "home", database="", origin=ORIGIN)
    make.begin(settings)
    with closing(Product(settings)) as opened:
        opened.do(RegisterPole(name="Pôle d'essai"), opened.operator())
        yield opened


@dataclass
class Trial:
    """Kinds of jobs that wait, or fail, done by a process that knows them."""

    product: Product
    pipes: Path

    def ask(self, kind: str = "wait", word: str = "", given: bytes | None = None) -> UUID:
        by = self.product.operator(Role.REGISTRAR)
        inputs = {"pipes": str(self.pipes), "word": word}
        return ask_job(self.product, kind, by, inputs, given)

    def began(self) -> int:
        """The process of the job that waits, once it does."""
        return int((self.pipes / "began").read_text("utf-8"))

    def go(self) -> None:
        """Let it go on, and end."""
        (self.pipes / "go").write_text("go", "utf-8")
        self.product.job_starter.join()

    def seen(self, job: UUID) -> Job:
        return job_of(self.product, job, self.product.operator(Role.REGISTRAR))


@pytest.fixture
def trial(product: Product, tmp_path: Path) -> Iterator[Trial]:
    starter = JobStarter(product.jobs, PROGRAM, product.settings.as_environment)
    pipes = tmp_path / "pipes"
    pipes.mkdir()
    for name in ("began", "go"):
        os.mkfifo(pipes / name)
    with patch.dict(KINDS, job_program.KINDS), patch.object(product, "job_starter", starter):
        yield Trial(product, pipes)
        starter.join()


# --- done ---------------------------------------------------------------------------------------


def test_a_bundle_is_made_apart_and_taken_away(product: Product) -> None:
    auditor = product.operator(Role.AUDITOR)
    id_ = ask_job(product, "dossier-de-preuve", auditor)
    assert job_of(product, id_, auditor).state is JobState.WAITING

    assert product.job_starter.start() == [id_]
    product.job_starter.join()

    job, file = job_file(product, id_, auditor)
    assert job.state is JobState.DONE
    assert job.done == job.total > 0
    found = check_bundle(file)
    assert not found.faults
    assert job.result
    assert ("Racine", found.checkpoint.root.hex()) in job.result.says
    assert [(line.concept, line.part) for line in product.accesses.lines()] == [("log", "bundle")]


def test_how_far_it_has_come_is_seen_meanwhile(trial: Trial) -> None:
    id_ = trial.ask()
    trial.product.job_starter.start()
    trial.began()

    far = trial.seen(id_)
    assert (far.state, far.percent, far.doing) == (JobState.RUNNING, 33, "premier tiers")

    trial.go()
    assert trial.seen(id_).state is JobState.DONE


def test_no_more_are_done_at_once_than_two(trial: Trial) -> None:
    asked = [trial.ask("fail", word) for word in ("un", "deux", "trois")]

    assert trial.product.job_starter.start() == asked[:2]
    trial.product.job_starter.join()
    assert trial.product.job_starter.start() == asked[2:]


def test_a_server_begins_what_is_asked_for(trial: Trial) -> None:
    with trial.product.following():
        id_ = trial.ask()
        trial.began()
        trial.go()

    assert trial.seen(id_).state is JobState.DONE


# --- not done -----------------------------------------------------------------------------------


def test_one_whose_process_died_is_said_interrupted_and_asked_for_anew(trial: Trial) -> None:
    id_ = trial.ask()
    trial.product.job_starter.start()
    os.kill(trial.began(), signal.SIGKILL)
    trial.product.job_starter.join()

    assert trial.seen(id_).state is JobState.INTERRUPTED
    assert not trial.product.jobs.folder(id_).exists()

    again = ask_again(trial.product, id_, trial.product.operator())
    assert again != id_
    trial.product.job_starter.start()
    trial.began()
    trial.go()
    assert trial.seen(again).state is JobState.DONE


def test_after_a_restart_one_that_runs_is_found_and_one_that_died_is_not_waited_for(
    trial: Trial,
) -> None:
    id_ = trial.ask()
    environment = {**os.environ, **trial.product.settings.as_environment}
    with subprocess.Popen([*PROGRAM, str(id_)], env=environment) as child:
        trial.began()
        with closing(Product(trial.product.settings)) as server:
            by = server.operator()
            server.job_starter.start()
            assert job_of(server, id_, by).state is JobState.RUNNING

            child.kill()
            child.wait()

            assert [job.state for job in jobs_of(server, by)] == [JobState.INTERRUPTED]


def test_one_that_is_given_up_stops_and_leaves_nothing(trial: Trial) -> None:
    id_ = trial.ask()
    trial.product.job_starter.start()
    trial.began()

    give_up_job(trial.product, id_, trial.product.operator())
    trial.product.job_starter.join()

    assert trial.seen(id_).state is JobState.GIVEN_UP
    assert not trial.product.jobs.folder(id_).exists()


def test_why_one_failed_is_said_in_a_sentence(product: Product, trial: Trial) -> None:
    early = ask_job(
        product, "dossier-de-preuve", product.operator(Role.AUDITOR), {"until": "2001-01-01"}
    )
    fault = trial.ask("fail", "détail technique")
    product.job_starter.start()
    product.job_starter.join()

    said = {id_: product.jobs.find(id_) for id_ in (early, fault)}
    assert {job.state for job in said.values()} == {JobState.FAILED}
    assert "Aucun point de contrôle n'a été signé jusque-là" in said[early].doing
    assert said[fault].doing.startswith("Erreur inattendue (RuntimeError)")
    assert "détail" not in said[fault].doing


def test_one_is_done_once(trial: Trial) -> None:
    id_ = trial.ask("fail")
    run_job(trial.product, id_)

    with pytest.raises(JobNotWaiting, match="échoué"):
        run_job(trial.product, id_)


# --- asked for ----------------------------------------------------------------------------------


def test_the_same_request_twice_at_once_is_one_job(trial: Trial) -> None:
    first = trial.ask("fail", "même mot")

    assert trial.ask("fail", "même mot") == first
    assert trial.ask("fail", "autre mot") != first
    run_job(trial.product, first)
    assert trial.ask("fail", "même mot") != first


def test_what_is_asked_with_lies_nowhere_in_clear_and_a_file_goes_when_it_ends(
    trial: Trial,
) -> None:
    id_ = trial.ask(word=SECRET, given=SECRET.encode())
    home = trial.product.settings.home
    written = [file.read_bytes() for file in home.rglob("*") if file.is_file()]
    assert not any(SECRET.encode() in content for content in written)

    trial.product.job_starter.start()
    trial.began()
    trial.go()

    assert trial.product.jobs.given(id_) is None
    _, file = job_file(trial.product, id_, trial.product.operator())
    assert file.read_text("utf-8") == SECRET


def test_each_kind_is_for_some_and_a_job_for_who_asked_for_it(product: Product) -> None:
    auditor, other = (open_account(product, Role.AUDITOR) for _ in range(2))
    moderator = open_account(product, Role.MODERATOR)
    with pytest.raises(JobNotForRole, match="Dossier de preuve"):
        ask_job(product, "dossier-de-preuve", By(actor=moderator, role=Role.MODERATOR))
    by = By(actor=auditor, role=Role.AUDITOR)
    id_ = ask_job(product, "verification", by)
    run_job(product, id_)

    assert job_of(product, id_, by).result
    assert job_of(product, id_, product.operator(Role.REGISTRAR)).result is None
    with pytest.raises(JobOfAnother):
        job_of(product, id_, By(actor=other, role=Role.AUDITOR))
    with pytest.raises(JobOfAnother):
        job_file(product, id_, product.operator(Role.REGISTRAR))


# --- kept ---------------------------------------------------------------------------------------


def test_one_that_ended_is_kept_for_some_days(tmp_path: Path) -> None:
    clock = make.Clock(datetime(2024, 6, 3, 10, 0, tzinfo=UTC))
    settings = Settings(home=tmp_path / "home", database="", job_days="2", tick_seconds="0")
    make.begin(settings)
    with closing(Product(settings, clock)) as product:
        by = product.operator(Role.AUDITOR)
        id_ = ask_job(product, "verification", by)
        run_job(product, id_)
        clock.advance(days=1)
        product.tick()
        assert job_of(product, id_, by).result

        clock.advance(days=1)
        product.tick()

        with pytest.raises(UnknownJob):
            job_of(product, id_, by)
        assert [*settings.job_folder.iterdir()] == []


def test_what_may_be_about_a_person_goes_when_one_is_forgotten(trial: Trial) -> None:
    person, other = trial.ask("person", SECRET), trial.ask("fail", SECRET)
    run_job(trial.product, person)
    run_job(trial.product, other)

    trial.product.resume_erasures()

    assert [job.id for job in trial.product.jobs.lines()] == [other]


# --- pages, and the command line ----------------------------------------------------------------


@dataclass
class Auditor(Person):
    """Somebody signed in, by whom jobs are asked for."""

    by: By


@pytest.fixture
def auditor(product: Product) -> Auditor:
    account = open_account(product, Role.AUDITOR)
    return Auditor(holder_of(product, account).http, By(actor=account, role=Role.AUDITOR))


def test_the_page_of_a_job_says_how_far_it_is_and_gives_what_came_of_it(
    product: Product, auditor: Auditor
) -> None:
    assert "Aucun travail n'est demandé" in auditor.read("/travaux")
    id_ = ask_job(product, "dossier-de-preuve", auditor.by)

    page = auditor.read(f"/travaux/{id_}")
    assert "En attente" in page
    assert "Abandonner ce travail" in page
    run_job(product, id_)

    page = auditor.read(f"/travaux/{id_}")
    assert "Emporter le fichier" in page
    assert "tout le journal" in auditor.read("/travaux")
    given = auditor.http.get(f"/travaux/{id_}/fichier")
    assert given.content.startswith(b"PK")
    assert given.headers["content-disposition"].endswith(f'dossier-{str(id_)[:8]}.zip"')
    registrar = holder_of(product, open_account(product, Role.REGISTRAR))
    assert "Emporter le fichier" not in registrar.read(f"/travaux/{id_}")
    assert registrar.http.get(f"/travaux/{id_}/fichier").status_code == 403


def test_a_job_is_asked_for_from_the_page_by_whom_it_is_for(
    product: Product, auditor: Auditor
) -> None:
    assert "Dossier de preuve" in auditor.read("/travaux")
    said = {"kind": "dossier-de-preuve", "pole": "Pôle d'essai"}

    asked = send(auditor.http, "/travaux", "/travaux", **said)
    assert asked.status_code == 303
    assert "Pôle d'essai" in unescape(auditor.read(asked.headers["location"]))

    wrong = send(auditor.http, "/travaux", "/travaux", **{**said, "pole": "Ailleurs"})
    assert (wrong.status_code, "Ailleurs" in wrong.text) == (404, True)
    moderator = holder_of(product, open_account(product, Role.MODERATOR))
    assert "Dossier de preuve" not in moderator.read("/travaux")
    assert send(moderator.http, "/travaux", "/travaux", **said).status_code == 403
    assert len(jobs_of(product, auditor.by)) == 1


def test_one_is_given_up_and_asked_for_anew_on_its_page(product: Product, auditor: Auditor) -> None:
    id_ = ask_job(product, "verification", auditor.by)

    send(auditor.http, f"/travaux/{id_}/abandonner", f"/travaux/{id_}")
    assert "Abandonné" in auditor.read(f"/travaux/{id_}")

    answer = send(auditor.http, f"/travaux/{id_}/refaire", f"/travaux/{id_}")
    assert answer.headers["location"] != f"/travaux/{id_}"
    assert "En attente" in auditor.read(answer.headers["location"])


def test_jobs_are_listed_shown_and_run_on_the_command_line(product: Product) -> None:
    home = product.settings.home
    id_ = ask_job(product, "verification", product.operator(Role.AUDITOR))
    assert "en attente" in jalon("--home", home, "job", "list").out

    seen = jalon("--home", home, "job", "run", str(id_))

    assert (seen.code, "Événements vérifiés" in seen.out) == (0, True)
    assert jalon("--home", home, "job", "show", str(id_), "--json").json["state"] == "done"
    assert jalon("--home", home, "job", "run", str(id_)).code == 5


def test_they_are_asked_for_and_followed_over_http(product: Product, auditor: Auditor) -> None:
    signed = {"Authorization": f"Bearer {product.token}", "Jalon-Role": "auditor"}
    asked = auditor.http.post("/api/jobs", json={"kind": "verification"}, headers=signed)
    assert asked.status_code == 202
    path = f"/api/jobs/{asked.json()['id']}"
    run_job(product, UUID(asked.json()["id"]))

    assert auditor.http.get(path, headers=signed).json()["state"] == "done"
    assert auditor.http.get(f"{path}/file", headers=signed).status_code == 404
    assert auditor.http.delete(path, headers=signed).status_code == 422
    assert auditor.http.get("/api/jobs").status_code == 403
