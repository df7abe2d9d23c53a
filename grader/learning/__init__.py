"""The learner's own folder: where they stand, what they were told, and what happens while they work.

``folder`` finds the files, ``progress`` remembers what came of them, ``board`` says where the learner stands,
``watch`` grades again whenever a file is saved. None of it imports torch, and the board not even numpy.
"""
