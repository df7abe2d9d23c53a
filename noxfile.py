"""Every gate by its name: `nox` runs the quick ones, `nox -l` lists all, `nox -s tests` runs one.

Sessions run in the environment that nox was started from, because torch is too large to install for each; but for
``pairs``, which tries what users have and installs several GB for each pair; ``nox -l`` lists them, such as
``nox -s "pairs-3.14(pair='newest')"``.
"""

from __future__ import annotations

from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "floors", "fixtures", "quick"]

LIGHT = ("adaptation", "cohort", "fixtures", "notebook", "report", "similarity")
"""Rooms of tests that train nothing and hardly run a learner's code, besides the tests that have no room."""
HEAVY = ("test_bad_input.py", "test_cli.py", "test_interrupt.py", "test_staff.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, and the form of every file."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    session.run("mypy")


@nox.session
def floors(session: nox.Session) -> None:
    """Imports point down."""
    session.run("lint-imports")


@nox.session
def workflows(session: nox.Session) -> None:
    """GitHub's workflows and the images, read closely; `pip install -r tools/linters.txt` brings the readers."""
    session.run("zizmor", "--offline", "--no-progress", "--persona=pedantic", ".github")
    session.run("actionlint")
    session.run("hadolint", "containers/staff.Dockerfile", "containers/learner.Dockerfile")


@nox.session
def fixtures(session: nox.Session) -> None:
    """The shipped models and data are what the manifest says."""
    session.run("python", "fixtures/build.py", "--check")


@nox.session
def quick(session: nox.Session) -> None:
    """The tests that need a minute."""
    roomless = sorted(path.name for path in Path("tests").glob("test_*.py") if path.name not in HEAVY)
    session.run("python", "-m", "pytest", "-q", *(f"tests/{name}" for name in (*LIGHT, *roomless)), *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Everything: the gates before, all tests, and the coverage of the trusted side."""
    session.run("tools/check", *session.posargs)


@nox.session
def selfcheck(session: nox.Session) -> None:
    """The course checks itself, and every specimen gets its own name on fresh seeds."""
    session.run("grade", "selfcheck", *session.posargs)
    session.run("grade", "selfcheck", "--confusion", *session.posargs)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"], venv_backend="virtualenv")
@nox.parametrize("pair", ["pinned", "oldest", "newest", "mismatched"])
def pairs(session: nox.Session, pair: str) -> None:
    """What users have: another torch, torchvision and Python; the whole course, and the walls."""
    session.run("python", "tools/smoke.py", "install", pair, "dev")
    session.run("python", "tools/smoke.py")
    session.run("grade", "doctor")
    session.run("grade", "selfcheck")
    rooms = ("tests/course", "tests/walls", "tests/isolate")
    session.run("python", "-m", "pytest", "-q", *rooms, *session.posargs)


@nox.session
def constraints(session: nox.Session) -> None:
    """Take up the newest releases into constraints.txt, for every system and Python; torch stays as it is there."""
    session.run("python", "tools/constraints.py", *session.posargs)


@nox.session
def mutation(session: nox.Session) -> None:
    """Are the hidden checks complete? Mutants of the solutions have to fail."""
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session
def seeds(session: nox.Session) -> None:
    """Does every specimen earn the same whatever is drawn? Twenty seeds; an hour for all, so name some: ``-- 03``."""
    session.run("python", "-m", "tests.seeds", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation, without a single warning."""
    session.run("python", "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "build/site")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """The figures that the documentation shows, taken anew; hours with the peers, so name some: ``-- probes loop``."""
    session.run("python", "-m", "benchmarks", *session.posargs)
