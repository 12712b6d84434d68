"""The `factdesk` command (docs/operations.md): what can be typed. What the commands do is in bot/terminal.

Everything heavy is imported by the command that needs it, so that `factdesk run` holds nothing it does not use.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.terminal.outcome import (
    DONE,
    UNUSABLE,
    WRONG,
    CommandError,
    Outcome,
    explain_os,
    explain_refusal,
    explain_storage,
    readable,
)
from storage.errors import Refused, StorageError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="A fact-checking desk that lives in Telegram. Settings come from the environment (FACTDESK_…) or from .env.",
)


class GivenRole(StrEnum):
    """The roles that an invite can give."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"


class Period(StrEnum):
    """How far a digest looks back."""

    DAY = "day"
    WEEK = "week"


Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
LONGEST = 1000

_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]
"""What the parser of the command line raises; the library gives it no name of its own."""


@app.callback()
def factdesk(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    """A fact-checking desk that lives in Telegram."""
    if version:
        from importlib.metadata import PackageNotFoundError  # noqa: PLC0415 - only here
        from importlib.metadata import version as installed  # noqa: PLC0415 - only here

        try:
            typer.echo(f"factdesk {installed('factdesk')}")
        except PackageNotFoundError:
            typer.echo("factdesk, not installed")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(UNUSABLE)


@app.command()
def run() -> None:
    """Run the desk. It talks to Telegram until it is stopped; needs FACTDESK_TOKEN."""
    from bot.config import load  # noqa: PLC0415 - only here
    from bot.terminal.session import usable_path  # noqa: PLC0415 - only here

    settings = load()
    path = usable_path(settings.database)

    from bot import logs, main  # noqa: PLC0415 - loads Telegram's library

    logs.set_up(settings.log)
    try:
        asyncio.run(main.run(settings))
    except StorageError as error:
        raise explain_storage(error, path) from error
    except OSError as error:
        raise explain_os(error, path) from error


@app.command()
def demo(
    script: Annotated[bool, typer.Option("--script", help="Play the main job in the terminal, then stop.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the page; 0 takes any that is free.")] = 8765,
    database: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Keep database and chats in this file and beside it.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the page's address only.")] = False,
    practice: Annotated[bool, typer.Option("--practice", help="Let reviewers practise on past claims.")] = False,
) -> Outcome:
    """Try the desk without Telegram. No token, account or network: a Bot API and sample data are inside."""
    if script and (database or practice):
        raise CommandError("--script plays a play of its own: --database and --practice do not go with it", UNUSABLE)

    from bot import demo as stage  # noqa: PLC0415 - loads the sandbox

    serving = partial(stage.serve, port, database=database, browser=not no_browser, practice=practice)
    return Outcome(code=asyncio.run(stage.play() if script else serving()))


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(metavar="PATH", help="A .txt file in UTF-8, or - for standard input.")],
    title: Annotated[str | None, typer.Option(help="The document's title.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it was published.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, such as en or bn; detected if not given.")] = None,
    json: Json = False,
) -> Outcome:
    """Take a document in. Each of its sentences is a claim for the reviewers; twice is the same as once."""
    from bot.terminal import acting  # noqa: PLC0415 - only here

    incoming = acting.incoming_of(
        source, title=readable(title), publisher=readable(publisher), url=readable(url), language=readable(language)
    )
    return asyncio.run(acting.take_in(_storage(), incoming, _now(), json=json))


@app.command()
def status(
    number: Annotated[str, typer.Argument(metavar="ID", help="The claim's number: 42, #42 or FC-42.")],
    json: Json = False,
) -> Outcome:
    """Show where a claim stands, and its verdict."""
    from bot.terminal import asking  # noqa: PLC0415 - only here

    return asyncio.run(asking.status(_storage(), readable(number) or "", _now(), json=json))


@app.command()
def search(
    text: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT",
            help='As /search in chat: words, "a phrase", -not, #tag, lang:bn, rating:false, after:2025-05.',
        ),
    ],
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many claims.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=LONGEST, help="Show at most so many.")] = 20,
    json: Json = False,
) -> Outcome:
    """Find claims by words and filters. The best comes first; a lone -- before TEXT lets it begin with a minus."""
    from bot.terminal import asking  # noqa: PLC0415 - only here

    query = readable(" ".join(text)) or ""
    return asyncio.run(asking.search(_storage(), query, _now(), offset=offset, limit=limit, json=json))


@app.command()
def queue(json: Json = False) -> Outcome:
    """Show what waits for somebody. The most urgent comes first; editors decide what is agreed or disputed."""
    from bot.terminal import asking  # noqa: PLC0415 - only here

    return asyncio.run(asking.queue(_storage(), _now(), json=json))


@app.command()
def digest(
    chat: Annotated[int, typer.Option(metavar="ID", help="The chat's Telegram id; groups have negative ones.")],
    topic: Annotated[int | None, typer.Option(metavar="ID", help="The forum topic, if it is of one.")] = None,
    number: Annotated[
        int | None, typer.Option(metavar="N", help="Which one, where the chat has several; the first if not given.")
    ] = None,
    period: Annotated[
        Period | None, typer.Option(help="How far back; since the chat's last digest if not given.")
    ] = None,
    at: Annotated[str | None, typer.Option(metavar="ISO", help="When the period ends; now if not given.")] = None,
    json: Json = False,
) -> Outcome:
    """Show a chat's digest without sending it."""
    from bot.terminal import asking  # noqa: PLC0415 - only here

    ended = readable(at)
    return asyncio.run(asking.digest(_storage(), chat, topic, number, period, ended, _now(), json=json))


@app.command()
def invite(
    role: Annotated[GivenRole, typer.Argument(metavar="ROLE", help="reviewer, editor or admin.")], json: Json = False
) -> Outcome:
    """Make a one-time link for a person. It makes them reviewer, editor or admin; needs FACTDESK_TOKEN."""
    from bot.config import load  # noqa: PLC0415 - only here
    from bot.terminal import acting  # noqa: PLC0415 - only here
    from storage.kinds import Role  # noqa: PLC0415 - only here

    return asyncio.run(acting.invite(load(), Role(role), _now(), json=json))


@app.command()
def check(json: Json = False) -> Outcome:
    """Look for what is wrong. File, references, audit log, rules of the desk, messages and jobs that are late."""
    from bot.terminal import asking  # noqa: PLC0415 - only here

    return asyncio.run(asking.check(_storage(), _now(), json=json))


@app.command()
def backup(target: Annotated[Path, typer.Argument(metavar="PATH", help="A file that does not exist yet.")]) -> Outcome:
    """Copy the database into a new file. Safe while the desk runs."""
    from bot.terminal import acting  # noqa: PLC0415 - only here

    return asyncio.run(acting.backup(_storage(), target, _now()))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="PATH", help="A file made by `factdesk backup`.")],
) -> Outcome:
    """Put a backup in the place of the database. What was there is kept beside it; the desk must be stopped."""
    from bot.terminal import acting  # noqa: PLC0415 - only here

    return acting.restore(_storage(), source)


@app.command()
def migrate() -> Outcome:
    """Bring the database up to date. For after an upgrade; the desk must be stopped."""
    from bot.terminal import acting  # noqa: PLC0415 - only here

    return asyncio.run(acting.migrate(_storage(), _now()))


def main() -> None:
    """Run the command line of this process."""
    sys.exit(perform(sys.argv[1:]))


def perform(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code. Whatever goes wrong is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        # Bengali must not fail on a terminal or pipe that was set up for less.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _deliver(app(args=list(arguments), prog_name="factdesk", standalone_mode=False))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough. What Python would still flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 128 + 2
    except Exception as error:
        lines, code = _explain(error, arguments)
        for line in lines:
            print(f"factdesk: {' '.join(line.split())}", file=sys.stderr)
    return code


def _deliver(result: Any) -> int:
    """Print what a command came to; help and version printed themselves, and are an exit code."""
    if not isinstance(result, Outcome):
        return int(result or DONE)
    if result.remark:
        print(f"factdesk: {result.remark}", file=sys.stderr)
    if result.out:
        print(result.out)
    return result.code


def _explain(error: Exception, arguments: Sequence[str]) -> tuple[list[str], int]:
    from bot.config import SettingsError  # noqa: PLC0415 - loaded by then, or not needed

    if isinstance(error, SettingsError):
        return error.problems, UNUSABLE
    if isinstance(error, Refused):
        error = explain_refusal(error)
    if isinstance(error, CommandError):
        return [error.text], error.code
    if isinstance(error, _USAGE_ERROR):
        command = arguments[0] if arguments and arguments[0] in _commands() else ""
        return [
            f"{error.format_message().replace('Value error, ', '')} See `{f'factdesk {command}'.strip()} --help`."
        ], UNUSABLE
    if os.environ.get("FACTDESK_TRACE"):
        raise error
    return [f"unexpected {type(error).__name__}: {error}; FACTDESK_TRACE=1 shows where; please report it"], WRONG


def _commands() -> set[str]:
    return {command.callback.__name__ for command in app.registered_commands if command.callback is not None}


def _storage() -> Any:
    from bot.config import load_storage  # noqa: PLC0415 - slow to load, and --help does without

    return load_storage()


def _now() -> Any:
    from jobs.clock import utc_now  # noqa: PLC0415 - as above

    return utc_now()
