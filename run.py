#!/usr/bin/env python3
"""Set the product up in `.venv` and run it: `python3 run.py demo`, `python3 run.py test`."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")
USAGE = """usage : python3 run.py demo [--no-serve] [--fresh] [--port N]
        python3 run.py test [--long] [arguments de pytest]"""


def set_up(extra: str) -> None:
    """Make the environment once; do nothing while `pyproject.toml` has not changed."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = HOME / f"stamp-{extra or 'run'}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installation dans .venv (une seule fois)…", file=sys.stderr)
    if not (BIN / "python").exists():
        venv.create(HOME, with_pip=True)
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*pip, "--editable", target], check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        sys.exit("L'installation a échoué ; la première fois, une connexion est nécessaire.")
    stamp.write_text(wanted)


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  # said in words, where an older Python starts us
        sys.exit("Jalon demande Python 3.11 ou plus récent.")
    match sys.argv[1:]:
        case ["demo", *options]:
            set_up("")
            command = [str(BIN / "jalon"), "demo", *options]
        case ["test", *options]:
            set_up("dev")
            # Properties are tried on a share of their examples; the long tier tries them on all.
            thorough = "--long" in options
            tier = "long or hypothesis" if thorough else "not long"
            os.environ["JALON_THOROUGH"] = str(int(thorough))
            patience = ["--timeout", "1800"] if thorough else []
            rest = [option for option in options if option != "--long"]
            spread = ["-n", "auto", "--dist", "loadfile"]
            command = [str(BIN / "python"), "-m", "pytest", *spread, "-m", tier, *patience, *rest]
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    # Where the environment asks Python to keep nothing compiled, every start would compile again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
