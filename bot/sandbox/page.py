"""A plain page: the chats and their last messages, and each chat in full. No script, nothing from elsewhere."""

from html import escape

from aiohttp import web

from bot.sandbox.control import from_here_only
from bot.sandbox.model import Chat, Message
from bot.sandbox.state import Sandbox
from bot.sandbox.view import seen

LAST_MESSAGES = 5
REFRESH_SECONDS = 3
_STYLE = """
body{font:16px/1.5 system-ui,"Noto Sans Bengali",sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;
color-scheme:light dark}
h2{font-size:1.1rem;margin:2rem 0 .5rem} article{border-left:3px solid #8886;padding:.1rem .8rem;margin:.6rem 0}
article.bot{border-color:#2a7ae2} .who{font-size:.8rem;opacity:.75} .text{white-space:pre-wrap;overflow-wrap:anywhere}
.button{display:inline-block;border:1px solid #8888;border-radius:.5rem;padding:.1rem .6rem;margin:.2rem .3rem 0 0}
"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def add_pages(app: web.Application, box: Sandbox) -> None:
    """Add the routes of the pages."""

    async def overview(_request: web.Request) -> web.Response:
        lively = sorted((chat for chat in box.chats.values() if chat.version), key=lambda chat: -chat.version)
        sections = [_section(chat, list(chat.messages.values())[-LAST_MESSAGES:]) for chat in lively]
        return _page(f"{box.bot.first_name}: chats", "".join(sections) or "<p>Nothing was said yet.</p>")

    async def one_chat(request: web.Request) -> web.Response:
        chat = box.chats.get(int(request.match_info["chat_id"]))
        if chat is None:
            raise web.HTTPNotFound(text="there is no such chat")
        return _page(chat.name, f'<p><a href="/">All chats</a></p>{_section(chat, list(chat.messages.values()))}')

    app.router.add_get("/", from_here_only(overview))
    app.router.add_get(r"/chat/{chat_id:-?\d{1,20}}", from_here_only(one_chat))


def _page(title: str, body: str) -> web.Response:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="{REFRESH_SECONDS}">'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return web.Response(
        body=text.encode("utf-8", "replace"), content_type="text/html", charset="utf-8", headers=_HEADERS
    )


def _section(chat: Chat, messages: list[Message]) -> str:
    articles = "".join(_article(message) for message in messages)
    return f'<h2><a href="/chat/{chat.id}">{escape(chat.name)}</a> <small>{chat.type}</small></h2>{articles}'


def _article(message: Message) -> str:
    shown = seen(message)
    buttons = "".join(
        f'<span class="button">{escape(button["text"])}</span>' for row in shown["buttons"] for button in row
    )
    file = f"<div>[{shown['kind']}: {escape(shown['file']['name'] or 'image')}]</div>" if shown["file"] else ""
    edited = " · edited" if shown["edited"] else ""
    return (
        f'<article class="{"bot" if shown["by_bot"] else "person"}">'
        f'<div class="who">{escape(shown["sender"])}{edited}</div>{file}'
        f'<div class="text" dir="auto">{shown["html"]}</div>{buttons}</article>'
    )
