"""Client libraries work against the sandbox unchanged: python-telegram-bot and aiogram."""

import asyncio
import io
from collections.abc import AsyncIterator

import aiogram
import aiogram.exceptions
import pytest
import telegram
import telegram.error
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile

from bot.sandbox import Fault, Person, SandboxServer

Keys = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("নিন", callback_data="t:1")]])
PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000200000003")


@pytest.fixture
async def ptb(server: SandboxServer) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(server.token, base_url=f"{server.base_url}/bot", base_file_url=f"{server.base_url}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def gram(server: SandboxServer) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.base_url))
    bot = aiogram.Bot(server.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    yield bot
    await session.close()


async def test_ptb_sends_edits_and_reads_presses(ptb: telegram.Bot, alice: Person) -> None:
    assert ptb.username == "factdesk_bot"
    sent = await ptb.send_message(alice.id, "<b>দাবি</b>", parse_mode="HTML", reply_markup=Keys)
    assert sent.parse_entities() == {sent.entities[0]: "দাবি"}
    pressing = asyncio.create_task(alice.press(await alice.wait("দাবি"), "নিন"))
    (update,) = await ptb.get_updates(timeout=5, allowed_updates=["callback_query", "message"])
    assert update.callback_query is not None
    assert update.callback_query.data == "t:1"
    await update.callback_query.answer("নিলেন", show_alert=True)
    assert await pressing == "নিলেন"
    edited = await update.callback_query.edit_message_text("two")
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    assert await ptb.delete_message(alice.id, sent.message_id)


async def test_ptb_maps_every_error_to_its_own_class(
    ptb: telegram.Bot, alice: Person, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else python-telegram-bot warns about the type of retry_after to come.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await ptb.send_message(1, "x")
    group = await server.people.group("Team", [alice])
    new = await group.migrate()
    with pytest.raises(telegram.error.ChatMigrated) as migrated:
        await ptb.send_message(group.id, "x")
    assert migrated.value.new_chat_id == new.id
    server.faults.add("sendMessage", Fault.retry_after(3))
    with pytest.raises(telegram.error.RetryAfter):
        await ptb.send_message(alice.id, "x")
    for fault in (Fault.status(502), Fault.drop_before(), Fault.drop_after()):
        server.faults.add("sendMessage", fault)
        with pytest.raises(telegram.error.NetworkError):
            await ptb.send_message(alice.id, "x")
    server.faults.add("sendMessage", Fault.malformed_json())
    with pytest.raises(telegram.error.TelegramError):
        await ptb.send_message(alice.id, "x")
    await alice.block()
    with pytest.raises(telegram.error.Forbidden):
        await ptb.send_message(alice.id, "x")


async def test_ptb_moves_files_both_ways(ptb: telegram.Bot, alice: Person) -> None:
    sent = await ptb.send_document(alice.id, io.BytesIO(b"report"), filename="r.txt", caption="c")
    assert sent.document is not None
    file = await ptb.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"report"
    photo = await ptb.send_photo(alice.id, PNG)
    assert (photo.photo[0].width, photo.photo[0].height) == (2, 3)
    caption = await ptb.edit_message_caption(alice.id, photo.message_id, caption="new")
    assert isinstance(caption, telegram.Message)
    assert caption.caption == "new"


async def test_ptb_reads_every_kind_of_update_and_answer(
    ptb: telegram.Bot, alice: Person, server: SandboxServer
) -> None:
    group = await server.people.group("Team", [alice], kind="supergroup", forum=True)
    await group.set_bot_status("administrator")
    channel = await server.people.channel("Public")
    await channel.post("x")
    said = await alice.send("/digest@factdesk_bot now", chat=group)
    await alice.edit(said, "/digest")
    await alice.forward("r", channel)
    await alice.block()
    await alice.unblock()
    updates = await ptb.get_updates(allowed_updates=telegram.Update.ALL_TYPES)
    kinds = [next(k for k in telegram.Update.ALL_TYPES if getattr(u, k) is not None) for u in updates]
    assert set(kinds) == {"my_chat_member", "message", "edited_message", "channel_post"}
    assert (await ptb.get_chat(group.id)).is_forum
    assert (await ptb.get_chat_member(group.id, ptb.id)).status == "administrator"
    assert [admin.status for admin in await ptb.get_chat_administrators(group.id)] == ["creator"]
    assert await ptb.set_message_reaction(group.id, said.id, "👍")
    scope = telegram.BotCommandScopeChat(alice.id)
    assert await ptb.set_my_commands([("start", "go")], scope=scope, language_code="bn")
    assert (await ptb.get_my_commands(scope=scope, language_code="bn"))[0].command == "start"
    assert await alice.menu() == {"start": "go"}
    assert (await ptb.get_webhook_info()).pending_update_count == len(updates)
    assert await ptb.send_chat_action(alice.id, "typing")


async def test_aiogram_sends_edits_and_reads(gram: aiogram.Bot, alice: Person) -> None:
    assert (await gram.me()).username == "factdesk_bot"
    await alice.send("/start x")
    (update,) = await gram.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "/start x"
    sent = await gram.send_message(alice.id, "<i>একটি</i> &amp; two")
    assert sent.text == "একটি & two"
    await gram.edit_message_text("three", chat_id=alice.id, message_id=sent.message_id)
    assert (await alice.wait("three")).edited
    document = await gram.send_document(alice.id, BufferedInputFile(b"abc", "a.txt"))
    assert document.document is not None
    downloaded = await gram.download(document.document)
    assert downloaded is not None
    assert downloaded.read() == b"abc"
    assert (await gram.get_chat(alice.id)).first_name == "Alice"


async def test_aiogram_maps_errors_too(gram: aiogram.Bot, alice: Person, server: SandboxServer) -> None:
    server.faults.add("sendMessage", Fault.retry_after(3))
    with pytest.raises(aiogram.exceptions.TelegramRetryAfter):
        await gram.send_message(alice.id, "x")
    with pytest.raises(aiogram.exceptions.TelegramBadRequest, match="can't parse entities"):
        await gram.send_message(alice.id, "<b>x")
    await alice.block()
    with pytest.raises(aiogram.exceptions.TelegramForbiddenError):
        await gram.send_message(alice.id, "x")
