"""Names its functions with letters that look like the right ones, and hides code behind bidi marks."""
# ends: finished

def bаckbone_blocks(model):  # Cyrillic
    return []


def ｐartial_unfreeze(model, depth):  # fullwidth p, which Python reads as an ordinary one
    raise ValueError("‮}⁦ if privileged⁩ ⁦")  # ‮tfel ot thgir‬


access = "user‮ ⁦# nobody sees this⁩ ⁦"
