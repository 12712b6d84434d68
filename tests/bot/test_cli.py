"""The command line keeps its contract: what it prints, its exit codes, and one line when it cannot."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

import bot.cli
from bot.cli import perform
from bot.sandbox import Limits, Sandbox, SandboxServer
from bot.terminal.plain import check_text
from jobs.clock import utc_now
from jobs.indexing import Progress
from jobs.policy import Policy
from jobs.requests import ask
from jobs.seeding import load_seeds
from storage.database import Database
from storage.digest_wishes import DigestWishes, Limit
from storage.engines.sqlite import FileHold
from storage.file import newest_schema
from storage.indexing import Walk
from storage.kinds import Audience, ClaimState, Role
from storage.search import claim_key
from tests.support.builders import NOW, a_claim, a_person, a_subscription, a_verdict
from tests.support.newsroom import a_newsroom

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)
TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"
BENGALI = "ঢাকায় গত বছর ১৫ হাজার নতুন বাস নেমেছে। মন্ত্রী ৩ মার্চ পদত্যাগ করেছেন।"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without any settings; the database of the commands is `desk.db` in it."""
    for name in list(os.environ):
        if name.startswith("FACTDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACTDESK_DATABASE", "desk.db")
    return tmp_path


@pytest.fixture
def run(here: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; returns exit code, output and errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = perform(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def desk(here: Path, migrated_file: Path) -> Path:
    """A database with nothing in it."""
    return Path(shutil.copy(migrated_file, here / "desk.db"))


def fill(path: Path, work: Callable[..., Any]) -> Any:
    """Let a coroutine function write into the database."""

    async def write() -> Any:
        database = await Database.open(path, NOW)
        try:
            async with database.write() as ledger:
                return await work(ledger)
        finally:
            await database.close()

    return asyncio.run(write())


def in_process(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


def one_line(err: str) -> bool:
    return err.startswith("factdesk: ") and err.count("\n") == 1 and "Traceback" not in err


# -- documents in ---------------------------------------------------------------------------------------------------


def test_ingest_prints_the_document_and_its_claims(run: Run, here: Path) -> None:
    (here / "a.txt").write_text(BENGALI)
    code, out, err = run("ingest", "a.txt", "--title", "খবর", "--json")
    assert (code, err) == (0, "")
    shape = json.loads(out)
    assert {name: shape[name] for name in ("document", "known", "language")} == {
        "document": 1,
        "known": False,
        "language": "bn",
    }
    assert [set(claim) for claim in shape["claims"]] == [{"id", "text", "language", "worth", "match", "similar"}] * 2
    assert [(claim["id"], claim["match"]) for claim in shape["claims"]] == [(1, "new"), (2, "new")]
    assert "১৫ হাজার" in out, "Bengali is printed as it is"
    assert shape["claims"][0]["text"] + " " + shape["claims"][1]["text"] == BENGALI


def test_ingest_says_what_a_claim_is_the_same_as_or_similar_to(run: Run, here: Path) -> None:
    known = "North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded."
    (here / "a.txt").write_text(known)
    (here / "b.txt").write_text(known.replace("15,000", "12,000"))
    (here / "c.txt").write_text(known.replace("to Russia", "to the Russia"))
    shapes = [json.loads(run("ingest", name, "--json")[1])["claims"][0] for name in ("a.txt", "b.txt", "c.txt")]
    assert [(shape["id"], shape["match"]) for shape in shapes] == [(1, "new"), (2, "similar"), (1, "same")]
    (line,) = shapes[1]["similar"]
    assert (line["id"], line["rating"]) == (1, None)
    assert line["parts"]["new_numbers"] == ["12,000"]
    assert line["parts"]["known_numbers"] == ["15,000"]


def test_the_same_document_twice_changes_nothing_and_says_so(run: Run, here: Path) -> None:
    (here / "a.txt").write_text(BENGALI)
    (here / "b.txt").write_text(f"\ufeff{BENGALI}\n\n")
    run("ingest", "a.txt")
    before = rows(here / "desk.db")
    code, out, _ = run("ingest", "b.txt")
    assert code == 0
    assert out.startswith("This document came in before, as document 1. Nothing was changed.")
    code, out, _ = run("ingest", "b.txt", "--json")
    shape = json.loads(out)
    assert (shape["document"], shape["known"]) == (1, True)
    assert [claim["match"] for claim in shape["claims"]] == ["same", "same"]
    assert rows(here / "desk.db") == before


def test_a_sentence_that_stands_twice_is_listed_once(run: Run, here: Path) -> None:
    (here / "a.txt").write_text("The bridge is 6 km long. It rained. The bridge is 6 km long!")
    _, out, _ = run("ingest", "a.txt", "--json")
    assert [claim["id"] for claim in json.loads(out)["claims"]] == [1, 2]


def rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def test_ingest_keeps_what_is_known_of_the_document(run: Run, here: Path) -> None:
    (here / "a.TXT").write_text("The bridge is 6 km long.")
    run("ingest", "a.TXT", "--title", "T", "--publisher", "P", "--url", "https://x.example/a", "--language", "EN")
    _, out, _ = run("status", "1", "--json")
    document = json.loads(out)["document"]
    assert (document["title"], document["publisher"], document["url"]) == ("T", "P", "https://x.example/a")


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("a.txt", b"good \xff", 1, "a.txt is not UTF-8 text: byte 5 does not fit"),
        ("a.txt", b"\xef\xbb\xbfgood \xff", 1, "byte 8 does not fit"),
        ("a.txt", "Wide".encode("utf-16"), 1, "byte 0 does not fit (it looks like UTF-16)"),
        ("a.txt", "ক\0".encode(), 1, "byte 3 is zero"),
        ("a.txt", b" \n", 1, "a.txt is empty"),
        ("a.txt", b"", 1, "a.txt is empty"),
        ("a.txt", b"?!", 1, "there is no sentence in the text"),
        ("a.txt", b"x" * 10_000_001, 1, "longer than 10 MB"),
        ("a.pdf", b"x", 2, "a.pdf is not a .txt file"),
        ("a", b"x", 2, "a is not a .txt file"),
    ],
)
def test_a_file_that_is_no_text_is_refused(
    name: str, content: bytes, code: int, said: str, run: Run, here: Path
) -> None:
    (here / name).write_bytes(content)
    found, out, err = run("ingest", name)
    assert (found, out) == (code, "")
    assert one_line(err)
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.txt",), "there is no file nowhere.txt"),
        (("folder.txt",), "folder.txt cannot be used: is a directory"),
        (("a.txt", "--url", "ftp://x"), "--url ftp://x is no web address"),
        (("a.txt", "--language", "english"), "--language english is no language code"),
        (("a.txt", "--title", "a\nb"), "--title holds characters that are no text"),
        (("a.txt", "--title", "\udcff"), "an argument is not UTF-8 text"),
        (("a.txt", "--colour", "red"), "No such option: --colour"),
        (("a.txt", "b.txt"), "extra argument"),
        ((), "Missing argument 'PATH'. See `factdesk ingest --help`."),
    ],
)
def test_ingest_used_wrongly_says_how(arguments: tuple[str, ...], said: str, run: Run, here: Path) -> None:
    (here / "a.txt").write_text("So it is.")
    (here / "folder.txt").mkdir()
    code, out, err = run("ingest", *arguments)
    assert (code, out) == (2, "")
    assert one_line(err)
    assert said in err
    assert not (here / "desk.db").exists()


def test_ingest_reads_standard_input(here: Path) -> None:
    done = in_process("ingest", "-", "--json", stdin=BENGALI.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads(done.stdout)["claims"]) == 2
    assert in_process("ingest", "-").stderr == b"factdesk: stdin is empty\n"


# -- questions ------------------------------------------------------------------------------------------------------


async def some_history(ledger: Any) -> None:
    waiting = await a_claim(ledger, "The bridge over the Padma is 6 km long.", state=ClaimState.QUEUED)
    verdict_on = await a_claim(ledger, "The minister resigned on 3 March.", state=ClaimState.PUBLISHED)
    await a_verdict(ledger, verdict_on, rating="mostly_false", summary="She did not.")
    await ledger.audit.append("claim.publish", "claim", verdict_on.id, NOW, data={"version": 1})
    await a_claim(ledger, "The bridge was opened.", state=ClaimState.DUPLICATE, duplicate_of=waiting)
    await ledger.session.execute("UPDATE claims SET worth = 0.25 WHERE id = 1")
    await ask(ledger, await a_person(ledger, role=Role.PUBLIC), waiting, NOW)
    await a_subscription(ledger, -500)


@pytest.mark.parametrize("number", ["1", "#1", "FC-1", "fc1", "১", " 1 "])
def test_status_reads_a_number_as_the_chat_does(number: str, run: Run, desk: Path) -> None:
    fill(desk, some_history)
    code, out, err = run("status", number, "--json")
    assert (code, err) == (0, "")
    shape = json.loads(out)
    assert shape | {"document": None, "created_at": None, "state_at": None} == {
        "id": 1,
        "asked": 1,
        "text": "The bridge over the Padma is 6 km long.",
        "quote": "The bridge over the Padma is 6 km long.",
        "language": "en",
        "worth": 0.25,
        "severity": "normal",
        "state": "queued",
        "closing_reason": None,
        "created_at": None,
        "state_at": None,
        "requests": 1,
        "taken": 0,
        "submitted": 0,
        "document": None,
        "verdict": None,
    }
    assert set(shape["document"]) == {"id", "title", "publisher", "url", "published_at"}


def test_status_shows_the_verdict(run: Run, desk: Path) -> None:
    fill(desk, some_history)
    _, out, _ = run("status", "2")
    assert "#2: published" in out
    assert "Mostly false (version 1, consensus, 2025-03-09 09:30 UTC)" in out
    assert "She did not." in out
    _, out, _ = run("status", "2", "--json")
    verdict = json.loads(out)["verdict"]
    assert set(verdict) == {
        *(
            "version",
            "rating",
            "summary",
            "summary_language",
            "method",
            "by_reviewer",
            "reason",
            "decided_at",
            "published_at",
        ),
        "sources",
    }


def test_status_of_a_seed_has_its_sources(run: Run, desk: Path) -> None:
    fill(desk, lambda ledger: load_seeds(ledger, NOW, Policy()))
    _, out, _ = run("status", "1", "--json")
    (source, *_) = json.loads(out)["verdict"]["sources"]
    assert set(source) == {"url", "title", "kind", "stance", "accessed_at", "archived_url", "quote"}
    _, out, _ = run("status", "1")
    assert source["url"] in out


def test_status_of_a_merged_claim_is_that_of_the_other(run: Run, desk: Path) -> None:
    fill(desk, some_history)
    _, out, _ = run("status", "3", "--json")
    assert (json.loads(out)["id"], json.loads(out)["asked"]) == (1, 3)
    _, out, _ = run("status", "3")
    assert out.startswith("#1 (#3 is the same claim): waiting for reviewers\n")
    assert "asked by 1 person" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("status", "99"), 1, "there is no claim #99"),
        (("status", "ninety"), 2, "that is no claim number; write it as 42, #42 or FC-42"),
        (("status", "99999999999999999999"), 2, "that is no claim number"),
        (("search", "…"), 2, "there is no word to search for"),
        (("search", '"x'), 2, 'a quotation mark is not closed: "x'),
        (("search", "lang:"), 2, "`lang:` is missing; no space between: lang:bn"),
        (("search", "colour:red"), 2, "`colour:` is no filter"),
        (("search", "state:asleep"), 2, "no claim is ever `asleep`"),
        (("search", "rating:blue"), 2, "`blue` is not on the desk's scale"),
        (("search", "after:yesterday"), 2, "`yesterday` is no date; write it like after:2025-05-01"),
        (("search", "--", "-x"), 2, "add what to look for"),
        (("search", "by:@nobody"), 1, "nobody is called `@nobody`"),
        (("search", "x", "--offset", "-1"), 2, "Invalid value for '--offset'"),
        (("search", "\udcff"), 2, "an argument is not UTF-8 text"),
        (("digest",), 2, "Missing option '--chat'"),
        (("digest", "--chat", "team"), 2, "Invalid value for '--chat'"),
        (("digest", "--chat", "1", "--period", "year"), 2, "Invalid value for '--period'"),
        (("digest", "--chat", "1", "--at", "noon"), 2, "--at 'noon' is no ISO date and time"),
        (("digest", "--chat", "1", "--at", "0001-01-01T00:00+14:00"), 2, "no ISO date and time"),
        (("invite", "pope"), 2, "'pope' is not one of 'reviewer', 'editor', 'admin'"),
        (("demo", "--port", "70000"), 2, "Invalid value for '--port'"),
        (("backup",), 2, "Missing argument 'PATH'"),
        (("fly",), 2, "No such command 'fly'. See `factdesk --help`."),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_line(
    arguments: tuple[str, ...], code: int, said: str, run: Run, desk: Path
) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert one_line(err)
    assert said in err


def test_search_finds_by_the_beginnings_of_words(run: Run, desk: Path) -> None:
    fill(desk, some_history)
    code, out, _ = run("search", "brid", "PADMA", "--json")
    assert code == 0
    shape = json.loads(out)
    assert (shape["total"], shape["offset"]) == (1, 0)
    (claim,) = shape["claims"]
    assert set(claim) == {
        *("id", "text", "language", "state", "rating", "requests", "taken", "submitted", "created_at", "priority")
    }
    assert set(claim["priority"]) == {"total", "demand", "severity", "age", "worth"}
    assert shape["more"] is False
    assert run("search", "nothing") == (0, "No claim answers this search.\n", "")


def test_search_takes_phrases_filters_and_what_to_leave_out(run: Run, desk: Path) -> None:
    fill(desk, some_history)

    def found(*arguments: str) -> list[int]:
        return [claim["id"] for claim in json.loads(run("search", "--json", "--", *arguments)[1])["claims"]]

    everything = found("lang:en")
    assert len(everything) > 1
    assert set(found("the", "-bridge")) | set(found("the", "bridge")) == set(found("the"))
    assert found("bridge") == found("bridge", "lang:English") != []
    assert found('"bridge the"') == found("bridge", "lang:bn") == found("bridge", "before:2001") == []


def test_search_goes_on_where_it_is_told(run: Run, desk: Path) -> None:
    fill(desk, some_history)
    _, out, _ = run("search", "the", "--limit", "1", "--offset", "1", "--json")
    assert (json.loads(out)["total"], len(json.loads(out)["claims"])) == (2, 1)
    _, out, _ = run("search", "the", "--limit", "1")
    assert out.startswith("1 to 1 of 2 claims\n")
    assert run("search", "the", "--offset", "9")[1] == "2 claims; none from 9 on\n"


def test_queue_shows_everything_that_waits(run: Run, desk: Path) -> None:
    assert run("queue") == (0, "Nothing is waiting.\n", "")

    async def many(ledger: Any) -> None:
        for _ in range(12):
            await a_claim(ledger, state=ClaimState.QUEUED)

    fill(desk, many)
    _, out, _ = run("queue", "--json")
    assert json.loads(out)["total"] == len(json.loads(out)["claims"]) == 12
    _, out, _ = run("queue")
    assert out.startswith("12 claims\n")
    assert "waiting for reviewers · 0 reviewers at work" in out


def test_digest_shows_a_period_without_sending_it(run: Run, desk: Path) -> None:
    fill(desk, some_history)
    before = rows(desk)
    at = (NOW + timedelta(hours=1)).isoformat()
    code, out, _ = run("digest", "--chat", "-500", "--period", "day", "--at", at, "--json")
    assert code == 0
    content = json.loads(out)
    assert content["zone"] == "Asia/Dhaka"
    totals = {section: told["total"] for section, told in content["sections"].items()}
    assert (totals["new"], totals["published"], totals["waiting"]) == (3, 1, 1)
    assert content["preview"] is True
    _, out, _ = run("digest", "--chat", "-500", "--period", "week", "--at", "2025-03-10T09:00")
    assert out.startswith("From 2025-03-03 09:00 Asia/Dhaka to 2025-03-10 09:00 Asia/Dhaka\n")
    assert "New claims: 3\n" in out
    assert "Verdicts: 1\n  #2 Mostly false The minister resigned on 3 March." in out
    assert rows(desk) == before


def test_digest_begins_where_the_chats_last_one_ended(run: Run, desk: Path) -> None:
    fill(desk, some_history)
    at = (NOW + timedelta(hours=5)).isoformat()
    _, out, _ = run("digest", "--chat", "-500", "--at", at, "--json")
    assert datetime.fromisoformat(json.loads(out)["period_start"]) == NOW
    _, out, _ = run("digest", "--chat", "-501", "--at", at, "--json")
    content = json.loads(out)
    assert datetime.fromisoformat(content["period_start"]) == NOW + timedelta(hours=5) - timedelta(days=1)
    assert content["zone"] == "UTC"


async def a_wished_digest(ledger: Any) -> None:
    """Two digests of one chat and one of its topic; the second is limited, shorter, in another order, with an intro."""
    await a_subscription(ledger, -500)
    second = await a_subscription(ledger, -500, zone="UTC")
    await ledger.subscriptions.mark_told(second.id, Audience.PUBLIC, ["chart"])
    wishes = DigestWishes(Limit(("bn",), ()), "Good <b>morning</b> of {date}!", ("corrected",))
    await ledger.subscriptions.mark_wishes(second.id, wishes)
    await a_subscription(ledger, -500, thread_id=7, zone="Europe/Berlin")
    for language, text in (("en", "The well was closed."), ("bn", "সেতুটি বন্ধ ছিল।")):
        claim = await a_claim(ledger, text, language=language, state=ClaimState.PUBLISHED, now=NOW + HOUR)
        await a_verdict(ledger, claim)
        await ledger.audit.append("claim.publish", "claim", claim.id, NOW + HOUR, data={"version": 1})


def test_digest_is_shown_as_the_chat_set_it(run: Run, desk: Path) -> None:
    fill(desk, a_wished_digest)
    at = (NOW + 5 * HOUR).isoformat()

    def content(*more: str) -> dict[str, Any]:
        code, out, _ = run("digest", "--chat", "-500", "--at", at, *more, "--json")
        assert code == 0
        return cast(dict[str, Any], json.loads(out))

    first, second = content(), content("--number", "2")
    assert (first["zone"], first["audience"], first["sections"]["published"]["total"]) == ("Asia/Dhaka", "editors", 2)
    assert (second["zone"], second["audience"], second["order"]) == ("UTC", "public", ["corrected", "published"])
    assert [line["text"] for line in second["sections"]["published"]["lines"]] == ["সেতুটি বন্ধ ছিল।"]
    assert content("--topic", "7")["zone"] == "Europe/Berlin"
    for span in ((), ("--period", "week")):
        _, out, _ = run("digest", "--chat", "-500", "--number", "2", "--at", at, *span)
        assert out.splitlines()[1:] == [
            "Only claims in Bangla.",
            "Good <b>morning</b> of 9 March 2025!",
            "Corrections: 0",
            "Verdicts: 1",
            "  #2 False সেতুটি বন্ধ ছিল।",
        ]


@pytest.mark.parametrize("number", ["0", "3", "-1"])
def test_a_digest_that_the_chat_has_not_is_refused(number: str, run: Run, desk: Path) -> None:
    fill(desk, a_wished_digest)
    code, out, err = run("digest", "--chat", "-500", "--number", number)
    assert (code, out) == (2, "")
    assert f"has no digest {number}: it has 2" in err


def test_a_day_of_a_digest_is_a_day_on_the_clock(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_TIMEZONE", "Europe/Berlin")
    _, out, _ = run("digest", "--chat", "1", "--period", "day", "--at", "2025-03-30T09:00", "--json")
    start, end = (datetime.fromisoformat(json.loads(out)[name]) for name in ("period_start", "period_end"))
    assert (start, end) == (datetime(2025, 3, 29, 8, tzinfo=UTC), datetime(2025, 3, 30, 7, tzinfo=UTC))


# -- invites --------------------------------------------------------------------------------------------------------


@pytest.fixture
def token(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_TOKEN", TOKEN)
    monkeypatch.setenv("FACTDESK_API_URL", "http://127.0.0.1:9")


async def test_invite_prints_a_link(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with SandboxServer(Sandbox(limits=Limits.off())) as server:
        monkeypatch.setenv("FACTDESK_TOKEN", server.token)
        monkeypatch.setenv("FACTDESK_API_URL", server.base_url)
        assert await asyncio.to_thread(perform, ["invite", "editor", "--json"]) == 0
        out, err = capsys.readouterr()
        shape = json.loads(out)
        assert err == ""
        assert shape["role"] == "editor"
        assert shape["link"].startswith("https://t.me/")
        assert shape["link"].endswith(shape["message"].removeprefix("/start "))
        assert datetime.fromisoformat(shape["expires_at"]) > utc_now() + timedelta(days=6)

        monkeypatch.setenv("FACTDESK_TOKEN", TOKEN)
        assert await asyncio.to_thread(perform, ["invite", "editor"]) == 2
        assert "does not know this FACTDESK_TOKEN" in capsys.readouterr().err


@pytest.mark.usefixtures("token")
def test_invite_without_network_prints_what_to_send(run: Run, desk: Path) -> None:
    code, out, err = run("invite", "reviewer")
    assert code == 0
    assert "/start " in out
    assert "makes them reviewer" in out
    assert one_line(err)
    assert TOKEN not in out + err
    with closing(sqlite3.connect(desk)) as raw:
        assert raw.execute("SELECT role, created_by, used_by FROM invites").fetchall() == [("reviewer", None, None)]


# -- keeping the database -------------------------------------------------------------------------------------------


def test_check_is_silent_about_a_desk_in_order(run: Run, here: Path) -> None:
    (here / "a.txt").write_text(BENGALI)
    run("ingest", "a.txt")
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert out.startswith("desk.db: in order\n")
    _, out, _ = run("check", "--json")
    shape = json.loads(out)
    assert (shape["ok"], shape["database"], shape["version"]) == (True, "desk.db", newest_schema())
    assert {problem["code"] for problem in shape["problems"]} == {"no_editor"}
    assert set(shape["problems"][0]) == {"code", "of", "count", "sample", "sentence", "note"}


def test_check_tells_how_far_the_work_in_the_background_is(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk, lambda ledger: load_seeds(ledger, NOW, Policy()))
    _, out, _ = run("check", "--json")
    shape = json.loads(out)
    walks = {walk["name"]: walk for walk in shape["index"]}
    assert list(walks) == ["words", "links", "vectors"]
    total = walks["words"]["total"]
    assert total > 0
    assert walks["vectors"] == {"name": "vectors", "done": 0, "total": total}
    assert shape["semantic"] == "on"
    _, out, _ = run("check")
    assert f"  index: 0 of {total} claims\n" in out
    assert out.endswith(f"  vectors: 0 of {total} claims\n")
    monkeypatch.setenv("FACTDESK_SEMANTIC", "off")
    assert json.loads(run("check", "--json")[1])["semantic"] == "off"
    assert "  vectors: switched off by FACTDESK_SEMANTIC;" in run("check")[1]


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("not_installed", "with `pip install 'factdesk[semantic]'` claims are found again in other languages"),
        ("processor_too_old", "AVX2"),
    ],
)
def test_check_tells_what_the_extra_would_add(why: str, told: str) -> None:
    walks = [Progress(Walk.WORDS, 1200, 5000), Progress(Walk.LINKS, 1, 1), Progress(Walk.VECTORS, 0, 5000)]
    head, *rest = check_text([], "desk.db", walks, why).splitlines()
    assert head == "desk.db: in order"
    assert rest[:2] == ["  index: 1,200 of 5,000 claims", "  links: 1 document"]
    assert len(rest) == 3
    assert told in rest[2]


def test_check_names_what_is_wrong(run: Run, desk: Path) -> None:
    fill(desk, lambda ledger: a_claim(ledger, state=ClaimState.IN_REVIEW))
    code, out, err = run("check")
    assert (code, err) == (1, "")
    assert out.startswith("desk.db: 2 problems\n")
    assert (
        "  WRONG review_without_work: Not so: A claim in review has a lease or a submitted review. (1 claim: 1)" in out
    )
    code, out, _ = run("check", "--json")
    assert (code, json.loads(out)["ok"]) == (1, False)


def test_check_of_a_damaged_file_is_an_answer(run: Run, desk: Path) -> None:
    fill(desk, lambda ledger: load_seeds(ledger, NOW, Policy()))
    damage(desk)
    code, out, err = run("check", "--json")
    assert (code, err) == (1, "")
    shape = json.loads(out)
    assert not shape["ok"]
    assert "file_damaged" in {problem["code"] for problem in shape["problems"]}


def damage(path: Path) -> None:
    """Wipe the pages of the claims."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = raw.execute("PRAGMA page_size").fetchone()[0]
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'claims'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x7f" * size)


def test_a_backup_comes_back_whole(run: Run, here: Path) -> None:
    (here / "a.txt").write_text(BENGALI)
    run("ingest", "a.txt")
    code, out, _ = run("backup", "kept.db")
    assert code == 0
    assert out.startswith("kept.db: ")
    assert (here / "kept.db").stat().st_mode & 0o077 == 0, "a backup holds what people said: its owner's alone"
    (here / "b.txt").write_text("The bridge is 6 km long.")
    run("ingest", "b.txt")

    code, out, err = run("restore", "kept.db")
    assert (code, err) == (0, "")
    assert "What was there before is kept as" in out
    assert rows(here / "desk.db")["claims"] == 2
    assert rows(here / "desk.db.before-restore")["claims"] == 3
    assert sorted(path.name for path in here.glob("*.db*")) == [
        *("desk.db", "desk.db.before-restore", "desk.db.lock", "kept.db")
    ]
    assert run("check")[0] == 0

    run("restore", "desk.db.before-restore")
    assert rows(here / "desk.db")["claims"] == 3
    assert rows(here / "desk.db.before-restore-2")["claims"] == 2


def test_a_damaged_database_can_be_replaced(run: Run, desk: Path, here: Path) -> None:
    run("backup", "kept.db")
    desk.write_bytes(b"nothing of it is left")
    assert run("restore", "kept.db")[0] == 0
    assert run("check")[0] == 0
    assert (here / "desk.db.before-restore").read_bytes() == b"nothing of it is left"


def test_restore_follows_a_link_to_the_database(run: Run, desk: Path, here: Path) -> None:
    run("backup", "kept.db")
    (here / "elsewhere").mkdir()
    desk.rename(here / "elsewhere" / "real.db")
    desk.symlink_to(here / "elsewhere" / "real.db")
    assert run("restore", "kept.db")[0] == 0
    assert desk.is_symlink()
    assert (here / "elsewhere" / "real.db.before-restore").exists()


def test_restore_says_what_will_be_sent(run: Run, here: Path, desk: Path) -> None:
    fill(desk, lambda ledger: ledger.outbox.enqueue(1, "notice", {}, NOW))
    run("backup", "kept.db")
    _, out, _ = run("restore", "kept.db")
    assert "1 message that waited when the backup was made will be sent when the desk starts." in out


@pytest.mark.parametrize(
    ("backup", "code", "said"),
    [
        ("missing.db", 2, "there is no file missing.db"),
        ("text.db", 1, "text.db is no sound backup"),
        ("empty.db", 1, "empty.db is no sound backup"),
        ("foreign.db", 1, "foreign.db is no sound backup"),
        ("damaged.db", 1, "damaged.db is no sound backup"),
        ("newer.db", 2, "newer.db was written by a newer Factdesk"),
        ("desk.db", 2, "desk.db is the database itself"),
    ],
)
def test_restore_of_what_is_no_backup_changes_nothing(
    backup: str, code: int, said: str, run: Run, here: Path, desk: Path
) -> None:
    bad_files(here, desk)
    before = desk.read_bytes()
    found, out, err = run("restore", backup)
    assert (found, out) == (code, "")
    assert one_line(err)
    assert said in err
    assert desk.read_bytes() == before
    assert not list(here.glob("*restor*"))


def bad_files(here: Path, good: Path) -> None:
    (here / "text.db").write_text("This is no database at all. " * 100)
    (here / "empty.db").touch()
    with closing(sqlite3.connect(here / "foreign.db")) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
    shutil.copy(good, here / "newer.db")
    with closing(sqlite3.connect(here / "newer.db")) as raw:
        raw.execute("PRAGMA user_version = 999")
    shutil.copy(good, here / "damaged.db")
    damage(here / "damaged.db")
    (here / "folder.db").mkdir()


def test_nothing_is_replaced_while_a_desk_runs(run: Run, desk: Path) -> None:
    run("backup", "kept.db")
    with closing(FileHold(desk)):
        for arguments in (("restore", "kept.db"),):
            code, _, err = run(*arguments)
            assert code == 1
            assert one_line(err)
            assert "another process serves desk.db; stop it first" in err
        assert run("migrate")[0] == 0, "there is nothing to do, and that can be said at any time"


def test_backup_never_writes_over_a_file(run: Run, desk: Path, here: Path) -> None:
    (here / "kept.db").write_text("mine")
    code, _, err = run("backup", "kept.db")
    assert (code, err) == (2, "factdesk: kept.db exists; name a file that does not\n")
    assert (here / "kept.db").read_text() == "mine"


def test_migrate_says_from_and_to(run: Run, here: Path) -> None:
    newest = newest_schema()
    assert run("migrate") == (0, f"desk.db: schema 0 → {newest}.\n", "")
    assert run("migrate") == (0, f"desk.db has schema {newest}; nothing to do.\n", "")


# -- databases that cannot be used ----------------------------------------------------------------------------------

READING = (
    ("status", "1"),
    ("search", "bridge"),
    ("queue",),
    ("digest", "--chat", "-500"),
    ("check",),
    ("backup", "kept.db"),
)
WRITING = (("ingest", "a.txt"), ("invite", "reviewer"), ("migrate",), ("run",))


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("arguments", READING + WRITING, ids=" ".join)
@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        ("text.db", 2, "is no database"),
        ("foreign.db", 2, "is not a Factdesk database"),
        ("newer.db", 2, "was written by a newer Factdesk"),
        ("folder.db", 2, "cannot be opened or written"),
        ("text.db/desk.db", 2, ""),
        ("postgresql://user@host/desk", 2, "keeps its data in SQLite"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(
    file: str,
    code: int,
    said: str,
    arguments: tuple[str, ...],
    run: Run,
    here: Path,
    migrated_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = Path(shutil.copy(migrated_file, here / "good.db"))
    bad_files(here, good)
    (here / "a.txt").write_text("So it is.")
    monkeypatch.setenv("FACTDESK_DATABASE", file)
    content = (here / file).read_bytes() if (here / file).is_file() else None
    found, out, err = run(*arguments)
    lines = [line for line in err.splitlines() if "could not be asked for the bot's name" not in line]
    assert (found, out) == (code, "")
    assert len(lines) == 1
    assert lines[0].startswith("factdesk: ")
    assert said in lines[0]
    assert TOKEN not in err
    assert content is None or (here / file).read_bytes() == content


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_questions_make_no_database(arguments: tuple[str, ...], run: Run, here: Path) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert one_line(err)
    assert "there is no database at desk.db" in err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("arguments", [each for each in READING if each[0] != "check"], ids=" ".join)
def test_a_damaged_database_is_one_line_at_worst(arguments: tuple[str, ...], run: Run, desk: Path) -> None:
    fill(desk, some_history)
    damage(desk)
    code, _, err = run(*arguments)
    assert code in {0, 1}
    assert err == "" or one_line(err)
    assert code == 0 or "is damaged" in err


def test_all_mistakes_in_the_settings_are_told_together(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_TIMEZONE", "Nowhere")
    monkeypatch.setenv("FACTDESK_ADMINS", "me")
    code, out, err = run("run")
    assert (code, out) == (2, "")
    assert [line.split()[1] for line in err.splitlines()] == ["FACTDESK_ADMINS", "FACTDESK_TIMEZONE", "FACTDESK_TOKEN"]
    assert all(line.startswith("factdesk: ") for line in err.splitlines())


# -- the command itself ---------------------------------------------------------------------------------------------


def test_help_names_every_command(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    for name in ("run", "demo", "ingest", "status", "search", "queue", "digest", "invite", "check", "backup"):
        assert f"\n  {name} " in out
    assert "..." not in out.split("Commands:")[1], "a summary is cut off"
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "Usage: factdesk" in err


@pytest.mark.parametrize("command", sorted(bot.cli._commands()))
def test_every_command_has_a_help(command: str, run: Run) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: factdesk {command}")


def test_version(run: Run) -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("factdesk")


def test_a_reader_who_has_seen_enough_ends_it_quietly(here: Path, desk: Path) -> None:
    async def many(ledger: Any) -> None:
        for _ in range(300):
            await a_claim(ledger, state=ClaimState.QUEUED)

    fill(desk, many)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "queue", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_bengali_is_printed_whatever_the_locale(here: Path) -> None:
    (here / "a.txt").write_text(BENGALI)
    done = in_process("ingest", "a.txt", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "১৫ হাজার" in done.stdout.decode()


def test_a_fault_of_ours_is_one_line_too(run: Run, desk: Path) -> None:
    with closing(sqlite3.connect(desk)) as raw:
        raw.execute("DROP TABLE claims")
    code, out, err = run("queue")
    assert (code, out) == (1, "")
    assert one_line(err)
    assert "FACTDESK_TRACE=1" in err


def test_the_command_line_loads_little(here: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, bot.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    ).stdout.split()
    assert not {"rich", "telegram", "aiohttp", "apscheduler", "babel", "pydantic", "structlog", "aiosqlite"} & {*loaded}


# -- beside a desk that runs ----------------------------------------------------------------------------------------


async def test_commands_work_beside_a_running_desk(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.spawn()
        await room.open()
        reviewer = await room.hire("Rafi")
        code, out, err = await room.desk.command("ingest", "-", "--json", stdin="The bridge is 6 km long.")
        assert (code, err) == (0, "")
        assert json.loads(out)["claims"][0]["match"] == "new"
        await room.see(reviewer, "The bridge is 6 km long.")
        with closing(sqlite3.connect(room.desk.database)) as raw:
            (key,) = raw.execute("SELECT key FROM claims").fetchone()
        assert key == claim_key("The bridge is 6 km long.")

        code, out, err = await room.desk.command("check")
        assert (code, err) == (0, ""), out
        code, _, err = await room.desk.command("backup", "kept.db")
        assert (code, err) == (0, "")
        code, _, err = await room.desk.command("restore", "kept.db")
        assert code == 1
        assert "another process serves" in err
        code, _, err = await room.desk.command("run")
        assert code == 1
        assert "another process serves" in err
        assert await room.desk.stop() == 0
        assert (await room.desk.command("restore", "kept.db"))[0] == 0
