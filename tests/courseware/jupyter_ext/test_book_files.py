from __future__ import annotations

from pathlib import Path

import pytest

from courseware.jupyter_ext.book_files import BookMatcher


@pytest.fixture
def matcher(tmp_path: Path) -> BookMatcher:
    book = tmp_path / "html"
    (book / "labs").mkdir(parents=True)
    for name in ("index.html", "labs/index.html", "labs/a b.html", "app.js"):
        (book / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    (book / "link.txt").symlink_to(tmp_path / "secret.txt")
    return BookMatcher(book)


@pytest.mark.parametrize(
    ("path", "file"),
    [("/", "index.html"), ("/index.html", "index.html"), ("/labs/", "labs/index.html"), ("/labs/a%20b.html", "labs/a b.html")],
)
def test_a_path_names_a_file_of_the_book(matcher: BookMatcher, path: str, file: str) -> None:
    assert matcher.file_for(path) == file


@pytest.mark.parametrize(
    "path",
    [
        "/lab",
        "/api/contents",
        "/labs",
        "/nothing.html",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/labs/..%5c..%5csecret.txt",
        "/link.txt",
        "//etc/passwd",
        "/app.js%00.html",
        "/" + "a" * 5000,
    ],
)
def test_everything_else_is_left_to_jupyter(matcher: BookMatcher, path: str) -> None:
    assert matcher.file_for(path) is None
