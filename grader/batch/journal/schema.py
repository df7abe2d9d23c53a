"""The journal's SQLite file: create, recognise, lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from grader.errors import GraderFault, UsageError

NAME = "journal.sqlite"
LOCK = "journal.lock"
OURS = 0x7467_6A6C
"""SQLite's application id: tells our file from anybody else's."""
VERSION = 1
"""Changes when a table does; a newer one is refused, not guessed at."""

_TABLES = """
CREATE TABLE batch (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE codes (
    key TEXT PRIMARY KEY, source BLOB NOT NULL, cells BLOB NOT NULL, set_aside BLOB NOT NULL
);
CREATE TABLE answers (
    learner TEXT, exercise TEXT, origin TEXT NOT NULL, path TEXT NOT NULL, number TEXT NOT NULL,
    arrived TEXT NOT NULL, clock TEXT NOT NULL, key TEXT NOT NULL, refusal TEXT NOT NULL,
    PRIMARY KEY (learner, exercise)
) WITHOUT ROWID;
CREATE INDEX answers_by_key ON answers (exercise, key);
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, exercise TEXT NOT NULL, course TEXT NOT NULL, seed INTEGER NOT NULL,
    packed BLOB NOT NULL, UNIQUE (key, exercise, course, seed)
);
CREATE TABLE grades (
    key TEXT, exercise TEXT, course TEXT, seed INTEGER,
    evidence INTEGER REFERENCES evidence, grade BLOB, fault TEXT, PRIMARY KEY (key, exercise, course, seed)
);
CREATE TABLE learners (learner TEXT PRIMARY KEY, cells BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE notes (origin TEXT NOT NULL, topic TEXT NOT NULL, learner TEXT NOT NULL, text TEXT NOT NULL);
"""


def open_file(folder: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the journal in a folder, making it when it may be written; raise UsageError when there is none of ours."""
    path = folder / NAME
    if not writable and not path.is_file():
        raise _none(folder)
    mode = "rwc" if writable else "ro"
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise UsageError(f"The journal {path} cannot be opened: {error}.") from error
    try:
        with explained(path):
            _prepare(connection, path, writable=writable)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    (ours,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and not writable:
        raise _none(path.parent)
    if ours != OURS and tables:
        raise UsageError(f"{path} is another program's database, not a journal of grades. Name another folder.")
    if version > VERSION:
        raise UsageError(f"{path} was written by a newer grader (format {version}, this one knows {VERSION}).")
    if writable:
        # A commit outlives the death of any process; only loss of power may undo the last few.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            connection.executescript(
                f"BEGIN; {_TABLES} PRAGMA application_id = {OURS}; PRAGMA user_version = {VERSION}; COMMIT;"
            )
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)


def _none(folder: Path) -> UsageError:
    return UsageError(f"There is no journal in {folder}; `grade batch SUBMISSIONS --out {folder}` makes one.")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a sentence about the file.

    Raise UsageError for a damaged one, which is the user's to mend, and GraderFault for one that cannot be used.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise GraderFault(f"The journal {path} could not be used: {error}. What was graded before is kept.") from error
    except sqlite3.DatabaseError as error:
        raise UsageError(
            f"The journal {path} is damaged or not a journal ({error}). Restore a copy, or name another folder."
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one who writes in a folder; the lock dies with the process. Raise UsageError when somebody else is.

    The lock is SQLite's own, on a file beside the journal: the journal itself stays open to readers.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    with closing(sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"Another batch is writing in {folder} ({error}). Wait for its end, or name another folder with --out."
            ) from error
        yield
