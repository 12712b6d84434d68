"""The demo never meets a real desk: its rooms are reached by its own command only, and no other process loads them."""

import ast
import os
import sys
from pathlib import Path
from subprocess import run

import pytest

from bot.demo import browser

ROOT = Path(__file__).parents[3]
APART = ("bot.demo", "bot.sandbox")


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_the_demos_command_leads_to_the_sandbox() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "jobs", "storage")
        for path in (ROOT / folder).rglob("*.py")
        if any(name == apart or name.startswith(f"{apart}.") for name in imports_of(path) for apart in APART)
    }
    outside = {name for name in found if not name.startswith(("bot/demo/", "bot/sandbox/"))}
    assert outside == {"bot/cli.py"}
    command = next(
        node
        for node in ast.parse((ROOT / "bot" / "cli.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and "from bot import demo" in ast.unparse(node)
    )
    assert command.name == "demo"


def test_a_desk_that_runs_has_not_loaded_them() -> None:
    code = (
        "import sys, bot.cli, bot.main, bot.logs, bot.config; "
        f"print([name for name in sys.modules if name.startswith({APART!r})])"
    )
    done = run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="there the system always has a screen")
@pytest.mark.parametrize(("name", "seen"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("TERM", False)])
def test_without_a_screen_no_browser_is_looked_for(name: str, seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for display in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(display, raising=False)
    monkeypatch.setenv(name, "x")
    assert browser.has_screen() is seen
