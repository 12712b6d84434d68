"""The page's files: what is served, with which headers, and what is in them."""

import re
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import Person, Sandbox, SandboxServer
from bot.sandbox.control import TOKEN_HEADER
from bot.sandbox.page import assets

from .test_files import png

MOST_BYTES = 150_000
MOST_LINES = 300
# Names of formats, which nothing fetches, and the page's own addresses.
NOT_FETCHED = ("http://www.w3.org/2000/svg", "http://${", "ws://${location.host}")
ENTRY = re.compile(r"^  (\w+): \[")
PAIR = re.compile(r'\[\s*"(?:[^"\\]|\\.)*",\s*"(?:[^"\\]|\\.)*",?\s*\]', re.DOTALL)
BENGALI = re.compile(r"[\u0980-\u09ff]")


async def test_the_page_is_served_to_anybody_here_and_holds_no_secret(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{server.base_url}/") as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert "<noscript>" in page
    assert server.control_token not in page
    assert server.token not in page
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_the_address_that_is_printed_has_the_key_where_a_browser_keeps_it(server: SandboxServer) -> None:
    assert server.page_url == f"{server.base_url}/#{server.control_token}"


async def test_each_file_is_served_as_what_it_is_and_never_kept(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    for name, body in assets().items():
        async with session.get(f"{server.base_url}/web/{name}") as response:
            assert response.content_type == kinds[name.rpartition(".")[2]]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cache-Control"] == "no-store"
            assert await response.read() == body


@pytest.mark.parametrize("path", ["/web/none.js", "/web/..%2fpage.py", "/web/%2e%2e/page.py", "/chat/501"])
async def test_nothing_else_is_served(server: SandboxServer, session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(f"{server.base_url}{path}") as response:
        assert response.status == 404


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "[::1"}, {"Origin": "https://evil.example"}])
@pytest.mark.parametrize("path", ["/", "/web/main.js", "/content/x", "/live"])
async def test_other_web_pages_cannot_look_in(
    server: SandboxServer, session: aiohttp.ClientSession, headers: dict[str, str], path: str
) -> None:
    async with session.get(f"{server.base_url}{path}", headers=headers) as response:
        assert response.status == 403


async def test_a_file_that_somebody_sent_is_only_for_whoever_has_the_key(
    alice: Person, server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    sent = await alice.send_photo(png(), caption="look")
    assert sent.file is not None
    url = f"{server.base_url}/content/{sent.file.file_id}"
    for wrong in ({}, {TOKEN_HEADER: "guessed"}):
        async with session.get(url, headers=wrong) as response:
            assert response.status == 403
    async with session.get(url, headers={TOKEN_HEADER: server.control_token}) as response:
        assert await response.read() == png()
        # An image that is a page as well must not run here.
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.content_type == "application/octet-stream"


async def test_an_unknown_file_is_not_found(server: SandboxServer, session: aiohttp.ClientSession) -> None:
    headers = {TOKEN_HEADER: server.control_token}
    async with session.get(f"{server.base_url}/content/none", headers=headers) as response:
        assert response.status == 404


def test_the_page_is_small() -> None:
    files = assets()
    assert sum(map(len, files.values())) < MOST_BYTES
    assert {name: lines for name, body in files.items() if (lines := body.count(b"\n")) > MOST_LINES} == {}


def test_nothing_is_fetched_from_elsewhere() -> None:
    for name, body in assets().items():
        text = body.decode()
        for known in NOT_FETCHED:
            text = text.replace(known, "")
        found = re.findall(r"(?:https?|wss?):\\?/\\?/[\w$]\S*|@import\S*|url\(\S*", text)
        assert found == [], name


def test_no_text_becomes_html() -> None:
    for name, body in assets().items():
        for way in (b"innerHTML", b"outerHTML", b"insertAdjacentHTML", b"document.write", b"eval(", b"DOMParser"):
            assert way not in body, name


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    words = assets()["words.js"].decode().split("const WORDS = {\n")[1].split("\n};")[0]
    names = [found[1] for line in words.splitlines() if (found := ENTRY.match(line))]
    pairs = PAIR.findall(words)
    assert len(names) == len(set(names)) == len(pairs)
    for name, pair in zip(names, pairs, strict=True):
        assert len(BENGALI.findall(pair)) > 0, name
        english, bengali = re.findall(r'"((?:[^"\\]|\\.)*)"', pair)
        if name != "language":
            assert not BENGALI.search(english), name
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", bengali)), name


def test_every_word_that_is_used_exists_and_every_one_is_used() -> None:
    files = {name: body.decode() for name, body in assets().items() if name.endswith(".js")}
    names = set(re.findall(r"^  (\w+): \[", files["words.js"], re.MULTILINE))
    elsewhere = "".join(text for name, text in files.items() if name != "words.js")
    used = set(re.findall(r"""\bt\(\s*"(\w+)\"""", elsewhere))
    assert used <= names
    unused = {name for name in names if f'"{name}"' not in elsewhere and not name.startswith("fault_")}
    # Who plays which part is computed: the three are named in state.js.
    assert unused <= {"photo", "document"}


def test_every_module_is_loaded_at_once() -> None:
    index = assets()["index.html"].decode()
    modules = {name for name in assets() if name.endswith(".js")} - {"main.js"}
    assert set(re.findall(r'modulepreload" href="/web/([\w.-]+)"', index)) == modules


def test_the_files_are_part_of_the_package() -> None:
    folder = Path(__file__).parents[3] / "bot" / "sandbox" / "web"
    assert {path.name for path in folder.iterdir()} == set(assets())
    assert isinstance(Sandbox().backstage, type(None))
