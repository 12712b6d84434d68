"""The echo bots that the desk is measured against, each as its own documentation writes it.

python tests/bench/echoes.py ptb|ptb-256|aiogram|telebot URL TOKEN
"""

from __future__ import annotations

import asyncio
import logging
import sys


def ptb(url: str, token: str, *, concurrent: int | None = None) -> None:
    """python-telegram-bot with its default HTTP layer, sequential or with concurrent updates."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await update.message.reply_text(update.message.text)

    builder = Application.builder().token(token).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    if concurrent is not None:
        builder = builder.concurrent_updates(concurrent)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


def aiogram(url: str, token: str) -> None:
    """aiogram 3 (Dispatcher.start_polling with its defaults)."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    async def start() -> None:
        bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
        await dispatcher.start_polling(bot)

    asyncio.run(start())


def telebot(url: str, token: str) -> None:
    """pyTelegramBotAPI's AsyncTeleBot."""
    from telebot import asyncio_helper
    from telebot.async_telebot import AsyncTeleBot

    asyncio_helper.API_URL = url + "/bot{0}/{1}"
    bot = AsyncTeleBot(token)

    @bot.message_handler(func=lambda message: True)
    async def echo(message):
        await bot.send_message(message.chat.id, message.text)

    asyncio.run(bot.infinity_polling())


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    name, *address = sys.argv[1:]
    {
        "ptb": ptb,
        "ptb-256": lambda url, token: ptb(url, token, concurrent=256),
        "aiogram": aiogram,
        "telebot": telebot,
    }[name](*address)
