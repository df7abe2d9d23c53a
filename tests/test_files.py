"""One file at a time: what is opened, what is written, and what is refused in which words."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import files, steps

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links are an administrator's there")


@pytest.fixture(params=["walked", "looked at"])
def here(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, in which every step is an open folder, or is looked at first, as on Windows."""
    monkeypatch.setattr(steps, "WALKS", request.param == "walked")
    if request.param != "walked":
        monkeypatch.setattr(steps, "_NO_LINK", 0)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def why(path: Path, cap: int = 10, **how: Path) -> str:
    with pytest.raises(files.Unreadable) as refused:
        files.read(path, cap, within=how.get("within"))
    return str(refused.value)


def refusal(write: Callable[[], object]) -> str:
    with pytest.raises(OSError, match=r".") as refused:
        write()
    return str(refused.value.strerror)


def test_a_regular_file_is_read_up_to_the_cap(here: Path) -> None:
    (here / "file").write_bytes(b"0123456789")
    assert files.read(Path("file"), 10) == files.read(here / "file", 10, within=here) == b"0123456789"
    assert why(Path("file"), 9) == "it has 10 bytes, and 9 are allowed"
    with files.opened(Path("file")) as (file, status):
        assert (file.read(3), status.st_size) == (b"012", 10)


def test_what_has_no_size_is_read_up_to_the_cap(here: Path) -> None:
    assert here.is_dir()
    assert why(Path("/proc/self/maps"), 100) == "it has more than the 100 bytes that are allowed"


def test_anything_else_is_refused_with_its_reason(here: Path) -> None:
    (here / "link").symlink_to(here / "file")
    (here / "folder").mkdir()
    os.mkfifo(here / "pipe")
    (here / "locked").touch(mode=0)
    (here / "way").symlink_to(here / "folder")
    (here / "folder" / "file").touch()
    assert why(Path("link")) == "it is a link"
    assert why(Path("folder")) == "it is a folder"
    assert why(Path("pipe")) == "it is not a regular file"
    if os.geteuid():
        assert why(Path("locked")) == "it cannot be read (Permission denied)"
    assert files.read(Path("way/file"), 10) == b""
    assert "way is a link" in why(here / "way" / "file", within=here)
    for name in ("nothing", "link/more", "nothing/more", "null\0byte"):
        with pytest.raises(files.Missing):
            files.read(here / name, 10)


def test_what_the_user_names_may_be_a_link_and_no_pipe(here: Path) -> None:
    (here / "file").write_bytes(b"x")
    (here / "link").symlink_to("file")
    os.mkfifo(here / "pipe")
    (here / "to the pipe").symlink_to("pipe")
    assert files.read(Path("link"), 10, follow=True) == b"x"
    with pytest.raises(files.Unreadable, match="it is not a regular file"):
        files.read(Path("to the pipe"), 10, follow=True)


def test_a_file_is_written_whole_with_its_folders(here: Path) -> None:
    files.write(Path("a/b/file"), b"one")
    files.write(here / "a" / "b" / "file", b"two", within=here)
    files.write_text(here / "new" / "text", "é\n\udcff")
    assert (here / "a" / "b" / "file").read_bytes() == b"two"
    assert (here / "new" / "text").read_bytes() == b"\xc3\xa9\n\\udcff"
    assert [path.name for path in (here / "a" / "b").iterdir()] == ["file"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((here / "a" / "b" / "file").stat().st_mode) == 0o666 & ~umask


def test_a_link_is_replaced_and_never_followed(here: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    for name, leads_to in (("file", "precious"), ("dangling", "nothing")):
        (here / name).symlink_to(tmp_path / leads_to)
        files.write(Path(name), b"new")
        assert not (here / name).is_symlink()
        assert (here / name).read_bytes() == b"new"
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("leads_to", [".", "nothing"])
def test_a_way_over_a_link_is_refused_in_a_sentence(here: Path, tmp_path: Path, leads_to: str) -> None:
    (here / "way").symlink_to(tmp_path / leads_to)
    for path in (Path("way/file"), here / "way" / "deep" / "file"):
        assert refusal(lambda path=path: files.write(path, b"")) == "way is a link: name the folder that it leads to"
        assert refusal(lambda path=path: files.make_folder(path)).startswith("way is a link")
        assert refusal(lambda path=path: files.append(path, "x")).startswith("way is a link")
        assert refusal(lambda path=path: files.remove(path)).startswith("way is a link")
    assert refusal(lambda: files.write(here / "way" / "x", b"", within=here)) == (
        "way is a link: nothing goes through one"
    )
    assert refusal(lambda: files.move(here / "way" / "x", here / "y", within=here)).startswith("way is a link")
    assert {path.name for path in tmp_path.iterdir()} == {"here"}


def test_the_anchor_may_be_reached_over_links(here: Path, tmp_path: Path) -> None:
    (tmp_path / "meant").mkdir()
    (here / "results").symlink_to(tmp_path / "meant")
    files.write(Path("results/page"), b"1", within=Path("results"))
    files.write(tmp_path / "made" / "page", b"2", within=tmp_path / "made")
    assert (tmp_path / "meant" / "page").read_bytes() == b"1"
    assert "leads out" in refusal(lambda: files.write(here / ".." / "x", b"", within=here))
    files.write(Path("../beside"), b"3")
    assert (tmp_path / "beside").read_bytes() == b"3"


def test_what_a_file_cannot_replace_is_refused(here: Path) -> None:
    (here / "folder").mkdir()
    os.mkfifo(here / "pipe")
    assert refusal(lambda: files.write(Path("folder"), b"")) == "it is a folder"
    assert refusal(lambda: files.write(Path(), b"")) == "it is a folder"
    assert refusal(lambda: files.write(Path("pipe/file"), b"")) == "pipe is not a folder"
    assert refusal(lambda: files.write(Path("pipe"), b"")) == "it is not a regular file"
    assert refusal(lambda: files.write(Path("/dev/stdout"), b"")) == "it is among the system's devices"
    assert {path.name for path in here.iterdir()} == {"folder", "pipe"}


def test_what_fails_half_way_leaves_nothing_and_the_old_file(here: Path) -> None:
    (here / "file").write_bytes(b"old")

    def fail() -> None:
        with files.new(Path("file")) as file:
            file.write(b"ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {"file": b"old"}


def test_lines_are_added_to_a_file_alone(here: Path, tmp_path: Path) -> None:
    files.append(Path("summary"), "one\n")
    files.append(here / "summary", "two\n")
    assert (here / "summary").read_bytes() == b"one\ntwo\n"
    (here / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(here / "pipe")
    assert refusal(lambda: files.append(Path("link"), "x")) == "it is a link"
    reader = os.open(here / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert refusal(lambda: files.append(Path("pipe"), "x")) == "it is not a regular file"
    os.close(reader)
    assert not (tmp_path / "elsewhere").exists()


def test_files_are_moved_and_removed_themselves(here: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (here / "link").symlink_to(tmp_path / "precious")
    files.move(here / "link", here / "aside" / "link", within=here)
    assert (here / "aside" / "link").is_symlink()
    files.remove(Path("aside/link"))
    files.remove(Path("aside/link"))
    files.remove(Path("no/such/folder"))
    assert not [*(here / "aside").iterdir()]
    assert (tmp_path / "precious").read_bytes() == b"precious"
