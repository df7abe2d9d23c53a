"""Grade a whole cohort.

``intake`` takes in what was handed in, ``roster`` and ``late`` say who should have and when. ``coordinator`` is the
life of a batch: an ``executor`` (this machine's sandboxes, or a ``cluster``) runs what has not been seen,
``judging`` grades it in blocks, the ``journal`` keeps everything at once. ``rejudge`` judges stored evidence anew.
"""
