"""The routes to a set-up agree: pyproject.toml, requirements.lock and environment.yml."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPI_NAMES = {"matplotlib-base": "matplotlib", "pandera-base": "pandera", "typst-py": "typst"}
ONLY_CONDA = {"python", "pip"}

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
# what conda-forge does not have comes from elsewhere, beside the package itself
(FROM_PIP,) = (item["pip"] for item in CONDA["dependencies"] if isinstance(item, dict))
NAMED = [item for item in CONDA["dependencies"] if isinstance(item, str)] + [
    item for item in FROM_PIP if item[0] != "-"
]
CONDA_RANGES = {one.name: one.specifier for one in map(Requirement, NAMED)}
ASKED = PROJECT["dependencies"] + [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
RANGES = {canonicalize_name(one.name): one.specifier for one in map(Requirement, ASKED) if one.name != PROJECT["name"]}


def locked(name: str) -> list[str]:
    return re.findall(rf"^{re.escape(name)}==([^\s;\\]+)", LOCK, flags=re.MULTILINE)


def test_environment_yml_has_the_names_and_ranges_of_pyproject():
    conda = {PYPI_NAMES.get(name, name): ranges for name, ranges in CONDA_RANGES.items() if name not in ONLY_CONDA}
    assert conda == RANGES


def test_environment_yml_has_the_name_and_python_range_of_pyproject():
    assert CONDA["name"] == PROJECT["name"]
    assert CONDA_RANGES["python"] == SpecifierSet(PROJECT["requires-python"])


@pytest.mark.parametrize("name", sorted(RANGES))
def test_locked_versions_are_in_range(name):
    assert locked(name), f"{name} is not in requirements.lock: run make lock"
    assert [version for version in locked(name) if version not in RANGES[name]] == []


def test_lock_holds_hashes_and_no_addresses():
    pins = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert re.findall(r"\S*(?://|--(?:extra-)?index|--find-links)\S*", LOCK) == []
