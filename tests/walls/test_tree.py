"""What a private root is planned to hold: the same paths, and the same links that lead to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.inside.walls import tree


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A library whose folder has two names, a package that lies elsewhere, and a cellar."""
    root = tmp_path.resolve()
    (root / "real/lib/package").mkdir(parents=True)
    (root / "store/linked").mkdir(parents=True)
    (root / "cellar").mkdir()
    (root / "lib").symlink_to("real/lib")
    (root / "real/lib/linked").symlink_to(root / "store/linked")
    (root / "real/lib/way_out").symlink_to("../../cellar")
    return root


def test_the_way_through_links_is_kept_and_ends_at_what_is_there(house: Path) -> None:
    drawn = tree.draw([f"{house}/lib/package"])
    assert drawn.paths == (f"{house}/real/lib/package",)
    assert drawn.links == {f"{house}/lib": "real/lib"}


def test_a_path_within_another_needs_no_place_of_its_own(house: Path) -> None:
    drawn = tree.draw([f"{house}/real/lib/package", f"{house}/real", f"{house}/real-not", f"{house}/store"])
    assert drawn.paths == (f"{house}/real", f"{house}/store")
    assert drawn.links == {f"{house}/lib": "real/lib"}


def test_beside_what_may_be_read_only_links_to_what_may_be_read_are_kept(house: Path) -> None:
    drawn = tree.draw([f"{house}/real/lib/package", f"{house}/store/linked"])
    assert drawn.links == {f"{house}/real/lib/linked": f"{house}/store/linked"}


def test_a_name_leads_somewhere_and_gives_nothing(house: Path) -> None:
    drawn = tree.draw([f"{house}/real/lib/package"], [f"{house}/lib/way_out"])
    assert drawn.paths == (f"{house}/real/lib/package",)
    assert drawn.links == {f"{house}/lib": "real/lib", f"{house}/real/lib/way_out": "../../cellar"}
    assert f"{house}/cellar" not in drawn.folders()


def test_folders_are_made_from_the_top_and_not_where_something_is_mounted(house: Path) -> None:
    folders = tree.draw([f"{house}/real/lib"], [f"{house}/lib"]).folders()
    assert folders[-2:] == [str(house), f"{house}/real"]
    assert folders == sorted(folders)


def test_links_that_lead_in_a_circle_end_somewhere(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    assert tree.draw([str(tmp_path / "one" / "file")]).paths == ()


def test_links_of_the_process_that_looks_are_nobody_elses() -> None:
    assert not any(link.startswith(("/dev", "/proc")) for link in tree.draw(["/dev/null", "/proc/cpuinfo"]).links)
