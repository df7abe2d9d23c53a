"""The lab: four strategies trained on one scenario, and what their comparison says.

``runs`` asks for training runs and ``train`` is where torch does them, in this process or, with a learner's functions
(``mine``), in the sandbox. ``summary`` turns runs into the evidence, ``judgement`` reads it by the course's rule, and
``table``, ``page`` and ``note`` show it. ``tour`` is the first look at it all.
"""
