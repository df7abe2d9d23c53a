"""Exercise 09 from end to end: strict on keys and figures, forgiving on how they are typed, deaf to style."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader import adaptation, course, note
from grader.adaptation import Adaptation, Audit, Comparison, Strategy, records
from grader.cli import app
from grader.discover import discover
from grader.errors import UsageError
from grader.pipeline import grade, judge, observe
from grader.places import EXERCISES, SOLUTIONS, SPECIMENS
from grader.records import Grade, Verdict

EXERCISE = course.exercises()["09_adaptation_note"]
FIRST = (SOLUTIONS / "09_adaptation_note.md").read_text("utf-8")
EXAMPLE = course.folder(EXERCISE) / note.EXAMPLE
MEASURED = adaptation.read(EXAMPLE)
VISION, TEXT = MEASURED.comparisons
Compared = Callable[..., Grade]


@pytest.fixture
def compared(tmp_path: Path) -> Compared:
    """Grade a note against evidence, the example's unless another is given."""

    def run(text: str | bytes, evidence: Adaptation = MEASURED) -> Grade:
        path = tmp_path / "09_adaptation_note.md"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        adaptation.write(tmp_path / "evidence.json", evidence)
        return grade(discover(path, learner="learner-01"), None)

    return run


def changed(*pairs: tuple[str, str]) -> str:
    text = FIRST
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def said(result: Grade) -> str:
    return " ".join(outcome.message for outcome in result.outcomes)


def failed(result: Grade) -> set[str]:
    return {outcome.function for outcome in result.outcomes if outcome.verdict is Verdict.FAILED}


SAME = {
    "bold keys": [("- strategy:", "- **strategy**:"), ("- depth:", "- **depth:**")],
    "stars for bullets": [("\n- ", "\n* ")] * 11,
    "no bullets at all": [("\n- ", "\n")] * 11,
    "numbers for bullets": [("- strategy", "1. strategy"), ("- depth", "2. depth")],
    "code for values": [("partial_unfreeze\n", "`partial_unfreeze`\n"), ("58378", "`58378`")],
    "keys in capitals": [("- strategy:", "- STRATEGY :"), ("- scratch score:", "- Scratch Score:")],
    "keys with underscores": [("frozen run audited", "frozen_run_audited"), ("headline hid", "headline-hid")],
    "names with other separators": [("strategy: partial_unfreeze", "strategy: Partial-Unfreeze")],
    "commas in numbers": [("58378", "58,378"), ("78002", "78,002")],
    "points in numbers": [("58378", "58.378"), ("78002", "78.002")],
    "spaces in numbers": [("58378", "58 378"), ("78002", "78\N{NARROW NO-BREAK SPACE}002")],
    "scientific notation": [("58378", "5.8378e4"), ("0.976 ± 0.002", "9.76e-1 ± 2e-3")],
    "plus and minus": [("0.976 ± 0.002", "0.976 +/- 0.002"), ("0.919 ± 0.006", "0.919 +- 0.006")],
    "another minus": [("-0.010 ± 0.004", "\N{MINUS SIGN}0.010 ± 0.004"), ("13 -> 0", "13 \N{RIGHTWARDS ARROW} 0")],
    "decimal commas": [("0.976 ± 0.002", "0,976 ± 0,002")],
    "more decimals": [("0.976 ± 0.002", "0.97639 ± 0.002406")],
    "fewer decimals": [("0.976 ± 0.002", "0.98 ± 0.00"), ("0.757 ± 0.011", "0.76 ± 0.01")],
    "n without brackets": [("(n=3)", "n = 3")] * 4,
    "labels": [
        ("0.976 ± 0.002 (n=3)", "0.976 ± 0.002 sd (n=3)"),
        ("0.919 ± 0.006 (n=3)", "0.919 ± 0.006 (sd), n=3"),
        ("-0.010 ± 0.004 for", "-0.010 ± 0.004 (se) for"),
        ("0.757 ± 0.011 (n=3)", "0.757 ± 0.011 (sd, n=3)"),
        ("+0.008 ± 0.012 for", "+0.008 ± 0.012 SE for"),
    ],
    "an error in brackets": [("-0.010 ± 0.004 for", "-0.010 (+/- 0.004 se) for"), ("± 0.012 for", "(±0.012) for")],
    "more decimals of an error": [("-0.010 ± 0.004", "-0.01 ± 0.00437"), ("+0.008 ± 0.012", "+0.0075 ± 0.01250")],
    "rates as decimals": [("head 1e-2, backbone 5e-3", "head: 0.01 and backbone: 0.005")],
    "classes by name": [("true 9, predicted 3", "true small, predicted E")],
    "a remark behind a value": [("depth: 1\n", "depth: 1 (layer4)\n"), ("audited: yes", "audited: Yes, all of them")],
    "no audit": [("frozen run audited: yes", "frozen run audited: no")],
    "a sentence for an experiment": [("next experiment: none", "next experiment: depth may wait; fewer labels first")],
    "a deeper experiment": [("next experiment: depth 1", "next experiment: depth 3")],
    "other headings": [("## Vision", "# Vision: the ResNet"), ("## Text", "#### TEXT")],
    "a heading inside": [("- depth: 1", "### Costs\n\n- depth: 1")],
    "a reason nobody asked for": [("- depth: 1", "- because: I like it\n- depth: 1")],
    "prose between the lines": [("- depth: 1", "\nIt took a while, namely: two days.\n\n- depth: 1")],
    "a sentence over two lines": [("headline hid: the frozen model", "headline hid: the frozen\n  model: it")],
    "Windows line ends": [("\n", "\r\n")] * 60,
    "a mark at the start": [("# Adaptation", "\N{ZERO WIDTH NO-BREAK SPACE}# Adaptation")],
}


@pytest.mark.parametrize("same", SAME)
def test_how_it_is_typed_costs_nothing(compared: Compared, same: str) -> None:
    result = compared(changed(*(pair for pair in SAME[same] if pair[0] in FIRST)))
    assert (result.earned, result.diagnoses) == (6, ()), said(result)


def test_the_order_of_the_lines_is_free(compared: Compared) -> None:
    vision, text = (part.splitlines() for part in FIRST.split("## Vision")[1].split("## Text"))
    turned = [sorted(line for line in lines if line.startswith("- ")) for lines in (text, vision)]
    assert compared("\n".join(["## Text", *turned[0], "", "## Vision", *turned[1]])).full_marks


WRONG = {
    "no section": (("## Text", "## Texts and more"), "note", "There is no heading `## Text`"),
    "a section twice": (("## Text", "## Vision"), "note", "There are several headings Vision, in the lines 6 and 22"),
    "a misspelled key": (("learning rates", "learning rate"), "note", "no `learning rates`. It has `learning rate`"),
    "a key twice": (("- depth: 1", "- depth: 1\n- depth: 1"), "note", "Vision has `depth` more than once"),
    "a placeholder": (("58378", "<number>"), "note", "`note` is still to be written (line 12): Vision, `trainable`"),
    "an empty line": (("next experiment: none", "next experiment:"), "note", "Vision, `next experiment`: nothing"),
    "a short sentence": (
        ("finds less than a third of the small letters, at an accuracy of 0.94", "misses much"),
        "note",
        "8 or more are",
    ),
    "no strategy": (("strategy: partial_unfreeze", "strategy: the best"), "strategy", "cannot be read as one of the"),
    "another depth": (("depth: 2", "depth: 3"), "trainable", "and the evidence has 2 for `partial_unfreeze`"),
    "a depth in words": (("depth: 2", "depth: two"), "trainable", "cannot be read as a whole number"),
    "one scalar more": (("58378", "58379"), "trainable", "and the evidence has 58,378 for `partial_unfreeze`"),
    "millions": (("58378", "0.06M"), "trainable", "cannot be read as a whole number"),
    "other rates": (("backbone 5e-3", "backbone 5e-4"), "trainable", "head 0.01, backbone 0.005 for"),
    "rates without names": (("head 1e-2, backbone 5e-3", "1e-2, 5e-3"), "trainable", "cannot be read as head"),
    "another's cost": (("for 78002", "for 78003"), "trainable", "78,002 for `full_finetune`"),
    "oneself beaten": (("full_finetune, -0.010", "partial_unfreeze, +0.000"), "trainable", "strategy which was taken"),
    "a mean rounded up": (("0.976 ± 0.002", "0.977 ± 0.002"), "score", "0.9764 for the mean of `partial_unfreeze`"),
    "a spread of its own": (("0.757 ± 0.011", "0.757 ± 0.012"), "score", "0.0110 for the standard deviation (sd) of"),
    "one seed more": (("0.757 ± 0.011 (n=3)", "0.757 ± 0.011 (n=4)"), "score", "and the evidence has 3 seeds"),
    "no seeds": (("0.757 ± 0.011 (n=3)", "0.757 ± 0.011"), "score", "cannot be read as MEAN ± SD (n=SEEDS)"),
    "one decimal": (("0.976 ± 0.002", "1.0 ± 0.0"), "score", "2 decimals or more"),
    "another scratch": (("0.919 ± 0.006", "0.929 ± 0.006"), "score", "0.9188 for the mean of `scratch`"),
    "a gain of the wrong sign": (("-0.010 ±", "+0.010 ±"), "score", "-0.0097 for `full_finetune` less"),
    "a gain without its error": (
        ("-0.010 ± 0.004 for", "-0.010 for"),
        "score",
        "how well is that difference known? Its standard error belongs behind it, as ± SE",
    ),
    "another error of a gain": (
        ("+0.008 ± 0.012", "+0.008 ± 0.019"),
        "score",
        "0.0125 for the standard error (se) of `frozen` less `partial_unfreeze`",
    ),
    "one decimal of an error": (("+0.008 ± 0.012", "+0.008 ± 0.0"), "score", "2 decimals or more"),
    "a plus-minus without an error": (
        ("± 0.012 for", "± for"),
        "trainable",
        "STRATEGY, GAIN ± SE for NUMBER trainable",
    ),
    "a class too many": (
        ("true 9, predicted 3", "true 9, predicted 10"),
        "confusion changed",
        "the classes are 0 A, 1 B",
    ),
    "what was found": (
        ("true 9, predicted 3, 13 -> 0", "true 9, predicted 9, 28 -> 70"),
        "confusion changed",
        "was found",
    ),
    "one error more": (("13 -> 0", "14 -> 0"), "confusion changed", "that cell holds `scratch` 3, `frozen` 13"),
    "no counts": (("13 -> 0", "from 13"), "confusion changed", "cannot be read as true CLASS, predicted CLASS"),
    "no answer": (("audited: yes", "audited: of course"), "next experiment", "cannot be read as yes or no"),
    "a depth beyond": (("next experiment: depth 1", "next experiment: depth 5"), "next experiment", "has 4 blocks"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_and_costs_its_own_line(compared: Compared, wrong: str) -> None:
    pair, function, told = WRONG[wrong]
    result = compared(changed(pair))
    assert result.earned < 6
    assert function in failed(result)
    assert told in said(result)


@pytest.mark.parametrize(
    "wrong",
    [
        "a mean rounded up",
        "one scalar more",
        "a depth beyond",
        "one error more",
        "a gain without its error",
        "another error of a gain",
    ],
)
def test_a_slip_costs_one_point_and_gets_no_name(compared: Compared, wrong: str) -> None:
    result = compared(changed(WRONG[wrong][0]))
    assert (result.earned, result.diagnoses) == (5, ())


def test_what_is_missing_is_blocked_elsewhere(compared: Compared) -> None:
    result = compared(changed(("- strategy: partial_unfreeze\n", "")))
    assert failed(result) == {"note"}
    assert "Vision: `strategy` decides which figures belong here" in said(result)


def test_a_comparison_that_was_not_made_blocks_and_says_how_to_make_it(compared: Compared) -> None:
    result = compared(FIRST, Adaptation(comparisons=(VISION,)))
    assert failed(result) == set()
    assert result.earned == 1
    assert "`grade compare --modality text` adds it" in said(result)


def test_a_frozen_run_that_was_not_proved_may_not_be_called_audited(compared: Compared) -> None:
    audits = (*TEXT.audits[:2], Audit(seed=2, verdict="NOT frozen", findings=("bn-running-stats",)))
    measured = Adaptation(comparisons=(VISION, msgspec.structs.replace(TEXT, audits=audits)))
    result = compared(FIRST, measured)
    assert failed(result) == {"next experiment"}
    assert "and the evidence has this: NOT frozen, frozen as declared" in said(result)
    text = FIRST.rpartition("audited: yes")
    assert compared(f"{text[0]}audited: no{text[2]}", measured).full_marks


TRUTH = 50 * "0" + 50 * "1"


def row(strategy: Strategy, *right: int) -> Strategy:
    """Return a strategy that was right for so many of a hundred examples with each seed; two classes, alike hard."""
    found = records.figures(TRUTH, [answers(100 - each) for each in right], 2)
    return msgspec.structs.replace(strategy, **found)


def answers(wrong: int) -> str:
    """Return what is said where so many are wrong, half of them in each class; the same are hard for everybody."""
    first, second = wrong // 2, wrong - wrong // 2
    return first * "1" + (50 - first) * "0" + second * "0" + (50 - second) * "1"


def close_race(min_recall: float = 0.4) -> Comparison:
    """Return a comparison in which frozen is the cheapest within the noise of the best, and all is known."""
    scratch, frozen, partial, full = VISION.strategies
    strategies = (row(scratch, 50, 52, 54), row(frozen, 89, 90, 91), row(partial, 88, 91, 94), row(full, 80, 80, 86))
    kept = {"classes": ("a", "b"), "examples": 100, "truth": TRUTH, "seeds": (0, 1, 2), "min_recall": min_recall}
    scores = {row.depth: row.scores for row in strategies[1:]}
    depths = tuple(msgspec.structs.replace(row, scores=scores.get(row.depth, ())) for row in VISION.depths)
    return msgspec.structs.replace(VISION, strategies=strategies, depths=depths, **kept)


PARTIAL = """## Vision
- strategy: partial_unfreeze
- depth: 1
- trainable: 58378
- score: 0.910 ± 0.030 (n=3)
- scratch score: 0.520 ± 0.020 (n=3)
- beaten alternative: frozen, -0.010 ± 0.014 for 650 trainable
- learning rates: head 1e-2, backbone 5e-3
- frozen run audited: yes
- confusion changed: true a, predicted b, 72 -> 13
- headline hid: one two three four five six seven eight
- next experiment: none
"""
REASON = "because: the next course needs features that it can adapt further\n"


def with_text(vision: str) -> str:
    return f"{vision}\n{FIRST[FIRST.index('## Text') :]}"


def test_another_strategy_that_is_as_good_passes_with_a_reason_and_a_remark(compared: Compared) -> None:
    measured = Adaptation(comparisons=(close_race(), TEXT))
    bare = compared(with_text(PARTIAL), measured)
    assert failed(bare) == {"strategy"}
    assert "something cheaper cannot be told from the best either; is there a reason" in said(bare)
    short = compared(with_text(f"{PARTIAL}- because: it is better\n"), measured)
    assert failed(short) == {"strategy"}
    told = compared(with_text(f"{PARTIAL}- {REASON}"), measured)
    assert told.full_marks
    assert "Vision: `partial_unfreeze` is not the rule's choice; it is accepted because a reason is given" in said(told)


def test_no_reason_helps_a_strategy_that_falls_short(compared: Compared) -> None:
    full = PARTIAL.replace("strategy: partial_unfreeze", "strategy: full_finetune")
    result = compared(with_text(f"{full}- {REASON}"), Adaptation(comparisons=(close_race(), TEXT)))
    assert "and the best, `partial_unfreeze`, scores 0.0900 ± 0.0256 (se) more" in said(result)


def test_where_nothing_passes_the_gate_a_choice_needs_a_reason(compared: Compared) -> None:
    measured = Adaptation(comparisons=(close_race(min_recall=0.99), TEXT))
    assert "the gate turns every strategy away; is there a reason" in said(compared(with_text(PARTIAL), measured))
    assert compared(with_text(f"{PARTIAL}- {REASON}"), measured).full_marks


def test_a_strategy_within_the_error_of_the_gate_is_accepted_and_this_is_said(compared: Compared) -> None:
    measured = Adaptation(comparisons=(close_race(min_recall=0.91), TEXT))
    result = compared(with_text(f"{PARTIAL}- {REASON}"), measured)
    assert result.full_marks
    doubt = "it finds one of the classes in 0.91 ± 0.04 (se) of the cases, and the gate is 0.91"
    assert f"Vision: `partial_unfreeze` is not told from the gate: {doubt}. More examples of that class" in said(result)
    assert "is not told from the gate" not in said(compared(FIRST))


def test_a_strategy_beyond_the_error_of_the_gate_is_turned_away_with_its_figures(compared: Compared) -> None:
    text = (SPECIMENS / EXERCISE.slug / "note_winner_not_acceptable.md").read_text("utf-8")
    told = "which is turned away: it finds one of the classes in 0.30 ± 0.07 (se) of the cases, and the gate is 0.4"
    assert told in said(compared(text))


HOSTILE = {
    "markup": "<script>alert(1)</script> ![x](http://example.org) [y](javascript:alert(1)) ",
    "commands": "::error::oh ##[group]",
    "controls": "\x1b[2J \u202e \0 \x07 ",
    "digits": "9" * 10_000,
    "exponents": "1e999999999 ± 1e-999999999 (n=99999999999999999999999)",
    "spaces": " " * 10_000,
    "brackets": "[" * 10_000,
    "stars": "*a_ " * 3_000,
    "quotes": "> " * 5_000,
    "keys": "true 1, predicted " * 700,
    "nested lists": "\n".join("  " * depth + "- a" for depth in range(100)),
}


@pytest.mark.parametrize("key", ["strategy", "trainable", "score", "beaten alternative", "confusion changed"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_text(compared: Compared, hostile: str, key: str) -> None:
    result = compared(f"## Vision\n\n- {key}: {HOSTILE[hostile]}\n\n## Text\n\n- {key}: {HOSTILE[hostile]}\n")
    assert result.earned == 0
    assert not {"\x1b", "\u202e", "\0", "\x07"} & set(msgspec.json.encode(result).decode())
    assert "::error" not in said(result)


def test_hostile_evidence_is_only_text_too(compared: Compared) -> None:
    classes = ("\x1b[2J", "::error::", *TEXT.classes[2:])
    measured = Adaptation(comparisons=(VISION, msgspec.structs.replace(TEXT, classes=classes, scenario="\x1b]0;x")))
    result = compared(changed(("true 5, predicted 4", "true 77, predicted 4")), measured)
    assert "\\x1b[2J" in said(result)
    assert "\x1b" not in msgspec.json.encode(result).decode()


@pytest.mark.parametrize("fact", [None, 7, [], {}, [{"title": "Vision"}], {"comparisons": 3}])
@pytest.mark.parametrize("name", ["note", "adaptation"])
def test_malformed_facts_are_never_a_fault_of_ours(tmp_path: Path, name: str, fact: Any) -> None:
    path = tmp_path / "09_adaptation_note.md"
    path.write_text(FIRST, "utf-8")
    submission = discover(path, learner="learner-01", evidence=EXAMPLE)
    evidence = observe(submission, EXERCISE, None, 0)
    hostile = msgspec.structs.replace(evidence, facts={**evidence.facts, name: fact})
    assert judge(submission, EXERCISE, hostile).earned == 0


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with the solution in exercises/."""
    monkeypatch.chdir(tmp_path)
    for folder in ("exercises", "reports"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exercises" / "09_adaptation_note.md").write_text(FIRST, "utf-8")
    return tmp_path


NOTE = Path("exercises/09_adaptation_note.md")


def where(**named: Path) -> str:
    return grade(discover(NOTE, learner="learner-01", **named), None).evidence.wall.summary


def test_the_report_says_which_evidence_was_used(here: Path) -> None:
    told = "nothing was run; the note was compared with the evidence {} (vision-rare, text-weapons)"
    assert where(evidence=Path("example")) == told.format("of the shipped example")
    for name in ("evidence.json", "09_evidence.json"):
        adaptation.write(here / "exercises" / name, MEASURED)
        assert where() == told.format("beside it")
    adaptation.write(here / "mine.json", Adaptation(comparisons=()))
    assert where(evidence=Path("mine.json")).endswith("with the evidence that was named (no comparison)")


def test_of_two_beside_the_note_the_one_that_is_named_after_the_exercise_counts(here: Path) -> None:
    adaptation.write(here / "exercises" / "evidence.json", Adaptation(comparisons=()))
    adaptation.write(here / "exercises" / "09_evidence.json", MEASURED)
    assert where().endswith("(vision-rare, text-weapons)")


def test_other_evidence_makes_another_submission(here: Path) -> None:
    first = discover(NOTE, evidence=EXAMPLE)
    adaptation.write(here / "mine.json", Adaptation(comparisons=(VISION,)))
    assert first.sha256 != discover(NOTE, evidence=Path("mine.json")).sha256
    assert first == discover(NOTE, evidence=EXAMPLE)


@pytest.mark.parametrize(
    ("name", "content", "exercise", "sentence"),
    [
        ("09_adaptation_note.py", b"x = 1", None, "09_adaptation_note is a note: name a Markdown file"),
        ("03_partial_unfreeze.md", b"x", None, "03_partial_unfreeze is code: name a Python file"),
        ("my.md", b"x", None, "Say it with --exercise"),
        ("my.md", b"caf\xe9", "09", "my.md is not UTF-8 text"),
        ("my.md", b" \n", "09", "my.md is empty"),
        ("my.md", b"x" * 40_000, "09", "my.md is not graded: it has 40,000 bytes, and 32,768 are allowed"),
    ],
)
def test_a_file_that_is_no_note_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, exercise: str | None, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=sentence.replace("(", r"\(")):
        discover(tmp_path / name, exercise=exercise, evidence=EXAMPLE if "03" not in name else None)


def test_evidence_that_cannot_be_used_is_refused_in_a_sentence(here: Path) -> None:
    (here / "exercises" / "evidence.json").write_text("{}", "utf-8")
    with pytest.raises(UsageError, match="is not evidence as `grade compare` writes it"):
        discover(NOTE)
    with pytest.raises(UsageError, match=r"There is no evidence at nowhere\.json"):
        discover(NOTE, evidence=Path("nowhere.json"))
    with pytest.raises(UsageError, match="--evidence is for a note"):
        discover(EXERCISES / "03_partial_unfreeze.py", evidence=EXAMPLE)


MISSING = (
    "exercises/09_adaptation_note.md is not graded: there is no 09_evidence.json beside it. `grade compare` writes "
    "09_evidence.json beside the note, and the two are handed in together. "
)
NAMED = "`grade 09 --evidence FILE` compares it with another record."


def refusal() -> str:
    with pytest.raises(UsageError) as refused:
        discover(NOTE)
    return str(refused.value)


@pytest.mark.usefixtures("here")
def test_without_evidence_of_their_own_the_learner_is_told_what_to_do() -> None:
    assert refusal() == MISSING + NAMED


@pytest.mark.parametrize("left", ["evidence.json", "09_evidence.json"])
def test_evidence_that_would_not_be_handed_in_is_not_used_and_the_learner_is_told_where_it_belongs(
    here: Path, left: str
) -> None:
    adaptation.write(here / "reports" / left, MEASURED)
    told = f"There is reports/{left}: if the note speaks of it, move it to exercises/09_evidence.json. "
    assert refusal() == MISSING + told + NAMED


def test_a_link_to_evidence_is_refused_because_it_would_not_be_handed_in(here: Path) -> None:
    adaptation.write(here / "mine.json", MEASURED)
    (here / "exercises" / "09_evidence.json").symlink_to("../mine.json")
    assert refusal().startswith("exercises/09_evidence.json is a link")


@pytest.mark.usefixtures("here")
def test_the_command_tells_what_a_bare_note_lacks_and_takes_the_example_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(UsageError, match="is not graded"):
        app([str(NOTE)], exit_on_error=False, print_error=False)
    assert app([str(NOTE), "--evidence", "example"], exit_on_error=False, print_error=False) == 0
    shown = capsys.readouterr().out
    assert "6 of 6 points" in shown
    assert "the evidence of the shipped example" in " ".join(shown.split())


def test_a_note_needs_neither_torch_nor_a_sandbox(here: Path) -> None:
    watch = (
        "import sys\n"
        "import grader.isolate as isolate\n"
        "isolate.open_sandbox = None\n"
        "from grader.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print([name for name in ('torch', 'transformers') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", watch, str(NOTE), "--evidence", str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=here, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert "6 of 6 points" in done.stdout


def test_a_note_is_read_where_only_a_practice_plan_is_at_hand(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submission, expected = (
        discover(NOTE, evidence=EXAMPLE),
        observe(discover(NOTE, evidence=EXAMPLE), EXERCISE, None, 0),
    )
    (here / "7.safetensors").write_bytes(course.practice(EXERCISE, 7))
    monkeypatch.setattr(course, "_practice", lambda _: here)
    monkeypatch.setattr(course, "has", lambda _, name: name != "plan")
    monkeypatch.setattr(course, "part", None)
    seen = observe(submission, EXERCISE, None, 0)
    assert msgspec.structs.replace(seen, plan=expected.plan) == expected


def test_the_template_of_the_lab_has_the_keys_of_the_exercise() -> None:
    from grader.lab.note import template

    plan, _ = course.draw(EXERCISE, 0)
    for text in (template(EXERCISE, MEASURED), (EXERCISES / "09_adaptation_note.md").read_text("utf-8")):
        sections = note.parse(text, plan["sections"], plan["keys"])
        assert [section.title for section in sections] == plan["sections"]
        assert [[item.key for item in section.items] for section in sections] == [plan["keys"][:-1]] * 2
