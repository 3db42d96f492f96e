"""One submission → one report: read, package, deploy into a fresh virtual-time account, scenarios, evidence, points.

Nothing of a submission runs in this process. What the learner did wrong is in the report's checks; what we broke makes the
report ``failed``, without a score.
"""

from __future__ import annotations

import inspect
import runpy
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from autograder import packaging, score, stack
from autograder.assessment import Assessment, load_assessment
from autograder.checks.marks import Check, mark_of
from autograder.errors import AutograderError, GraderFault, LabError, SubmissionError
from autograder.findings import findings
from autograder.intake import take
from autograder.isolate import choose
from autograder.observer import observe
from autograder.report import CriterionResult, Report
from autograder.scene import Clients, Scene, scene_of
from autograder.source_tree import SourceTree
from autograder.variants import Variant
from sandbox.account import LocalAccount, Settings, local_account
from sandbox.errors import SandboxError
from sandbox.runtime.box import Box
from sandbox.runtime.ration import Ration

SEED = 20_260_101
START = 1_767_225_600.0  # 2026-01-01: far from the machine's clock, so that no metric of a function is taken for punctual
RATION = Ration(wall_s=120.0, cpu_s=60.0)  # sound solutions take a tenth of it

Scenario = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Program:
    """The Python of an assessment: scenarios in order, checks in order."""

    scenarios: tuple[Scenario, ...]
    checks: tuple[Check, ...]


@cache
def load_program(folder: Path) -> Program:
    """``checks/scenarios.py`` and ``checks/test_*.py``. LabError when there is none, or a check has no points."""
    places = sorted((folder / "checks").glob("test_*.py"))
    if not places:
        raise LabError(f"{folder} has no checks/test_*.py")
    scenarios = _functions(folder / "checks" / "scenarios.py", "scenario_")
    checks = tuple(check for place in places for check in _functions(place, "test_"))
    for check in checks:
        mark_of(check)
    return Program(scenarios, checks)


def _functions(path: Path, prefix: str) -> tuple[Callable[..., None], ...]:
    names = runpy.run_path(str(path))
    return tuple(value for name, value in names.items() if name.startswith(prefix) and inspect.isfunction(value))


class Judge:
    """An account kept ready for one submission after the other; each is judged in a fresh state of it.

    ``layers`` maps template parameters to the zip files of the layers they stand for; ``box`` is the strongest of this machine
    unless one is given. With ``lint`` every report has static findings too, which cost seconds of processor time each.
    ``ration`` is what all functions of a submission may take together: once it is used up every further call times out at once.
    """

    def __init__(
        self,
        assessment: Assessment,
        layers: Mapping[str, Path] | None = None,
        *,
        course_key: bytes = b"",
        box: Box | None = None,
        lint: bool = False,
        ration: Ration = RATION,
    ) -> None:
        self.assessment = assessment
        self.program = load_program(assessment.folder)
        self._layers = dict(layers or {})
        self._course_key = course_key
        self._box = box or choose()
        self._lint = lint
        self._ration = ration
        self._held = ExitStack()
        self._account: LocalAccount | None = None
        self._clients: Clients | None = None

    def __enter__(self) -> Judge:
        layers = {stack.layer_name(parameter): path for parameter, path in self._layers.items()}
        settings = Settings(virtual_time=True, seed=SEED, start=START, box=self._box, ration=self._ration, layers=layers)
        self._account = self._held.enter_context(local_account(settings))
        self._clients = Clients(self._account)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._account = self._clients = None
        self._held.close()

    def report(self, folder: Path, learner: str = "") -> Report:
        """Never raises for what a submission is or does. ``learner`` chooses the variant; without one the folder names it."""
        return self._report(lambda: take(folder), learner or folder.name, learner)

    def report_of(self, tree: SourceTree, name: str, learner: str = "") -> Report:
        """The same for files that were read already."""
        return self._report(lambda: tree, name, learner)

    def _report(self, read: Callable[[], SourceTree], name: str, learner: str) -> Report:
        timer = _Timer()
        digest = ""
        hints: tuple[str, ...] = ()
        variant = self.variant(learner)
        try:
            with timer("read"):
                tree = read()
            digest = tree.digest
            if self._lint:
                with timer("lint"):
                    hints = findings(tree)
            criteria = self._criteria(tree, variant, timer)
        except SubmissionError as error:
            criteria = score.nothing(self.assessment, self.program.checks, str(error))
        except (AutograderError, SandboxError, BotoCoreError, OSError) as error:
            return Report(
                self.assessment.slug,
                name,
                "failed",
                reason=f"{type(error).__name__}: {error}",
                variant=variant,
                digest=digest,
                backend=self.backend,
                seconds=timer.seconds,
            )
        return Report(
            self.assessment.slug,
            name,
            "graded",
            criteria=criteria,
            variant=variant,
            findings=hints,
            digest=digest,
            backend=self.backend,
            seconds=timer.seconds,
        )

    def variant(self, learner: str) -> Variant:
        """The values this learner is judged by."""
        return self.assessment.variant(self._course_key, learner)

    @property
    def backend(self) -> str:
        """The isolation that submissions' functions run in."""
        return self._box.name

    def scene(self, tree: SourceTree, variant: Variant, timer: _Timer | None = None) -> Scene:
        """The submission deployed into the account, which is reset first. SubmissionError when it cannot be."""
        if self._account is None or self._clients is None:
            raise GraderFault("the judge has no account: use it as a context manager")
        timer, account, clients = timer or _Timer(), self._account, self._clients
        with timer("start"):
            account.reset()
        with timer("package"):
            packaged = packaging.package(tree, stack.ARTIFACTS)
        with timer("deploy"):
            arns = stack.prepare(account, clients, self._layers)
            deployer = stack.Deployer(account, clients, tree, packaged, {**self.assessment.parameters, **arns})
            deployed = deployer.first()
        return scene_of(account, clients, deployed, variant, deployer)

    def _criteria(self, tree: SourceTree, variant: Variant, timer: _Timer) -> tuple[CriterionResult, ...]:
        scene = self.scene(tree, variant, timer)
        with timer("scenarios"):
            run_scenarios(self.program, scene)
        with timer("evidence"):
            observe(scene)
        with timer("score"):
            used_up = bool(scene.account.control.info()["ration_used_up"])
            return score.score(self.assessment, self.program.checks, fixtures(scene), self._used_up if used_up else "")

    @property
    def _used_up(self) -> str:
        return (
            f"The functions of this stack used up the time one submission has ({self._ration.wall_s:g} s, "
            f"{self._ration.cpu_s:g} s of them on a processor); from then on every call of them ended as timed out."
        )


def fixtures(scene: Scene) -> dict[str, Any]:
    """Every name a scenario or a check may ask for."""
    return {
        "scene": scene,
        "stack": scene.stack,
        "variant": scene.variant,
        "clients": scene.clients,
        "clock": scene.clock,
        "faults": scene.faults,
        "traffic": scene.traffic,
        "evidence": scene.evidence,
    }


def run_scenarios(program: Program, scene: Scene) -> None:
    available = fixtures(scene)
    for scenario in program.scenarios:
        try:
            scenario(**{name: available[name] for name in inspect.signature(scenario).parameters})
        except (ClientError, ParamValidationError) as error:
            # What this stack is or forbids stood in the way: a sound one never gets here, as the content's tests prove.
            scene.evidence.refused.append(f"{scenario.__name__.removeprefix('scenario_')}: {error}")
        except Exception as error:
            raise GraderFault(f"{scenario.__name__} broke: {type(error).__name__}: {error}") from error


@contextmanager
def open_judge(
    *,
    assessment: str,
    layers: Mapping[str, str],
    course_key: str = "",
    backend: str = "",
    allow_unsafe: bool = False,
    lint: bool = False,
    wall_s: float = RATION.wall_s,
    cpu_s: float = RATION.cpu_s,
) -> Iterator[Callable[[Path, str], Report]]:
    """A judge from settings that are JSON, as each process of a class opens one; folders and files are paths, the key is hex."""
    files = {parameter: Path(path) for parameter, path in layers.items()}
    box = choose(allow_unsafe=allow_unsafe, backend=backend)
    key, ration = bytes.fromhex(course_key), Ration(wall_s, cpu_s)
    with Judge(load_assessment(Path(assessment)), files, course_key=key, box=box, lint=lint, ration=ration) as one:
        yield one.report


def judge(assessment: Assessment, folder: Path, layers: Mapping[str, Path] | None = None, *, learner: str = "") -> Report:
    """One submission with an account of its own; for many, keep a ``Judge``."""
    with Judge(assessment, layers) as one:
        return one.report(folder, learner)


class _Timer:
    """Wall time of the phases; ``total`` is their sum."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self._spent[phase] = self._spent.get(phase, 0.0) + perf_counter() - start

    @property
    def seconds(self) -> dict[str, float]:
        return {**{name: round(spent, 3) for name, spent in self._spent.items()}, "total": round(sum(self._spent.values()), 3)}
