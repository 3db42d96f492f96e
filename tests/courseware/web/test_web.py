"""The front end's build: what it copies, what it leaves out, and that doing nothing is nothing."""

from __future__ import annotations

import json

import pytest

from courseware.sphinx_ext.lab_pages import copy_labs
from courseware.web.fingerprint import files_below, fingerprint, once
from courseware.web.runtime_bundle import in_a_page
from courseware.web.third_party import MANAGED_POLICIES, stage_third_party


def test_a_step_runs_once_for_the_same_content(tmp_path):
    ran = []
    output = tmp_path / "out"

    def action():
        ran.append(1)
        output.write_text("x")

    stamp = tmp_path / "stamps" / "step"
    assert once(stamp, "a", [output], action)
    assert not once(stamp, "a", [output], action)
    assert once(stamp, "b", [output], action)
    output.unlink()
    assert once(stamp, "b", [output], action)
    assert len(ran) == 3


def test_a_step_that_fails_runs_again(tmp_path):
    def fail():
        raise OSError("disk")

    stamp = tmp_path / "step"
    stamp.write_text("old")
    with pytest.raises(OSError, match="disk"):
        once(stamp, "new", [], fail)
    assert not stamp.exists()


def test_a_fingerprint_sees_names_and_contents_and_not_caches(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = fingerprint(tmp_path, files_below(tmp_path))
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert fingerprint(tmp_path, files_below(tmp_path)) == before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert fingerprint(tmp_path, files_below(tmp_path)) != before


def test_third_party_code_is_trimmed_and_still_whole(tmp_path):
    stage_third_party(tmp_path)
    model = json.loads((tmp_path / "botocore/data/lambda/2015-03-31/service-2.json").read_text("utf-8"))
    assert "Invoke" in model["operations"]
    assert "documentation" not in model["operations"]["Invoke"]
    assert not (tmp_path / "botocore/data/ecs").exists()
    networks = json.loads((tmp_path / "botocore/data/ec2/2016-11-15/service-2.json").read_text("utf-8"))
    assert {"CreateVpcEndpoint", "CreateNatGateway", "CreateRoute"} <= set(networks["operations"])
    assert "RunInstances" not in networks["operations"]
    assert {row["input"]["shape"] for row in networks["operations"].values() if "input" in row} <= set(networks["shapes"])
    assert [each.name for each in (tmp_path / "botocore/data/lambda").iterdir()] == ["2015-03-31"]  # the newest alone
    assert list(tmp_path.rglob("*.so")) + list(tmp_path.rglob("*.pem")) == []
    assert (tmp_path / "yaml/__init__.py").exists()
    namespace: dict[str, str] = {}
    exec((tmp_path / "moto/iam/aws_managed_policies.py").read_text("utf-8"), namespace)
    kept = json.loads(namespace["aws_managed_policies_data"])
    assert set(MANAGED_POLICIES) >= set(kept) >= {"AWSLambdaBasicExecutionRole", "AdministratorAccess"}


def test_a_page_gets_a_labs_checks_and_no_solution():
    names = ("lab.toml", "checks/test_door.py", "lab.md", "solution/door.py", "faulty/believes-all/door.py")
    assert [name for name in names if in_a_page(f"labs/webhook/{name}")] == ["lab.toml", "checks/test_door.py"]
    assert in_a_page("sandbox/runtime/inline.py")
    assert not in_a_page("sandbox/runtime/process_output.py")


def test_labs_are_copied_when_they_differ_and_dropped_when_they_are_gone(tmp_path):
    lab = tmp_path / "labs" / "one" / "lab.md"
    lab.parent.mkdir(parents=True)
    lab.write_text("# One")
    book = tmp_path / "book"
    (page,) = copy_labs(tmp_path, book)
    assert page.read_text() == "# One"
    touched = page.stat().st_mtime_ns
    copy_labs(tmp_path, book)
    assert page.stat().st_mtime_ns == touched
    lab.unlink()
    assert copy_labs(tmp_path, book) == []
    assert not page.exists()
