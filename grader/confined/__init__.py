"""Run our own code on untrusted bytes in a process of its own, and get plain bytes back.

Learners' *code* runs in ``grader.isolate``. This room is for learners' *files*: archives, notebooks, git's objects,
evidence. What reads them is ours and may have a weakness, so every request is answered by a process that was forked
for it, stands behind the walls of ``grader.inside.walls``, sees only the paths that the request names, and has limits
of time and memory. A request that ends badly is one request without an answer.

Where nothing can be forked safely (macOS, Windows), one process answers one request after the other, with limits of
time and memory only; it is ended and started anew when a request goes beyond them.
"""

from .client import Confined, Unanswered
from .frames import Request

__all__ = ["Confined", "Request", "Unanswered"]
