"""The journal of a batch: one SQLite file in the results folder, which survives any end of the grader.

Reading (the cohort page, exports, similarity)::

    with Journal.read(results) as journal:
        for row in journal.rows():              # grader.records.cohort.Row, one learner after another, streamed
            match row.result:
                case Grade(): ...               # raw: row.result.earned; what counts after the late policy: row.points
                case Ungraded(fault=fault): ... # our fault: no mark
                case Refused(reason=reason): ...# a file that nothing can be made of: no mark
                case None: ...                  # not graded yet
            row.late                            # grader.records.cohort.Lateness, or None
            journal.evidence(row)               # what the code did, read when asked for
            journal.code(row.key).source        # the Python that was graded; equal keys are equal submissions
        journal.learners()                      # the roster's lines, with every cell
        journal.notes()                         # missing and unknown learners, files refused or left aside
        journal.seed, journal.fresh, journal.course, journal.policy

A grade is kept once for equal submissions, under ``(key, exercise, course version, seed)``; learner and path are put
in when a row is read. Reading is safe while a batch writes. The file belongs to one writer at a time
(``Ledger``); another is refused in a sentence.
"""

from .reading import BatchJob, Journal
from .writing import Ledger, Scope

__all__ = ["BatchJob", "Journal", "Ledger", "Scope"]
