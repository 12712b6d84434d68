"""The project's own rules: the commands that newcomers type, versions, what lies where, and imports that do nothing."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "jobs", "storage")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def repository() -> list[Path]:
    """Return the files that belong to the project, as git sees it; without git, all but what it would ignore."""
    try:
        listed = (
            subprocess.run(
                ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607
                cwd=ROOT,
                capture_output=True,
                check=True,
            )
            .stdout.decode()
            .split("\0")
        )
    except (OSError, subprocess.CalledProcessError):
        listed = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if not {"__pycache__", ".venv"} & set(path.parts)
            and not path.relative_to(ROOT).parts[0].startswith((".hyp", ".cov", ".git/", ".mypy", ".ruff", ".import"))
        ]
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


# Commands


def newcomers_commands() -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if "venv" in line]


def test_the_readme_has_two_commands_each_complete_by_itself() -> None:
    demo, tests = newcomers_commands()
    for command in (demo, tests):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q -c .ci/constraints.txt -e ")
    assert demo.endswith("&& .venv/bin/factdesk demo --script")
    assert tests.rpartition("&& ")[2].startswith(".venv/bin/pytest")


def test_the_test_command_leaves_no_test_out() -> None:
    arguments = newcomers_commands()[1].rpartition(".venv/bin/pytest")[2].split()
    assert set(arguments) <= {"-q", "-n", "auto"}


def test_ci_runs_what_the_readme_says_and_then_every_check() -> None:
    shown = subprocess.run([ROOT / ".ci" / "run", "--show"], capture_output=True, text=True, check=True).stdout
    steps = dict(line.split("=", 1) for line in shown.splitlines())
    demo, tests = newcomers_commands()
    assert list(steps) == ["packages", "tests", "lint", "format", "types", "imports", "coverage", "demo"]
    assert (steps["tests"], steps["demo"]) == (tests, demo)


def test_contributing_names_every_check_of_ci() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = subprocess.run([ROOT / ".ci" / "run", "--show"], capture_output=True, text=True, check=True).stdout
    steps = dict(line.split("=", 1) for line in shown.splitlines())
    for name in steps.keys() - {"tests", "demo"}:  # which the README has
        for command in steps[name].split(" && "):
            assert command in text, command


# Versions


def requirements() -> dict[str, list[Requirement]]:
    groups = {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
    return {name: [Requirement(line) for line in lines] for name, lines in groups.items()}


def constraints() -> dict[str, Version]:
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [re.fullmatch(r"([A-Za-z0-9._-]+)==(\S+)", line) for line in lines if line and not line.startswith("#")]
    assert all(pins), "every line of .ci/constraints.txt is a name and an exact version"
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in pins if pin is not None}


def test_every_dependency_has_a_lower_bound() -> None:
    for group in requirements().values():
        for requirement in group:
            assert any(each.operator == ">=" for each in requirement.specifier), str(requirement)


def test_every_dependency_is_locked_at_a_version_that_it_permits() -> None:
    locked = constraints()
    for group in requirements().values():
        for requirement in group:
            name = canonicalize_name(requirement.name)
            assert name in locked, f"{name} is not in .ci/constraints.txt"
            assert requirement.specifier.contains(locked[name]), f"{requirement} does not permit {locked[name]}"


def test_what_the_locked_packages_need_is_locked_too() -> None:
    from importlib.metadata import PackageNotFoundError, requires

    locked = constraints()
    missing = set()
    for name in locked:
        try:
            needs = [Requirement(line) for line in requires(name) or []]
        except PackageNotFoundError:  # of an extra that is not installed here
            continue
        missing |= {
            canonicalize_name(need.name) for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})
        } - set(locked)
    assert not missing


def imported(paths: list[Path]) -> set[str]:
    """Return the top-level names of the libraries that files import."""
    found = set()
    for path in paths:
        beside = {each.stem for each in path.parent.iterdir()}
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").partition(".")[0])
        # The bench's scripts import what lies beside them.
        found |= names - (beside if "bench" in path.parts else set())
    return found - set(sys.stdlib_module_names) - {*FLOORS, "seeds", "tests"}


def test_every_import_is_a_dependency_that_pyproject_names() -> None:
    packages = {
        "pydantic": "pydantic-settings",
        "sklearn": "scikit-learn",
        "telebot": "pytelegrambotapi",
        "telegram": "python-telegram-bot",
    }
    named = {key: {canonicalize_name(each.name) for each in group} for key, group in requirements().items()}

    def needed(paths: list[Path]) -> set[str]:
        return {canonicalize_name(packages.get(name, name)) for name in imported(paths)}

    tests = python_files("tests")
    bench = [path for path in tests if "bench" in path.parts]
    assert needed(python_files(*FLOORS)) <= named[""] | named["semantic"]
    assert needed([path for path in tests if path not in bench]) <= named[""] | named["dev"]
    assert needed(bench) <= named[""] | named["dev"] | named["bench"]


# What lies where


def test_nothing_else_lies_at_the_top() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in repository()}
    assert top == {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        ".ci",
        ".gitignore",
        "bot",
        "storage",
        "jobs",
        "tests",
        "seeds",
        "docs",
    }


def test_no_file_holds_a_path_of_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w.~*}-])/(?:work|root|home|tmp|Users|private/var)/[\w.-]+")
    for path in repository():
        text = path.read_bytes().decode("utf-8", "replace")
        found = machine.search(text)
        assert found is None, f"{path.relative_to(ROOT)}: {found}"


def test_no_file_refers_to_a_page_that_is_not_here() -> None:
    plan = "DESI" + "GN"
    for path in repository():
        assert plan not in path.read_bytes().decode("utf-8", "replace"), path.relative_to(ROOT)


def test_no_room_has_a_name_that_says_nothing() -> None:
    for path in python_files(*FLOORS):
        assert path.stem not in {"utils", "util", "helpers", "manager", "misc", "common", "base_classes"}, path


@pytest.mark.parametrize("floor", FLOORS)
def test_a_room_is_small_enough_to_be_read_at_once(floor: str) -> None:
    for path in python_files(floor):
        name = path.relative_to(ROOT).as_posix()
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 320, f"{name} has {lines} lines"


def test_every_module_says_what_it_is_for() -> None:
    for path in python_files(*FLOORS):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path.relative_to(ROOT)


# Imports that do nothing

PROBE = """
import importlib, json, os, pkgutil, sys, threading
seen = []
library = tuple({os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)})

def watch(event, args):
    if event == "open" and isinstance(args[0], str):
        writes = any(mark in str(args[1] or "") for mark in "wax+") or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR)
        name = os.path.realpath(args[0])
        code = name.endswith((".py", ".pyc", ".so", ".dylib", ".pyd", ".pth", ".zip"))
        if writes or not (code or name.startswith(library)):
            seen.append([event, args[0]])
    elif event in {"sqlite3.connect", "socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir", "os.rename",
                   "os.remove", "os.fork", "os.putenv"}:
        seen.append([event, repr(args)[:120]])

names = []
for package in sys.argv[1:]:
    names.append(package)
    spec = importlib.util.find_spec(package)
    names += [each.name for each in pkgutil.walk_packages(spec.submodule_search_locations, package + ".")]
sys.addaudithook(watch)
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
seen += [["thread", each.name] for each in threading.enumerate() if each is not threading.main_thread()]
print(json.dumps([len(names), seen]))
"""


def side_effects(*packages: str, folder: Path = ROOT) -> tuple[int, list[list[str]]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("FACTDESK_", "COVERAGE"))}
    done = subprocess.run(
        [sys.executable, "-B", "-c", "import importlib.util\n" + PROBE, *packages],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, seen = json.loads(done.stdout)
    return count, seen


def test_importing_storage_and_jobs_opens_connects_and_starts_nothing() -> None:
    count, seen = side_effects("storage", "jobs")
    assert count > 40
    assert seen == []


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("open('made', 'w').close()", "open"),
        ("open('there').close()", "open"),
        ("import sqlite3; sqlite3.connect(':memory:').close()", "sqlite3.connect"),
        ("import socket; socket.socket().bind(('127.0.0.1', 0))", "socket.bind"),
        ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", "thread"),
    ],
)
def test_a_module_that_does_something_when_imported_is_noticed(tmp_path: Path, code: str, event: str) -> None:
    (tmp_path / "guilty").mkdir()
    (tmp_path / "there").write_text("")
    (tmp_path / "guilty" / "__init__.py").write_text("")
    (tmp_path / "guilty" / "module.py").write_text(code + "\n")
    _, seen = side_effects("guilty", folder=tmp_path)
    assert event in {name for name, _ in seen}
