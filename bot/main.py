"""Builds everything in order, starts it, stops it; nothing else."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Awaitable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

# python-telegram-bot reads this when its RetryAfter is made; without it each one is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

import structlog
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes, ExtBot

from bot.config import Settings
from bot.context import DeskApplication, DeskContext
from bot.courier import Courier
from bot.fetching import fetcher
from bot.gateway import Gateway
from bot.handlers import register
from bot.loaders.base import Deps
from bot.poller import Poller
from bot.ratelimit import SendLimits
from bot.request import AiohttpRequest, Endpoint
from bot.views.commands import menus
from jobs.clock import Clock, utc_now
from jobs.embed import Embedding
from jobs.embedding import available
from jobs.membership import invite_secret
from jobs.policy import Policy
from jobs.runner import run_job
from jobs.schedule import AnyJob, build_scheduler
from storage.database import Database

_log = structlog.get_logger(__name__)

STOP_WITHIN = 3.0
"""Seconds for messages on their way when the desk is stopped; a supervisor kills after 5 or 10."""


@dataclass(slots=True)
class Desk:
    """The parts of a running desk."""

    settings: Settings
    database: Database
    request: AiohttpRequest
    application: DeskApplication
    gateway: Gateway
    courier: Courier
    poller: Poller
    embedding: Embedding | None


async def run(settings: Settings, clock: Clock = utc_now) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        StorageError: the database cannot be used, or another process serves it.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        desk = await build(settings, clock, stack)
        await _serve(desk, clock, stop)


async def build(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Desk:
    """Open and connect the parts; the stack closes them again."""
    database = await Database.open(settings.database, clock(), exclusive=True)
    stack.push_async_callback(database.close)
    token = settings.token.get_secret_value()
    request = AiohttpRequest(Endpoint(settings.bot_url, token), connection_pool_size=300)
    await request.initialize()
    stack.push_async_callback(request.shutdown)
    bot = ExtBot(
        token,
        base_url=settings.bot_url,
        base_file_url=f"{settings.api_url}/file/bot",
        request=request,
        get_updates_request=request,
    )
    application: DeskApplication = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=DeskContext, user_data=dict, chat_data=dict, bot_data=dict))
        .build()
    )
    register(application)
    limits = SendLimits.telegram() if settings.limits == "telegram" else SendLimits.off()

    def deps(policy: Policy) -> Deps:
        return Deps(
            policy=policy,
            default_language=settings.language,
            default_zone=settings.timezone,
            bot_username=bot.username,
            invite_link=lambda invite_id, created_at: (
                f"https://t.me/{bot.username}?start={invite_secret(settings.invite_key, invite_id, created_at)}"
            ),
        )

    courier = Courier(database, request, limits, clock, deps)
    gateway = Gateway(database, application, request, settings, clock, courier.ring)
    poller = Poller(request, gateway.handle)
    embedding = Embedding() if settings.semantic == "auto" and available() else None
    if embedding is not None:
        stack.callback(embedding.close)
    return Desk(settings, database, request, application, gateway, courier, poller, embedding)


async def _serve(desk: Desk, clock: Clock, stop: asyncio.Event) -> None:
    if not await _meet_telegram(desk, stop):
        return

    # A lambda would not do: APScheduler awaits only what it can see is a coroutine function.
    async def run(job: AnyJob) -> None:
        await _run_job(desk, job, clock)

    # APScheduler reads the system's clock itself, so it is told that one; each job is told the desk's.
    scheduler = build_scheduler(run, utc_now())
    courier = asyncio.create_task(desk.courier.run())
    poller = asyncio.create_task(desk.poller.run())
    menus_set = asyncio.create_task(_set_menus(desk))
    stopping = asyncio.create_task(stop.wait())
    scheduler.start()
    # What is loaded now stays loaded: looking at it again at every collection is wasted.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    _log.info("desk_open", database=str(desk.settings.database), bot=desk.application.bot.username)
    try:
        await asyncio.wait({stopping, courier, poller}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        _log.info("desk_closing")
        failed = [task for task in (courier, poller) if task.done()]
        scheduler.shutdown(wait=False)
        await _ended(poller, stopping, menus_set)
        await desk.gateway.settle(1.0)
        await desk.courier.stop(STOP_WITHIN)
        await _ended(courier)
    _log.info("desk_closed")
    for task in failed:
        # Neither ever ends by itself: this is a fault of ours, and the supervisor is to start the desk again.
        task.result()


async def _meet_telegram(desk: Desk, stop: asyncio.Event) -> bool:
    """Ask Telegram who we are, again and again while it cannot be reached; False if stopped meanwhile."""
    pause = 0.5
    while not stop.is_set():
        try:
            await desk.application.bot.initialize()
        except TelegramError as error:
            _log.warning("telegram_not_reached", error=str(error), retry_in=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(30.0, pause * 2)
        else:
            return True
    return False


async def _run_job(desk: Desk, job: AnyJob, clock: Clock) -> None:
    await run_job(desk.database, job, clock(), desk.embedding, fetcher(desk.application.bot))
    desk.courier.ring()


async def _set_menus(desk: Desk) -> None:
    """Tell Telegram which commands to offer. Not worth a failure: people can type them, and the next start retries."""
    for params in menus():
        try:
            await desk.request.call("setMyCommands", params)
        except TelegramError as error:
            _log.warning("menu_not_set", error=str(error))
            return


async def _ended(*tasks: Awaitable[object]) -> None:
    for task in tasks:
        if isinstance(task, asyncio.Task):
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
