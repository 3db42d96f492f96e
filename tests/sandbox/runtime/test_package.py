from __future__ import annotations

import base64
import hashlib
import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.runtime.package import PackageStore, merge_layers, names_boto3, read_package, ships_any

NOT_A_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."


def zipped(*entries: tuple[str, bytes], **attributes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes.get("mode", 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def link(name: str, target: str) -> bytes:
    return zipped((name, target.encode()), mode=stat.S_IFLNK | 0o777)


def refusal(data: bytes) -> str:
    with pytest.raises(AwsError) as caught:
        read_package(data)
    assert (caught.value.code, caught.value.status) == ("InvalidParameterValueException", 400)
    return caught.value.message or ""


def test_a_package_is_told_by_aws_digest():
    data = zipped(("app.py", b"x = 1\n"), ("lib/", b""), ("lib/part.py", b""))
    code = read_package(data)
    digest = hashlib.sha256(data).digest()
    assert (code.sha256, code.digest) == (base64.b64encode(digest).decode(), digest.hex())
    assert (code.size, code.unzipped_bytes) == (len(data), 6)


@pytest.mark.parametrize("data", [b"", b"no zip at all", zipped(("a", b"x" * 100))[:-30], b"PK\x03\x04" + bytes(60)])
def test_what_is_no_zip_is_refused_in_aws_words(data):
    assert refusal(data) == NOT_A_ZIP


def test_a_package_without_files_is_refused():
    assert refusal(zipped()) == "Uploaded file must be a non-empty zip"


@pytest.mark.parametrize("name", ["../up.py", "a/../../up.py", "/etc/passwd", "C:/x.py", "..\\up.py", "x" * 300])
def test_a_path_outside_the_root_is_refused(name):
    assert refusal(zipped((name, b""))) == NOT_A_ZIP


@pytest.mark.parametrize("target", ["/etc/passwd", "../../etc/passwd", "a/../../x", "a/../x", ""])
def test_a_link_that_leaves_the_root_is_refused(target):
    assert refusal(link("lib/link", target)) == NOT_A_ZIP


def test_the_same_file_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("app.py", b"1"), ("app.py", b"2"))
    assert refusal(data) == NOT_A_ZIP


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("a", "a/")])
def test_a_file_that_is_a_directory_as_well_is_refused(names):
    assert refusal(zipped(*((name, b"") for name in names))) == NOT_A_ZIP


def test_a_bomb_is_met_at_the_limit():
    limit = facts.limit("unzipped_bytes")
    data = zipped(("bomb", bytes(limit + 1)))
    assert len(data) < 1_000_000
    assert refusal(data) == f"Unzipped size must be smaller than {limit} bytes"


def test_a_bomb_that_lies_about_its_size_is_met_too(monkeypatch):
    monkeypatch.setattr(facts, "limit", lambda name: 1_000_000)
    data = bytearray(zipped(("bomb", bytes(5_000_000))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the uncompressed size in both headers
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<I", 100)
    assert refusal(bytes(data)) in (NOT_A_ZIP, "Unzipped size must be smaller than 1000000 bytes")


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped(("app.py", b"x")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at] |= 1
    assert refusal(bytes(data)) == NOT_A_ZIP


def test_extraction_keeps_executables_and_makes_everything_readable(tmp_path):
    store = PackageStore(tmp_path)
    private = store.directory(read_package(zipped(("app.py", b"x"), mode=0o600)))
    tool = store.directory(read_package(zipped(("bin/tool", b"x"), mode=0o700)))
    assert stat.S_IMODE((private / "app.py").stat().st_mode) == 0o644
    assert stat.S_IMODE((tool / "bin/tool").stat().st_mode) == 0o755
    assert stat.S_IMODE(private.stat().st_mode) == 0o755


def test_links_inside_the_root_are_kept(tmp_path):
    home = PackageStore(tmp_path).directory(read_package(link("lib/link.py", "../app.py")))
    assert (home / "lib/link.py").readlink() == Path("../app.py")


def test_a_package_is_extracted_once(tmp_path):
    store, code = PackageStore(tmp_path), read_package(zipped(("app.py", b"x")))
    home = store.directory(code)
    (home / "seen").touch()
    assert store.directory(code) == home
    assert (home / "seen").exists()


def test_what_a_killed_process_left_half_way_is_no_package(tmp_path):
    code = read_package(zipped(("app.py", b"x")))
    half = tmp_path / f".{code.digest}.1.abcd"
    half.mkdir()
    store = PackageStore(tmp_path)
    assert sorted(path.name for path in store.directory(code).iterdir()) == ["app.py"]
    store.forget_partial()
    assert [path.name for path in tmp_path.iterdir()] == [code.digest]


def test_layers_merge_in_order(tmp_path):
    store = PackageStore(tmp_path / "store")
    one = store.directory(read_package(zipped(("python/a.py", b"1"), ("python/b.py", b"1"), ("x", b"file"))))
    two = store.directory(read_package(zipped(("python/b.py", b"2"), ("x/y", b"directory now"))))
    merged = merge_layers(tmp_path / "layers", (one, two))
    found = {str(path.relative_to(merged)): path.read_bytes() for path in merged.rglob("*") if path.is_file()}
    assert found == {"python/a.py": b"1", "python/b.py": b"2", "x/y": b"directory now"}
    assert merge_layers(tmp_path / "layers", (one,)) == one
    assert merge_layers(tmp_path / "layers", ()) is None
    assert (one / "python/b.py").read_bytes() == b"1", "a layer itself never changes"


def test_packages_that_use_or_bring_boto3_are_told_apart(tmp_path):
    store = PackageStore(tmp_path)
    uses = store.directory(read_package(zipped(("app.py", b"import boto3"))))
    plain = store.directory(read_package(zipped(("app.py", b"import json"))))
    layer = store.directory(read_package(zipped(("python/boto3/__init__.py", b""))))
    assert (names_boto3(uses), names_boto3(plain)) == (True, False)
    assert (ships_any(uses, ("boto3",)), ships_any(layer, ("boto3",))) == (False, True)
