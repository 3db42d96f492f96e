from __future__ import annotations

from pathlib import Path

import pytest

from courseware.cli import main as entry


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)


@pytest.fixture
def assessment(tmp_path: Path) -> str:
    folder = tmp_path / "exam"
    folder.mkdir()
    criteria = '[[criteria]]\nname = "function"\ntitle = "Works"\npoints = 1\n'
    variant = f"[variant.side]\ndefault = 256\nvalues = {[256, *range(100, 200)]}\n"
    (folder / "assessment.toml").write_text(f'title = "Exam"\noutputs = []\n[parameters]\n{criteria}{variant}')
    (folder / "README.md").write_text("Make it {side} wide.\n")
    return str(folder)


def test_each_learner_gets_the_task_they_are_graded_by(
    assessment: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text("00ff" * 16)
    assert entry.main(["task", assessment]) == 0
    assert capsys.readouterr().out == "Make it 256 wide.\n"
    told = []
    for learner in ("ada", "mary", "ada"):
        assert entry.main(["task", assessment, "--learner", learner, "--key", str(tmp_path / "key")]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[2] != told[1]


def test_each_learner_gets_the_files_with_the_names_of_their_task(
    assessment: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, ada = Path(assessment), tmp_path / "ada"
    toml = folder / "assessment.toml"
    toml.write_text(toml.read_text() + "written = ['SIDE: {side}']\n")
    for name, text in {"template.yaml": "SIDE: 256\n", "evidence/app.log": "256 wide, SIDE: 256\n"}.items():
        (folder / "starter" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "starter" / name).write_text(text)
    (tmp_path / "key").write_text("00ff" * 16)
    asked = ["task", assessment, "--learner", "ada", "--key", str(tmp_path / "key")]
    assert entry.main([*asked, "--folder", str(ada)]) == entry.main([*asked, "--notebook", str(tmp_path / "ada.ipynb")]) == 0
    side = (ada / "task.md").read_text().split()[2]
    assert side != "256"
    assert (ada / "starter/template.yaml").read_text() == f"SIDE: {side}\n"
    assert (ada / "starter/evidence/app.log").read_text() == f"256 wide, SIDE: {side}\n"
    assert f"SIDE: {side}" in (tmp_path / "ada.ipynb").read_text()
    assert entry.main([*asked, "--folder", str(ada)]) == 2
    assert "already" in capsys.readouterr().err


def test_without_a_key_there_are_no_values_of_ones_own(
    assessment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("courseware.grading.course_root", lambda: tmp_path)  # whoever runs this may have a key of their own
    assert entry.main(["task", assessment, "--learner", "ada"]) == 2
    assert "everybody has the same values" in capsys.readouterr().err
