"""指纹：代码变了就重算，无关的代码变了不重算 · Fingerprints: a change of the code that runs is a new run, any other is not."""

import pytest

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app import fingerprint


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Fingerprints are remembered while a process lives; here every one is worked out."""
    fingerprint.code.cache_clear()


def after_a_change_in(module: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The fingerprint of the three-step allocation when one module reads otherwise."""
    real = fingerprint.source
    with monkeypatch.context() as other:
        other.setattr(fingerprint, "source", lambda m: real(m) + "\n# changed" * (m == module))
        found = fingerprint.code("heng.rooms.costing.step_down")
    fingerprint.code.cache_clear()
    return found


@pytest.mark.parametrize(
    "module",
    [
        "heng.rooms.costing.step_down",
        "heng.rooms.costing.layers",
        "heng.methods.step_down",
        "heng.methods.apportion",
        "heng.tables.costing",
        "heng.app.inputs",
        "heng.store.engine",
    ],
)
def test_whatever_an_allocation_runs_by_is_in_its_fingerprint(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert after_a_change_in(module, monkeypatch) != fingerprint.code("heng.rooms.costing.step_down")


@pytest.mark.parametrize("module", ["heng.rooms.costing.unit_cost", "heng.methods.reciprocal", "heng.intake.delivery", "heng.app.why"])
def test_code_that_has_no_part_in_it_leaves_the_fingerprint_alone(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert after_a_change_in(module, monkeypatch) == fingerprint.code("heng.rooms.costing.step_down")
