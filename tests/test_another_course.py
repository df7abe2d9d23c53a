"""A course of somebody else's: two small exercises in a folder anywhere, graded with everything that there is."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from grader import course, courses, fixtures, isolate, pipeline
from grader.batch.cluster import _observe, _Observing
from grader.batch.task import Task
from grader.courses import Course
from grader.discover import discover
from grader.errors import FixtureFault, UsageError
from grader.inside.zygote import _policy
from grader.isolate import Sandbox, open_sandbox
from grader.isolate.wall import Demand
from grader.notebook import Source
from grader.places import COURSE, EXERCISES, FIXTURES, SOLUTIONS, SPECIMENS
from grader.records import Evidence, Grade, Submission
from grader.wire.job import Setting

TINY = Path(__file__).parent / "second_course"
SPECIMEN_NAMES = {"01_double": "adds_two", "02_one_layer": "keeps_the_bias"}
Seen = tuple[Submission, Evidence]
PUBLIC, SECRET = b"for everybody", b"for the judge"


def copied(place: Path) -> Path:
    shutil.copytree(TINY, place, ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy outside of the repository, with a fixture for everybody and one for the judge."""
    folder = copied(tmp_path_factory.mktemp("somewhere") / "tiny")
    rows = []
    for audience, content in (("learner", PUBLIC), ("judge", SECRET)):
        path = folder / "fixtures" / audience / f"{audience}.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        rows.append(
            f'[[file]]\nname = "{audience}"\npath = "{audience}/{audience}.txt"\naudience = "{audience}"\n'
            f'sha256 = "{hashlib.sha256(content).hexdigest()}"\nbytes = {len(content)}\n'
            'seed = 0\nsource = ""\nlicence = ""\nreproducible = ""\n'
        )
    (folder / "fixtures" / "manifest.toml").write_text("".join(rows))
    return courses.read(folder)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Course | None], None]:
    """Use a course for one test."""
    monkeypatch.setattr(courses._Choice, "used", None)
    monkeypatch.setenv(courses.VARIABLE, "")

    def choose(chosen: Course | None) -> None:
        courses.use(chosen or courses.built_in())

    return choose


@pytest.fixture(scope="module")
def closed(tiny: Course) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(courses._Choice, "used", tiny)
        opened = open_sandbox(list(course.exercises().values()), warm=True)
    with opened:
        yield opened


@pytest.fixture
def seen(tiny: Course, closed: Sandbox, use: Callable[[Course | None], None], tmp_path: Path) -> Callable[..., Seen]:
    """Have a file or a text observed."""
    use(tiny)

    def run(source: Path | str, slug: str = "01_double") -> Seen:
        path = tmp_path / f"{slug}.py"
        path.write_text(source if isinstance(source, str) else source.read_text("utf-8"), "utf-8")
        submission, exercise = discover(path, learner="learner-01"), course.exercises()[slug]
        return submission, pipeline.observe(submission, exercise, closed, 7)

    return run


@pytest.fixture
def graded(seen: Callable[..., Seen]) -> Callable[..., Grade]:
    """Grade a file or a text."""

    def run(source: Path | str, slug: str = "01_double") -> Grade:
        submission, evidence = seen(source, slug)
        return pipeline.judge(submission, course.exercises()[slug], evidence)

    return run


def grade(*words: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **variables}, check=False, timeout=240
    )


@pytest.mark.parametrize("slug", SPECIMEN_NAMES)
def test_its_solutions_stubs_and_specimens_get_what_they_deserve(
    graded: Callable[..., Grade], tiny: Course, slug: str
) -> None:
    solution, stub = graded(tiny.solutions / f"{slug}.py", slug), graded(tiny.stubs / f"{slug}.py", slug)
    assert solution.full_marks
    assert (stub.earned, stub.diagnoses) == (0, ())
    assert solution.provenance.versions["course"] == "1.0"
    specimen = graded(tiny.specimens / slug / f"{SPECIMEN_NAMES[slug]}.py", slug)
    assert [each.misconception for each in specimen.diagnoses] == [SPECIMEN_NAMES[slug].replace("_", "-")]
    assert not specimen.full_marks


READS = """
def double(number):
    from pathlib import Path
    def read(path):
        try:
            return Path(path).read_bytes().decode()
        except OSError as error:
            return type(error).__name__
    return [read(path) for path in {paths}]
"""


def test_its_secrets_are_out_of_a_learners_reach_and_its_public_fixtures_are_not(
    seen: Callable[..., Seen], tiny: Course
) -> None:
    secrets = [
        tiny.hidden / "01_double" / "checks.py",
        tiny.hidden / "01_double" / "misconceptions.md",
        tiny.hidden / "02_one_layer" / "plan.py",
        tiny.solutions / "01_double.py",
        tiny.specimens / "01_double" / "adds_two.py",
        tiny.fixtures / "judge" / "judge.txt",
        tiny.fixtures / "manifest.toml",
        tiny.folder / courses.FILE,
        COURSE / "08_choose_depth" / "checks.py",
    ]
    public = tiny.public / "learner.txt"
    _, evidence = seen(READS.format(paths=[str(path) for path in (*secrets, public)]))
    told = evidence.facts["number/0"]["returned"]
    assert told[-1] == PUBLIC.decode()
    assert set(told[:-1]) <= {"FileNotFoundError", "PermissionError"}, told
    assert all(path.is_file() for path in secrets)


def test_the_walls_are_told_of_all_its_folders_wherever_they_lie(
    tmp_path: Path, use: Callable[[Course | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "lib" / "site-packages"
    installed = courses.read(copied(packages / "tiny"))
    installed.public.mkdir(parents=True)
    use(installed)
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    monkeypatch.setattr(isolate, "why_no_zygote", lambda: "")
    monkeypatch.setattr(isolate, "Zygote", lambda setting, **_: setting)
    setting = open_sandbox(list(course.exercises().values()))
    assert isinstance(setting, Setting)
    assert str(installed.hidden / "01_double" / "checks.py") in setting.hidden
    readable = [Path(place) for place in _policy(replace(setting, private=False)).readable]
    assert [each for each in readable if each.is_relative_to(installed.folder)] == [installed.public]
    assert not any(installed.hidden.is_relative_to(each) for each in readable)


def test_a_course_that_is_installed_and_not_used_is_closed_as_well(
    tmp_path: Path, use: Callable[[Course | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path / "site-packages" / "tiny_package")
    offer(folder.parent, "twice", "tiny_package")
    monkeypatch.syspath_prepend(str(folder.parent))
    monkeypatch.setattr(isolate, "why_no_zygote", lambda: "")
    monkeypatch.setattr(isolate, "Zygote", lambda setting, **_: setting)
    use(None)
    setting = open_sandbox(list(course.exercises().values()))
    assert isinstance(setting, Setting)
    assert str(folder / "hidden") in setting.closed
    assert str(folder / "hidden" / "01_double" / "checks.py") in setting.hidden


def test_a_fixture_enters_a_sandbox_only_if_it_can_be_read_there(
    tiny: Course, use: Callable[[Course | None], None], tmp_path: Path
) -> None:
    use(tiny)
    assert fixtures.for_sandbox(("learner",))["learner"].file == tiny.public / "learner.txt"
    with pytest.raises(FixtureFault, match="must not enter"):
        fixtures.for_sandbox(("judge",))
    folder = copied(tmp_path / "odd")
    shutil.copytree(tiny.fixtures, folder / "fixtures")
    manifest = folder / "fixtures" / "manifest.toml"
    manifest.write_text(manifest.read_text().replace('"judge"\nsha', '"learner"\nsha'))
    use(courses.read(folder))
    with pytest.raises(FixtureFault, match="belongs in fixtures/learner"):
        fixtures.for_sandbox(("judge",))


def test_courses_of_one_process_are_not_mixed_up(
    seen: Callable[..., Seen],
    graded: Callable[..., Grade],
    tiny: Course,
    use: Callable[[Course | None], None],
    tmp_path: Path,
) -> None:
    solution = (tiny.solutions / "01_double.py").read_text()
    other = courses.read(copied(tmp_path / "other"))
    hidden = other.hidden / "01_double"
    for name, old, new in (
        ("exercise.toml", "points = 2", "points = 5"),
        ("checks.py", "points=2", "points=5"),
        ("wire.py", "number/", "figure/"),
        ("misconceptions.md", "Two is added", "Somebody added two"),
    ):
        (hidden / name).write_text((hidden / name).read_text("utf-8").replace(old, new), "utf-8")
    specimen = other.specimens / "01_double" / "adds_two.py"
    for _ in range(2):
        use(tiny)
        assert graded(solution).earned == 2
        assert graded(specimen).diagnoses[0].title.startswith("Two is added")
        first = course.part(course.exercises()["01_double"], "checks")
        use(other)
        assert graded(solution).earned == 5
        assert "figure/0" in seen(solution)[1].facts
        assert graded(specimen).diagnoses[0].title.startswith("Somebody added")
        assert course.part(course.exercises()["01_double"], "checks") is not first
        use(None)
        assert "01_replace_head" in course.exercises()
        assert "vision-backbone" in fixtures.manifest()
    names = {name for name in sys.modules if name.startswith("grader_course_") and name.endswith("01_double.checks")}
    assert {f"{each.package}.01_double.checks" for each in (tiny, other)} <= names


def test_the_course_checks_itself_from_anywhere(tiny: Course, tmp_path: Path) -> None:
    told = grade("selfcheck", "--course", tiny.folder, "--exercises", "1", "02", cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "specimen adds-two" in told.stdout
    assert "Everything held." in told.stdout


def test_a_batch_of_its_cohort_with_the_variable_of_the_environment(tiny: Course, tmp_path: Path) -> None:
    for learner, given in (("ann", tiny.solutions), ("ben", tiny.stubs)):
        shutil.copytree(given, tmp_path / "submissions" / learner)
    for slug, name in SPECIMEN_NAMES.items():
        place = tmp_path / "submissions" / "cora" / f"{slug}.py"
        place.parent.mkdir(exist_ok=True)
        shutil.copy(tiny.specimens / slug / f"{name}.py", place)
    chosen = {courses.VARIABLE: os.path.relpath(tiny.folder, tmp_path)}
    done = grade("batch", "submissions", "--out", "results", "--seed", 7, cwd=tmp_path, **chosen)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = csv.DictReader(io.StringIO(grade("export", "csv", "results", cwd=tmp_path, **chosen).stdout))
    told = [(row["learner"], row["exercise"][:2], row["points"], row["misconceptions"]) for row in rows]
    assert told == [
        ("ann", "01", "2", ""),
        ("ann", "02", "1", ""),
        ("ben", "01", "0", ""),
        ("ben", "02", "0", ""),
        ("cora", "01", "0", "adds-two"),
        ("cora", "02", "0", "keeps-the-bias"),
    ]
    assert grade("rejudge", "results", cwd=tmp_path, **chosen).returncode == 0
    refused = grade("cohort", "results", cwd=tmp_path)
    assert refused.returncode == 2
    assert "holds grades of the course tiny, and this is transfer-learning" in refused.stderr


def test_a_learner_takes_it_like_the_built_in_one(tiny: Course, tmp_path: Path) -> None:
    begun = grade("init", tmp_path / "mine", "--course", tiny.folder, cwd=tmp_path)
    assert begun.returncode == 0, begun.stderr
    shutil.copy(tiny.solutions / "01_double.py", tmp_path / "mine" / "exercises")
    chosen = {courses.VARIABLE: str(tiny.folder)}
    assert grade("ci", cwd=tmp_path / "mine", **chosen).stdout.count("is not begun") == 1
    assert grade("01", cwd=tmp_path / "mine", **chosen).returncode == 0
    assert "1 of 2" in grade(cwd=tmp_path / "mine", **chosen).stdout
    assert (
        grade("--version", "--course", tiny.folder, cwd=tmp_path).stdout.splitlines()[1].startswith("course tiny 1.0")
    )


def offer(place: Path, name: str, package: str) -> None:
    about = place / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{courses.GROUP}]\n{name} = {package}\n")


def test_an_installed_package_offers_a_course_by_name(tmp_path: Path) -> None:
    folder = copied(tmp_path / "packages" / "tiny_package")
    (folder / "__init__.py").write_text("raise SystemExit('nobody needs to import this')\n")
    offer(folder.parent, "twice", "tiny_package")
    offer(folder.parent, "gone", "no_such_package")
    installed = {"PYTHONPATH": str(folder.parent)}
    hostile = copied(tmp_path / "twice")
    for checks in hostile.glob("hidden/*/checks.py"):
        checks.write_text("raise SystemExit('a folder that lies here is not the course of that name')\n")
    (tmp_path / "submissions" / "ann").mkdir(parents=True)
    shutil.copy(TINY / "solutions" / "01_double.py", tmp_path / "submissions" / "ann")
    done = grade("batch", "submissions", "--out", "results", "--course", "twice", cwd=tmp_path, **installed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert grade("submissions/ann/01_double.py", cwd=tmp_path, GRADE_COURSE="twice", **installed).returncode == 0
    meant = grade("--course", "submissions", "01", cwd=tmp_path, **installed)
    assert (meant.returncode, meant.stdout) == (2, "")
    assert "If its folder is meant, say ./submissions." in meant.stderr
    unknown = grade("--course", "thrice", "01", cwd=tmp_path, **installed)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no folder is called so, and offered are gone, twice." in unknown.stderr
    gone = grade("--course", "gone", "01", cwd=tmp_path, **installed)
    assert gone.returncode == 2
    assert "no_such_package is no package with a course.toml" in gone.stderr


def laid(place: Path, toml: str | bytes, *, hidden: bool = True) -> None:
    place.mkdir()
    (place / courses.FILE).write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    if hidden:
        (place / "hidden").mkdir()


@pytest.mark.parametrize(
    ("toml", "hidden", "sentence"),
    [
        ("name = ", True, "cannot be read: "),
        (b"\xff", True, "cannot be read: "),
        ('name = "x"\n', True, "missing required field `version`"),
        ('name = " "\nversion = "1"\n', True, "needs a name and a version"),
        ('name = "x"\nversion = 1\n', True, "Expected `str`"),
        ('name = "x"\nversion = "1"\ncolour = "red"\n', True, "unknown field `colour`"),
        ('name = "x"\nversion = "1"\n', False, "there is no such folder"),
    ],
)
def test_a_course_that_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path, toml: str | bytes, *, hidden: bool, sentence: str
) -> None:
    laid(tmp_path / "bad", toml, hidden=hidden)
    with pytest.raises(UsageError, match=sentence):
        courses.find(str(tmp_path / "bad"))


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        (".", "is no course: there is no course.toml in it"),
        ("no/where", "There is no folder no/where"),
        ("nobody", "no installed package offers one"),
    ],
)
def test_what_is_no_course_is_a_usage_error(tmp_path: Path, named: str, sentence: str) -> None:
    for words, variables in ((["--course", named, "01"], {}), (["01"], {courses.VARIABLE: named})):
        told = grade(*words, cwd=tmp_path, **variables)
        assert (told.returncode, told.stdout) == (2, "")
        assert sentence in told.stderr


def test_a_course_without_exercises_is_a_usage_error(tmp_path: Path, use: Callable[[Course | None], None]) -> None:
    laid(tmp_path / "empty", 'name = "x"\nversion = "1"\n')
    use(courses.read(tmp_path / "empty"))
    with pytest.raises(UsageError, match="There is no exercise in"):
        course.exercises()


@pytest.mark.parametrize(
    "words", [("tour",), ("compare",), ("handout", "learners"), ("export", "gradescope", "--autograder", "a.zip")]
)
def test_what_is_about_the_built_in_course_says_so(tiny: Course, tmp_path: Path, words: tuple[str, ...]) -> None:
    told = grade(*words, "--course", tiny.folder, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "is about the course that comes with the grader; it takes no other." in told.stderr
    assert sorted(tmp_path.iterdir()) == []


def test_folders_of_other_names_are_found(tmp_path: Path) -> None:
    toml = 'name = "x"\nversion = "1"\n[folders]\nhidden = "secret/here"\nsolutions = "../elsewhere"\n'
    laid(tmp_path / "course", toml, hidden=False)
    (tmp_path / "course" / "secret" / "here").mkdir(parents=True)
    read = courses.read(tmp_path / "course")
    assert read.hidden == tmp_path / "course" / "secret" / "here"
    assert read.solutions == tmp_path / "elsewhere"
    assert read.stubs == tmp_path / "course" / "exercises"


def test_the_built_in_course_is_one_like_any_other(use: Callable[[Course | None], None]) -> None:
    use(None)
    own = courses.current()
    assert own == courses.built_in() == courses.find(str(COURSE))
    assert (own.hidden, own.stubs, own.solutions) == (COURSE, EXERCISES, SOLUTIONS)
    assert (own.specimens, own.fixtures) == (SPECIMENS, FIXTURES)
    assert own.is_built_in
    assert own.version == course.version()


def test_workers_of_a_cluster_use_the_same_course_and_run_no_others_tasks(
    tiny: Course, use: Callable[[Course | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(None)
    asks, code = course.edition(), Source(source=b"")
    plugin = _Observing(("01_double",), tiny, Demand.for_cohort(weaker=True))
    plugin.setup(SimpleNamespace(address="here"))  # type: ignore[arg-type]
    try:
        assert courses.current() == tiny
        monkeypatch.setattr("grader.batch.cluster._here", lambda: plugin)
        with pytest.raises(UsageError, match=f"The worker here has the course tiny 1.0, not {asks}"):
            _observe(Task(exercise="01_double", key="k", code=code, seed=5, course=asks))
        seen = _observe(Task(exercise="01_double", key="k", code=code, seed=5, course=course.edition()))
        assert seen.packed
    finally:
        plugin.teardown(SimpleNamespace())  # type: ignore[arg-type]


def test_workers_of_a_cluster_look_for_the_same_course(tiny: Course) -> None:
    assert _Observing((), tiny, Demand.for_cohort(weaker=False))._address == str(tiny.folder)
    assert _Observing((), replace(tiny, offered_as="twice"), Demand.for_cohort(weaker=False))._address == "twice"
    assert _Observing((), courses.built_in(), Demand.for_cohort(weaker=False))._address == ""
