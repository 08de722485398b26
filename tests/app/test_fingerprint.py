"""指纹：代码变了就重算，无关的代码变了不重算 · Fingerprints: a change of the code that runs is a new run, any other is not."""

import ast
import sys
from collections.abc import Iterator

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


def imported(module: str) -> Iterator[str]:
    """What a module imports, as Python itself reads it."""
    for node in ast.walk(ast.parse(fingerprint.source(module))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{a.name}" for a in node.names))


def test_the_imports_read_off_the_text_are_those_that_python_sees() -> None:
    house = {name for name, m in sys.modules.items() if name.startswith("heng.") and getattr(m, "__file__", None)}
    for module in sorted(house):
        assert set(fingerprint.imports(module)) == set(imported(module)) & house, module


@pytest.mark.parametrize(
    "text",
    [
        "from heng.methods import (\n    bridge,  # a remark, with a comma\n    abc as activity,\n)",
        "from heng.methods import bridge, abc  # noqa: F401",
        "def f():\n    import heng.methods.bridge as b\n    from heng.methods import abc",
        "from heng.methods import bridge\nfrom heng.methods.abc import (  # with a bracket\n    a_name,\n)",
    ],
)
def test_however_an_import_is_written_it_is_found(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "source", lambda _: text)
    assert {"heng.methods.bridge", "heng.methods.abc"} <= set(fingerprint.imports.__wrapped__("heng.any"))
