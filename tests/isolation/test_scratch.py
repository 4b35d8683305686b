"""Whatever a worker leaves behind is removed, and nothing that it leaves stops the grader."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.isolation.scratch import remove_scratch

trees = st.recursive(
    st.sampled_from(["file", "link", "pipe"]),
    lambda inner: st.dictionaries(st.sampled_from("abcde"), inner, max_size=4),
    max_leaves=20,
)


def make(tree: object, path: Path) -> None:
    match tree:
        case "file":
            path.write_text("x")
        case "link":
            path.symlink_to("/etc")
        case "pipe":
            os.mkfifo(path)
        case dict():
            path.mkdir()
            for name, inner in tree.items():
                make(inner, path / name)
            path.chmod(0)


@given(st.dictionaries(st.sampled_from("abcde"), trees, max_size=4))
@settings(max_examples=50)
def test_any_tree_of_folders_files_links_and_pipes_is_removed(tmp_path_factory, tree) -> None:
    scratch = tmp_path_factory.mktemp("made") / "scratch"
    make(tree, scratch)
    remove_scratch(str(scratch))
    assert not scratch.exists()


def test_folders_deeper_than_a_path_or_a_stack_reaches_are_removed(tmp_path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    here = os.getcwd()
    os.chdir(scratch)
    try:
        for _ in range(3000):
            os.mkdir("x" * 40)
            os.chdir("x" * 40)
        Path("file").touch()
    finally:
        os.chdir(here)
    remove_scratch(str(scratch))
    assert not scratch.exists()


def test_a_link_in_the_place_of_the_folder_leads_nowhere(tmp_path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    (tmp_path / "scratch").symlink_to(kept)
    remove_scratch(str(tmp_path / "scratch"))
    assert (kept / "file").exists()


@pytest.mark.parametrize("path", ["missing", "file"])
def test_what_is_no_folder_is_no_error(tmp_path, path) -> None:
    (tmp_path / "file").touch()
    remove_scratch(str(tmp_path / path))


def test_no_name_that_is_taken_already_keeps_a_folder_from_being_removed(tmp_path) -> None:
    scratch = tmp_path / "scratch"
    for number in range(20):
        for name in (f".lifted-{os.getpid()}-{number}", f"{number}"):
            (scratch / name / name / "deep").mkdir(parents=True)
    remove_scratch(str(scratch))
    assert not scratch.exists()
