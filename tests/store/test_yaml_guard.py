"""YAML 有度 · YAML within measure: bombs of aliases, depth and length are refused in a sentence, honest files are read."""

from pathlib import Path

import pytest

from heng.core.errors import PolicyError
from heng.store.policy_files import read_policy, read_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "1,000,000"),
        ("a: &a {x: *a}", "自己"),
        ("a: &a [1, [*a]]", "自己"),
        ("[" * 100_000, "100 层"),
        ("- " * 100_000, "100 层"),
        ("a: '" + "长" * 2_000_000 + "'", "5 MiB"),
        ("- x\n" * 1_200_000, "1,000,000"),
    ],
    ids=["aliases", "holds itself", "holds itself deeper", "brackets", "dashes", "length", "values"],
)
def test_a_file_made_to_explode_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf8")
    with pytest.raises(PolicyError, match=said) as told:
        read_yaml(tmp_path / "a.yaml")
    assert told.value.where == "a.yaml"
    assert all(told.value.mend)


def test_a_bomb_in_the_policy_is_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "policy" / "standards" / "check_quality.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"own: {{values: {{}}}}\n{BOMB}", "utf8")
    with pytest.raises(PolicyError, match=r"check_quality\.yaml"):
        read_policy(tmp_path)


def test_a_few_aliases_are_no_bomb(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: &a [1, 2]\nb: *a\nc: {d: *a}\n", "utf8")
    assert read_yaml(tmp_path / "a.yaml") == {"a": [1, 2], "b": [1, 2], "c": {"d": [1, 2]}}
