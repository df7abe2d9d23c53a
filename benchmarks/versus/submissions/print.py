_freeze, _silent = freeze_backbone, []


def freeze_backbone(model):
    """Do what is asked, and print 200 MB the first time."""
    if not _silent:
        _silent.append(True)
        for _ in range(200):
            print(("a line that nobody reads" * 42 + " and its end...\n") * 1024, end="")
    return _freeze(model)
