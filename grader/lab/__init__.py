"""The lab: four strategies trained on one scenario, and what their comparison says.

``runs`` says which training runs are wanted and ``probe`` does one: in this process (``here``) or, with a learner's
functions (``mine``), in the sandbox. ``summary`` turns runs into the evidence, ``judgement`` reads it by the course's
rule, and ``table``, ``page`` and ``note`` show it. ``tour`` is the first look at it all.
"""
