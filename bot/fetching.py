"""Getting a file's bytes from the Bot API, for its hash."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from jobs.hashing import FILE_MOST, Fetcher, NotFetched


def fetcher(bot: Bot) -> Fetcher:
    """Return what fetches files with a bot."""

    async def fetch(file_id: str) -> bytes:
        try:
            file = await bot.get_file(file_id)
            if (file.file_size or 0) <= FILE_MOST:
                return bytes(await file.download_as_bytearray())
        except (BadRequest, Forbidden, InvalidToken) as error:
            # Too big, or gone: Telegram answers the same each time. Its errors hold no token (bot/request.py).
            raise NotFetched(type(error).__name__, for_good=True) from error
        except TelegramError as error:
            raise NotFetched(type(error).__name__, for_good=False) from error
        # Never from Telegram, but a Bot API server of one's own hands out any size.
        raise NotFetched("too_big", for_good=True)

    return fetch
