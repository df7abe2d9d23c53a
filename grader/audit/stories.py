"""Causes of the audit's findings in plain words, each with where to look next."""

from __future__ import annotations

from .records import Effect, EntryRow, Facts, ModuleRow, OptimizerRow

Story = tuple[str, str]
"""What was seen that explains it, and where to look."""

GONE = (
    "It was declared frozen and is no longer in the model.",
    "what replaces or converts layers while the run is going on",
)
NEW = (
    "It was put into the frozen part during the run, so there is nothing to compare it with.",
    "what adds layers while the run is going on; start the audit after it",
)
UNREADABLE = (
    "It has no bits of its own to read: it is on the meta device, not yet initialised, sparse or quantised.",
    "whether the audit can start after the weights are loaded",
)
TIED = (
    "It is one tensor with several names, of which not all were declared frozen: they all learn, or none does.",
    "which name the loss reaches it by, and whether the weights should be tied",
)
NOT_HELD = (
    "It requires grad, and no optimizer that was seen holds it.",
    "whether the optimizer was built before the layer was replaced or its flag switched on",
)
UNSEEN = (
    "It moved, and no optimizer that was seen holds it: something else trains or writes it.",
    "an optimizer that does not derive from torch.optim.Optimizer; the audit cannot see its steps",
)


def weight(row: EntryRow) -> Story:
    """Tell why a frozen parameter moved."""
    if row.before.partition(":")[0] != row.after.partition(":")[0]:
        return (
            "It has another shape or dtype than at the beginning: it was converted or replaced, not trained.",
            "a .half(), .to(dtype) or new layer inside the audited run",
        )
    if row.is_tied:
        return (
            "It is one tensor with several names, of which not all were declared frozen; it learned under another.",
            "which name the loss reaches it by, and whether the weights should be tied",
        )
    if row.optimizers and row.flipped_at:
        return (
            "requires_grad was switched on while the run was going on, and an optimizer that holds it stepped.",
            "code after the freeze that sets requires_grad again",
        )
    if row.optimizers and True in row.required_grad:
        return (
            "It requires grad and an optimizer holds it: it was never frozen.",
            "whether the freeze reached parameters, not modules, and ran before training",
        )
    if row.old_gradient:
        return (
            "requires_grad was off, but a gradient from before was still stored: momentum and weight decay use it.",
            "whether the freeze came after a backward pass, and whether gradients were set to None or to zero",
        )
    return (
        "No optimizer step explains it: something wrote the tensor directly.",
        "load_state_dict, weight averaging, an in-place edit, or an optimizer outside torch.optim",
    )


def buffer(row: EntryRow, owner: ModuleRow | None) -> Story:
    """Tell why a frozen buffer moved; ``owner`` is how its module ran, where its mode matters."""
    if owner and owner.training:
        return (
            "Its layer ran in training mode, where batches write its buffers; requires_grad has no say in that.",
            "every model.train(), and what puts the frozen part back into inference mode after it",
        )
    if owner and owner.training_no_grad:
        return (
            "Its layer ran in training mode under no_grad, which stops gradients and has no say in buffers.",
            "whether validation, or the frozen part's own forward pass, runs in inference mode",
        )
    if row.before.partition(":")[0] != row.after.partition(":")[0]:
        return (
            "It has another shape or dtype than at the beginning: it was converted or replaced.",
            "a .half(), .to(dtype) or new layer inside the audited run",
        )
    return (
        "Its layer never ran in training mode: something wrote the buffer directly.",
        "load_state_dict, reset_running_stats, weight averaging, or a forward pass that stores something",
    )


def mode(row: ModuleRow) -> Story:
    """Tell what a frozen module did in training mode."""
    if row.effect is Effect.RANDOM:
        seen = "It drew at random on every pass: the frozen part gave other features for the same input each time."
    else:
        seen = "It normalised by the batch at hand: the features of a sample depended on its batch mates."
    if not row.training:
        return f"{seen} It ran under no_grad, which has no say in the mode.", "what sets the frozen part's mode"
    if row.inference:
        return (
            f"{seen} For part of the run it was in inference mode, as it should be.",
            "the model.train() that comes later, at the start of an epoch or after validation",
        )
    return seen, "every model.train(), and what puts the frozen part back into inference mode after it"


def flag(row: EntryRow) -> Story:
    """Tell what comes of a frozen parameter's flag being on."""
    if row.optimizers and row.moved:
        return "Gradients were computed for it and an optimizer applied them.", "where requires_grad is switched off"
    if row.optimizers:
        return (
            "An optimizer holds it and it stood still all the same: by a rate of 0, or because no gradient came.",
            "what is meant to keep it still; a schedule can undo a rate of 0",
        )
    return (
        "No optimizer holds it, so it stood still, but every backward pass paid for its gradient.",
        "where requires_grad is switched off; gradient clipping counts these gradients too",
    )


def held(row: EntryRow) -> Story:
    """Tell what comes of an optimizer holding a frozen parameter."""
    if row.moved:
        return "The optimizer that holds it is what could move it.", "which parameters the optimizer was given"
    if True in row.required_grad:
        return "It stood still only because of what the optimizer did with it.", "its group's learning rate"
    return (
        "Harmless here: without a gradient an optimizer leaves it alone.",
        "which parameters the optimizer was given; one stored gradient would be enough to move it",
    )


def flip(row: EntryRow) -> Story:
    """Tell when a flag changed."""
    turned = "on" if row.required_grad[1] else "off"
    if row.frozen:
        return f"requires_grad was switched {turned} before step {row.flipped_at}.", "code that runs after the freeze"
    return (
        f"requires_grad was switched {turned} before step {row.flipped_at}; it was not declared frozen.",
        "whether the optimizer was told",
    )


def stale(row: OptimizerRow) -> Story:
    """Tell what an optimizer steps in vain."""
    return (
        f"{row.label} steps a tensor that is not in the model: its layer was replaced after the optimizer was built.",
        "the order in which the head is replaced and the optimizer is built",
    )


def still(row: EntryRow) -> Story:
    """Tell why a parameter that may learn did not move."""
    if not row.optimizers:
        return "No optimizer that was seen holds it.", "which parameters the optimizer was given, and when"
    return (
        "An optimizer holds it and it has the bits it began with: no gradient came, the rate is 0, or it was put back.",
        "a detach() or no_grad between it and the loss, or a layer that the forward pass does not use",
    )


def unstepped(facts: Facts) -> Story:
    """Tell why no step was seen."""
    if facts.other_steps:
        return (
            f"{facts.other_steps} optimizer steps were seen, on tensors that are not in this model.",
            "whether the audited model is the one that was trained, or a copy of it",
        )
    return (
        "No optimizer of torch.optim took a step.",
        "whether the run trained at all; optimizers that do not derive from torch.optim.Optimizer are not seen",
    )
