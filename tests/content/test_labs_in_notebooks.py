"""Every lab done in a notebook's kernel: setup, a solution and its check in turn, beside an account whose time runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from autograder.lab import Lab, find_labs
from autograder.submission import cells_of_myst
from sandbox.account import LocalAccount, local_account

ROOT = Path(__file__).parents[2]
LABS = find_labs(ROOT / "labs")
CELL_S_MAX = 120


class Notebook:
    """One kernel for all labs, made as good as new before each; the account is reset with it."""

    def __init__(self, account: LocalAccount, client: BlockingKernelClient) -> None:
        self._account = account
        self._client = client

    def begin(self) -> None:
        self._account.reset()
        self.run("%reset -f")

    def run(self, code: str) -> str:
        """What a cell prints; AssertionError when it raises or does not end."""
        said: list[str] = []
        hook = lambda message: said.append(message["content"].get("text", ""))  # noqa: E731
        reply = self._client.execute_interactive(code, timeout=CELL_S_MAX, output_hook=hook)["content"]
        assert reply["status"] == "ok", f"{reply['ename']}: {reply['evalue']}\n{code}"
        return "".join(said)


@pytest.fixture(scope="module")
def notebook() -> Iterator[Notebook]:
    with local_account() as account:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COURSE_"))}
        environment = {**kept, **account.environ(), **account.control.environ(), "PYTHONPATH": str(ROOT)}
        manager, client = start_new_kernel(kernel_name="python3", env=environment)
        try:
            yield Notebook(account, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def cells_with_solutions(lab: Lab) -> Iterator[tuple[str, str, str]]:
    """What kind of cell, of which step, and its code."""
    for cell in cells_of_myst(lab.source.read_text("utf-8")):
        kind, _, step = next(iter(cell.tags), "").partition("-")
        solution = lab.folder / "solution" / f"{step.replace('-', '_')}.py"
        yield kind, step, solution.read_text("utf-8") if kind == "step" else cell.code


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_a_lab_is_done_in_a_notebook(lab: Lab, notebook: Notebook) -> None:
    notebook.begin()
    passed = []
    for kind, step, code in cells_with_solutions(lab):
        said = notebook.run(code)
        if kind == "check":
            assert said.startswith("✔"), said
            passed.append(step)
    assert passed == [step.id for step in lab.steps]


def test_the_cells_above_run_again_after_a_restart_although_billing_gets_other_documents_by_now(notebook: Notebook) -> None:
    """The third step leaves a message of the second step's kind in the queue that the first one reads."""
    lab = next(lab for lab in LABS if lab.slug == "eventbridge-routing")
    cells = [code for _, _, code in cells_with_solutions(lab)]
    shipping = next(at for at, (_, step, _) in enumerate(cells_with_solutions(lab)) if step == "retry")
    notebook.begin()
    for code in cells[:shipping]:
        notebook.run(code)
    notebook.run("%reset -f")
    said = [notebook.run(code) for code in cells[:shipping]]
    assert [text[0] for text in said if text[:1] in {"✔", "✘"}] == ["✔", "✔", "✔"]
