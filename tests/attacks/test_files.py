"""Into the machine's files: a function sees the interpreter, its package, its layers and a ``/tmp``, nothing else."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import autograder

HERE = Path(__file__)


def test_the_hidden_checks_cannot_be_read(boxed, secret_file):
    code = "result = [said(lambda p=p: open(p).read()) for p in event['paths']]"
    places = [secret_file, HERE, Path(autograder.__file__), Path.home() / ".bashrc", Path("/etc/shadow")]
    assert "" not in boxed.run(code, paths=[f"/..{place}" for place in places])


def test_names_and_sizes_are_hidden_too_but_under_landlock(boxed, secret_file):
    """Landlock governs opening, not asking: the documented weakness of that backend."""
    seen = boxed.run("result = os.path.exists(event['path'])", path=f"/..{secret_file}")
    assert seen == (boxed.backend == "landlock")
    assert boxed.run("result = said(lambda: os.listdir(event['path']))", path=f"/..{secret_file.parent}") in ("ENOENT", "EACCES")


def test_another_functions_package_cannot_be_read(boxed):
    boxed.run(on="bystander")
    packages = [str(path) for path in Path(tempfile.gettempdir()).glob("account-*/packages/*/mine.txt")]
    theirs = [path for path in packages if "bystander" in Path(path).read_text()]
    assert theirs
    assert "" not in boxed.run(
        "result = [said(lambda p=p: open(p).read()) for p in event['paths']]", paths=[f"/..{p}" for p in theirs]
    )
    assert boxed.run("result = open('/var/task/mine.txt').read()") == "the package of attacker"


def test_another_functions_tmp_cannot_be_read(boxed):
    boxed.run("open('/tmp/mine', 'w').write('theirs')", on="bystander")
    folders = [str(path) for path in Path(tempfile.gettempdir()).glob("account-*/lambda-*/environment-*/tmp/mine")]
    assert bool(folders) == (boxed.backend == "landlock"), "elsewhere /tmp is in no folder of the machine"
    code = "result = [said(lambda p=p: open(p).read()) for p in ['/tmp/mine', *event['paths']]]"
    assert "" not in boxed.run(code, paths=[f"/..{path}" for path in folders])


def test_nothing_outside_tmp_can_be_written(boxed, secret_file):
    code = """
    attempts = {
        "beside the checks": lambda: open(event["folder"] + "/conftest.py", "w"),
        "the checks": lambda: open(event["file"], "w"),
        "remove": lambda: os.remove(event["file"]),
        "rename": lambda: os.rename(event["file"], event["file"] + ".old"),
        "its own code": lambda: open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "app.py"), "w"),
        "a program": lambda: open("/usr/bin/attacked", "w"),
        "the interpreter": lambda: open(os.__file__, "a"),
        "core pattern": lambda: open("/proc/sys/kernel/core_pattern", "w"),
        "a device": lambda: os.mknod("/var/task/disk", 0o60600, os.makedev(254, 0)),
        "mode": lambda: os.chmod(event["file"], 0o777),
        "owner": lambda: os.chown(event["file"], os.getuid(), os.getgid()),
    }
    result = [name for name, attempt in attempts.items() if said(attempt) == ""]
    """
    assert boxed.run(code, folder=f"/..{secret_file.parent}", file=f"/..{secret_file}") == []
    assert secret_file.read_text() != ""
    assert [path.name for path in secret_file.parent.iterdir()] == [secret_file.name]


def test_a_link_out_of_tmp_leads_nowhere(boxed, secret_file):
    code = """
    os.symlink(event["path"], "/tmp/link")
    result = [said(lambda: open("/tmp/link").read()), said(lambda: os.link(event["path"], "/tmp/hard"))]
    os.remove("/tmp/link")
    """
    assert "" not in boxed.run(code, path=f"/..{secret_file}")


def test_the_graders_environment_and_credentials_are_not_inherited(boxed):
    code = """
    texts = [str(dict(os.environ))]
    for place in ("/proc/self/environ", "/proc/1/environ", event["grader"]):
        try:
            texts.append(open(place).read())
        except OSError:
            pass
    result = any(event["secret"] in text for text in texts)
    """
    assert boxed.run(code, secret=os.environ["GRADER_SECRET"], grader=f"/proc/{os.getpid()}/environ") is False
    assert not {"COURSE_CONTROL_TOKEN", "COURSE_CONTROL_URL"} & set(boxed.run("result = list(os.environ)"))


def test_giant_files_end_at_the_size_of_tmp(boxed):
    code = """
    def fill():
        with open("/tmp/big", "wb", buffering=0) as file:
            while True:
                if file.write(bytes(1 << 24)) < 1 << 24:
                    file.write(b"x")
    result = [said(fill), os.stat("/tmp/big").st_size]
    os.remove("/tmp/big")
    """
    said, size = boxed.run(code, on="filler")
    assert said in ("ENOSPC", "EFBIG")
    assert size <= 64 << 20
