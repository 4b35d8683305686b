"""FSDD is downloaded at its pinned commit, verified, and kept; without internet it is said so."""

from __future__ import annotations

import http.server
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from spoken_digits import CorpusError, available, card, cards, load


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which this machine serves it."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    folder = tmp_path / "served"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def publish(tmp_path, served, write_fsdd, pretend) -> Callable[..., Path]:
    """Serve the little FSDD as the archive of its commit, with the files in ``extra`` added."""

    def publish(extra: dict[str, bytes] | None = None) -> Path:
        folder, address = served
        recordings = write_fsdd(tmp_path / "made")
        pretend(replace(cards.card("fsdd"), revision="c0ffee", archive=address + "/{revision}.zip"))
        archive = folder / "c0ffee.zip"
        with zipfile.ZipFile(archive, "w") as bundle:
            for path in recordings.iterdir():
                bundle.write(path, f"fsdd-c0ffee/recordings/{path.name}")
            for name, content in (extra or {}).items():
                bundle.writestr(name, content)
        return archive

    return publish


def test_the_archive_of_the_pinned_commit_is_asked_for():
    shown = card("fsdd")
    assert shown.archive.format(revision=shown.revision) == (
        "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/"
        "26eb9aaf76e81b692f806f9140c2d2777410d7a1.zip"
    )


def test_a_downloaded_corpus_is_kept_and_not_downloaded_again(publish, tmp_path, cache_folder):
    archive = publish({"fsdd-c0ffee/README.md": b"read me"})
    corpus = load("fsdd")
    assert corpus.waves.equal(load("fsdd", tmp_path / "made").waves)
    assert available()["fsdd"] == str(cache_folder / "fsdd")
    archive.unlink()
    assert load("fsdd").digest == corpus.digest
    assert {path.name for path in cache_folder.iterdir()} == {"fsdd", "decoded"}


def test_an_archive_cannot_write_outside_its_folder(publish, cache_folder):
    publish(
        {
            "fsdd-c0ffee/recordings/../../../../escaped.wav": b"",
            "/escaped.wav": b"",
            "fsdd-c0ffee/recordings/deeper/0_ann_1.wav": b"",
            "fsdd-c0ffee/elsewhere/0_ann_1.wav": b"",
        }
    )
    assert len(load("fsdd")) == 20
    assert len(list((cache_folder / "fsdd").iterdir())) == 20
    assert not list(cache_folder.parent.rglob("escaped.wav"))


def test_what_was_downloaded_is_verified_and_the_message_says_how_to_start_over(
    publish, cache_folder
):
    publish({"fsdd-c0ffee/recordings/0_ann_1.wav": b""})
    with pytest.raises(CorpusError, match=r"0_ann_1\.wav is not part of Free Spoken"):
        load("fsdd")
    (cache_folder / "fsdd" / "0_ann_1.wav").unlink()
    (cache_folder / "fsdd" / "0_ann_0.wav").unlink()
    with pytest.raises(CorpusError, match=rf"Delete {cache_folder / 'fsdd'} and load again"):
        load("fsdd")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<html>Sign in to this network</html>", "not a zip archive"), (None, "404")],
)
def test_an_answer_that_is_no_archive_is_refused(publish, cache_folder, content, says):
    archive = publish()
    archive.unlink() if content is None else archive.write_bytes(content)
    with pytest.raises(CorpusError, match=says):
        load("fsdd")
    assert list(cache_folder.iterdir()) == [], "nothing half is left"


def test_an_archive_without_recordings_is_refused(publish):
    archive = publish()
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr("fsdd-c0ffee/README.md", "moved")
    with pytest.raises(CorpusError, match="holds no recordings/"):
        load("fsdd")


def test_no_internet_is_answered_with_what_else_can_be_done(publish, pretend):
    publish()
    pretend(replace(cards.card("fsdd"), archive="http://127.0.0.1:9/{revision}.zip"))
    with pytest.raises(CorpusError, match=r"could not be downloaded.*folder=.*'synthetic'"):
        load("fsdd")


def test_the_internet_is_not_used_when_it_may_not_be(publish):
    publish()
    with pytest.raises(CorpusError, match="No recordings named"):
        load("fsdd", download=False)
