"""Photos and documents."""

import io
import struct
import zlib

import aiohttp
import pytest

from bot.sandbox import Person, SandboxServer
from bot.sandbox.files import image_size

from .conftest import Api, Reply


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def upload(
    server: SandboxServer, session: aiohttp.ClientSession, method: str, field: str, content: bytes, **more: str
) -> Reply:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field(field, io.BytesIO(content), filename="খবর.png", content_type="image/png")
    for name, value in more.items():
        form.add_field(name, value)
    async with session.post(f"{server.base_url}/bot{server.token}/{method}", data=form) as response:
        return Reply(response.status, await response.json())


async def test_an_upload_can_be_sent_again_by_id_looked_up_and_downloaded(
    api: Api, alice: Person, server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    reply = await upload(server, session, "sendDocument", "document", b"abc", chat_id=str(alice.id), caption="খবর")
    document = reply.result["document"]
    assert (document["file_name"], document["file_size"], reply.result["caption"]) == ("খবর.png", 3, "খবর")
    again = await api("sendDocument", chat_id=alice.id, document=document["file_id"])
    assert again.result["document"]["file_unique_id"] == document["file_unique_id"]
    path = (await api("getFile", file_id=document["file_id"])).result["file_path"]
    async with session.get(f"{server.base_url}/file/bot{server.token}/{path}") as response:
        assert await response.read() == b"abc"
    message = (await alice.messages())[-1]
    assert await alice.download(message) == b"abc"


async def test_an_upload_may_be_attached_under_another_name(
    alice: Person, server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    more = {"chat_id": str(alice.id), "photo": "attach://chart"}
    reply = await upload(server, session, "sendPhoto", "chart", png(), **more)
    assert (reply.result["photo"][0]["width"], reply.result["photo"][0]["height"]) == (3, 2)


async def test_a_photo_must_be_an_image(alice: Person, server: SandboxServer, session: aiohttp.ClientSession) -> None:
    reply = await upload(server, session, "sendPhoto", "photo", b"no image", chat_id=str(alice.id))
    assert reply.error == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_caption_of_1024_units_passes_and_1025_do_not(
    alice: Person, server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    chat = {"chat_id": str(alice.id)}
    reply = await upload(server, session, "sendPhoto", "photo", png(), **chat, caption="x" * 1024)
    assert reply.status == 200
    reply = await upload(server, session, "sendPhoto", "photo", png(), **chat, caption="x" * 1025)
    assert reply.error == "Bad Request: message caption is too long"


async def test_a_photo_of_more_than_10_mb_is_413(
    alice: Person, server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    reply = await upload(server, session, "sendPhoto", "photo", bytes((10 << 20) + 1), chat_id=str(alice.id))
    assert reply.error == "Request Entity Too Large"


async def test_a_file_of_more_than_20_mb_cannot_be_downloaded(api: Api, server: SandboxServer) -> None:
    stored = server.sandbox.files.add("documents", "big.bin", bytes((20 << 20) + 1))
    assert (await api("getFile", file_id=stored.file_id)).error == "Bad Request: file is too big"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "there is no document in the request"),
        ("made-up", "wrong file identifier/HTTP URL specified"),
        ("https://example.com/a.pdf", "failed to get HTTP URL content"),
    ],
)
async def test_a_file_that_is_not_there_is_refused(api: Api, alice: Person, given: str, reason: str) -> None:
    assert (await api("sendDocument", chat_id=alice.id, document=given)).error == f"Bad Request: {reason}"


async def test_unknown_files_are_not_found(api: Api, server: SandboxServer, session: aiohttp.ClientSession) -> None:
    reply = await api("getFile", file_id="x")
    assert reply.error == "Bad Request: wrong file_id or the file is temporarily unavailable"
    async with session.get(f"{server.base_url}/file/bot{server.token}/documents/none") as response:
        assert response.status == 404


async def test_people_send_photos_and_documents_too(api: Api, alice: Person) -> None:
    await alice.send_photo(png(), caption="/submit this")
    await alice.send_document(b"text", "a.txt")
    photo, document = (await api("getUpdates")).result
    assert photo["message"]["caption_entities"][0]["type"] == "bot_command"
    assert document["message"]["document"]["file_name"] == "a.txt"


def test_image_sizes_are_read_from_the_header() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x10" + bytes(14) + b"\xff\xc0\x00\x11\x08\x00\x05\x00\x07\x03" + bytes(9)
    assert image_size(jpeg) == (7, 5)
    assert image_size(b"GIF89a\x04\x00\x03\x00") == (4, 3)
    assert image_size(b"%PDF") is None
