"""The learner's working folder: progress, hints, and ``grade watch``.

``folder`` finds the files, ``progress`` remembers what came of them, ``board`` says where the learner stands,
``watch`` grades again whenever a file is saved. None of it imports torch, and the board not even numpy.
"""
