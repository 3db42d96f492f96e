"""A package's own code speaks of the lab's things by the names they have on AWS."""

from __future__ import annotations

import io
import zipfile

import pytest

from courseware.aws.names import Names
from courseware.aws.packages import renamed

NAMES = Names("P--", ["order-shop", "parts"])


def package(**files: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("_", "."), text)
    return archive.getvalue()


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ('TABLE = "order-shop"\n', 'TABLE = "P--order-shop"\n'),
        ("TABLE = 'order-shop'  # Zürich\n", "TABLE = 'P--order-shop'  # Zürich\n"),
        ('LOG = "/aws/lambda/order-shop"\n', 'LOG = "/aws/lambda/P--order-shop"\n'),
        ('TABLE = "parts"\n', 'TABLE = "P--parts"\n'),
        ('print("your order-shop is open", {"parts": 1})\n', 'print("your order-shop is open", {"parts": 1})\n'),
    ],
)
def test_a_name_that_is_a_whole_text_is_replaced(code: str, there: str) -> None:
    with zipfile.ZipFile(io.BytesIO(renamed(package(app_py=code, data_txt=code), NAMES.outward))) as made:
        assert made.read("app.py").decode() == there
        assert made.read("data.txt").decode() == code


def test_what_holds_no_name_or_is_no_package_stays_as_it_is() -> None:
    plain = package(app_py="def handler(event, context):\n    return 1\n")
    assert renamed(plain, NAMES.outward) is plain
    assert renamed(b"no zip", NAMES.outward) == b"no zip"
