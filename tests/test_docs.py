"""The pages say what the code is: settings, commands, jobs, words, invariants, rooms; and nothing that is not there."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

from bot.cli import app
from bot.config import Settings, StorageSettings
from bot.handlers import COMMANDS
from bot.views.commands import COMMANDS as MENU
from jobs.lifecycle import Action, allowed, move
from jobs.policy import Policy
from jobs.schedule import JOBS
from storage import errors, kinds, model
from storage.errors import FactdeskError, StorageError
from storage.invariants import INVARIANTS
from storage.kinds import ClaimState, Role

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/*.md"), *ROOT.glob("bot/**/*.md")])
FLOORS = ("bot", "jobs", "storage")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    level = heading.partition(" ")[0]
    match = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match is not None, f"no section {heading!r}"
    return match[1]


def table(text: str) -> list[list[str]]:
    """Return the cells of every row of the tables in a text, the rows of heads and rules left out."""
    rows = [line.strip().strip("|").split(" | ") for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip(" |") for cell in row] for row in rows]
    rules = {number for number, row in enumerate(cells) if set("".join(row)) <= set("-| :")}
    return [row for number, row in enumerate(cells) if number not in rules and number + 1 not in rules]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def first_column(text: str) -> list[str]:
    """Return what stands in backticks in the first cell of each row."""
    return [name for row in table(text) for name in quoted(row[0])]


# Settings, commands, jobs


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md"])
def test_every_setting_is_in_the_tables_with_its_default(name: str) -> None:
    rows = {
        quoted(row[0])[0]: row[1] for row in table(section(page(name), f"##{'#' * (name == 'README.md')} Settings"))
    }
    assert set(rows) == {f"FACTDESK_{field.upper()}" for field in Settings.model_fields}
    for field, info in Settings.model_fields.items():
        default = "none" if info.is_required() or info.default == frozenset() else f"`{info.default}`"
        assert rows[f"FACTDESK_{field.upper()}"].removesuffix(", needed") == default


def test_the_pages_name_no_setting_that_is_not_there() -> None:
    known = {f"FACTDESK_{field.upper()}" for field in (*Settings.model_fields, *StorageSettings.model_fields)}
    known |= {text for name, text in calls([ROOT / "bot" / "cli.py"]) if name == "os.environ.get"}
    for path in PAGES:
        named = set(re.findall(r"FACTDESK_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
        assert named <= known, f"{path.name} names {named - known}"


def cli_options() -> dict[str, set[str]]:
    """Return every command of the command line with its options."""
    found = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        found[name] = options - {"--help"}
    return found


def test_every_command_of_the_command_line_is_described_with_its_options() -> None:
    rows = table(section(page("docs/operations.md"), "## Commands"))
    assert {quoted(row[0])[0].split()[1]: set(quoted(row[1])) for row in rows} == cli_options()


def test_the_pages_name_no_command_that_is_not_there() -> None:
    known = set(cli_options())
    for path in PAGES:
        named = set(re.findall(r"(?:`|^|/)factdesk ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= known, f"{path.name} names {named - known}"


def test_every_command_in_chat_is_described_with_who_may_use_it() -> None:
    who = {Role.PUBLIC: "everyone", Role.REVIEWER: "reviewers", Role.EDITOR: "editors", Role.ADMIN: "admins"}
    rows = {quoted(row[0])[0]: row[1] for row in table(section(page("README.md"), "## In chat"))}
    assert set(rows) == {f"/{name}" for name in COMMANDS}
    assert rows == {f"/{command.name}": who[command.least] for command in MENU}


def test_every_job_is_in_the_table_with_its_interval() -> None:
    rows = {quoted(row[0])[0]: row[1] for row in table(section(page("docs/architecture.md"), "## Time"))}
    units = {"s": 1, "min": 60, "h": 3600}
    found = {name: timedelta(seconds=int(every.split()[0]) * units[every.split()[1]]) for name, every in rows.items()}
    assert found == {job.name: job.every for job in JOBS}


def test_every_setting_of_the_policy_is_in_the_table_with_its_default() -> None:
    rows = {quoted(row[0])[0]: row[1] for row in table(section(page("docs/operations.md"), "## The rules' numbers"))}
    policy = Policy()
    assert set(rows) == {field.name for field in fields(Policy)}
    for name, shown in rows.items():
        assert as_policy_value(shown, getattr(policy, name)) == getattr(policy, name), name


def as_policy_value(shown: str, like: object) -> object:
    number, _, unit = shown.partition(" ")
    match like:
        case bool():
            return {"yes": True, "no": False}[shown]
        case timedelta():
            return timedelta(**{unit if unit.endswith("s") else f"{unit}s": int(number)})
        case tuple():
            return like if int(number) == len(like) else number
        case int() | float():
            return float(shown)
        case _:
            return shown


def test_the_ratings_are_listed_with_the_sources_they_need() -> None:
    text = section(page("docs/operations.md"), "## The rules' numbers")
    found = {key: int(sources) for key, sources in re.findall(r"`([a-z_]+)` (\d)", text.split("Sources that")[1])}
    assert found == {rating.key: rating.sources for rating in Policy().scale}


# What an operator meets


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def calls(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield (what is called, its first argument) for each call whose first argument is a text."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str):
                    yield ast.unparse(node.func), value


def test_every_event_in_the_log_is_explained() -> None:
    logged = {
        (text, "error" if name == "_log.exception" else name.removeprefix("_log."))
        for name, text in calls([path for path in python_files(*FLOORS) if "sandbox" not in path.parts])
        if name.startswith("_log.")
    }
    rows = table(section(page("docs/operations.md"), "## Logs").split("###")[0])
    assert {(quoted(row[0])[0], row[1]) for row in rows} == logged


def test_every_error_of_the_database_is_explained() -> None:
    kinds = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, StorageError)}
    raised = {text for name, text in calls(python_files("storage", "bot/terminal")) if name in kinds}
    assert set(first_column(section(page("docs/operations.md"), "### Errors of the database"))) == raised


def test_every_finding_of_the_check_is_explained() -> None:
    source = ROOT / "storage" / "integrity.py"
    found = {text for name, text in calls([source]) if name in {"Problem", "_named"}}
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        # The table of what is late: (code, noun, patience, sql, sentence).
        if isinstance(node, ast.Tuple) and len(node.elts) == 5 and isinstance(node.elts[0], ast.Constant):
            found.add(str(node.elts[0].value))
    assert set(first_column(section(page("docs/operations.md"), "## Check"))) == found


# How it is built


def test_every_invariant_is_listed_in_its_own_words() -> None:
    listed = re.findall(r"^- `([a-z_]+)`: (.+)$", section(page("docs/architecture.md"), "## Invariants"), re.MULTILINE)
    assert listed == [(invariant.code, invariant.sentence) for invariant in INVARIANTS]


def test_the_moves_of_a_claim_are_those_of_the_code() -> None:
    text = section(page("docs/architecture.md"), "## The life of a claim")
    listed = {
        (ClaimState(state), Action(quoted(row[0])[0]), ClaimState(quoted(row[2])[0]))
        for row in table(text)
        for state in quoted(row[1])
    }
    assert listed == {(state, action, move(state, action)) for state in ClaimState for action in allowed(state)}


def test_the_picture_of_a_claims_life_names_every_state_and_move() -> None:
    picture = section(page("docs/architecture.md"), "## The life of a claim").split("```")[1]
    words = set(re.findall(r"[a-z_]+", picture))
    assert {state.value for state in ClaimState} <= words
    assert {action.value for action in Action} - {"triage", "queue", "start", "publish"} <= words


def holds_something(path: Path) -> bool:
    """False for the `__init__.py` of a folder that has a docstring only."""
    return path.name != "__init__.py" or len(ast.parse(path.read_text(encoding="utf-8")).body) > 1


def test_every_room_is_on_the_map_and_no_other() -> None:
    listed = first_column(section(page("docs/architecture.md"), "## The rooms"))
    real = {path.relative_to(ROOT).as_posix() for path in python_files(*FLOORS) if holds_something(path)}
    assert sorted(real) == sorted(name for name in listed if name.endswith(".py"))


def test_every_decision_is_listed_in_order_and_fits_a_page() -> None:
    notes = sorted((ROOT / "docs" / "decisions").iterdir())
    assert [int(note.name[:4]) for note in notes] == list(range(1, len(notes) + 1))
    text = section(page("docs/architecture.md"), "## Decisions")
    assert re.findall(r"\]\(decisions/([^)]+)\)", text) == [note.name for note in notes]
    for note in notes:
        lines = note.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 60, note.name
        assert lines[0].startswith(f"# {int(note.name[:4])}. ")
        assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


def defined(room: ModuleType) -> list[str]:
    return [name for name, kind in vars(room).items() if inspect.isclass(kind) and kind.__module__ == room.__name__]


def test_every_record_is_in_the_vocabulary() -> None:
    nouns = section(page("docs/vocabulary.md"), "## Nouns")
    assert sorted(quoted(row[1])[0] for row in table(nouns) if len(row) == 3) == sorted(defined(model))


def test_every_enum_is_in_the_vocabulary_with_its_values() -> None:
    rows = table(section(page("docs/vocabulary.md"), "## Values"))
    assert {quoted(row[0])[0]: quoted(row[1]) for row in rows} == {
        name: [member.value for member in getattr(kinds, name)] for name in defined(kinds)
    }


def test_the_error_tree_is_drawn_as_it_is() -> None:
    drawn = re.findall(r"^[ │├└─]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)[1:]
    tree = [name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, FactdeskError)]
    assert sorted(drawn) == sorted(tree)


# Links


def anchors(text: str) -> set[str]:
    """Return the anchors of a page as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (path.parent / name).resolve() if name else path
        assert aim.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in anchors(aim.read_text(encoding="utf-8")), f"{path.name}: {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_exists(path: Path) -> None:
    named = re.findall(r"`((?:bot|jobs|storage|tests|seeds|docs|\.ci)/[\w./-]+)`", path.read_text(encoding="utf-8"))
    for name in named:
        assert (ROOT / name).exists(), f"{path.name}: {name}"
