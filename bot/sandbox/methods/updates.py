"""The two ways for updates to reach the bot: getUpdates and the webhook. One excludes the other."""

import re
from urllib.parse import urlsplit

from bot.sandbox.errors import bad_request, conflict
from bot.sandbox.loopback import is_loopback
from bot.sandbox.model import JsonObject
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox
from bot.sandbox.updates import MAX_BATCH, MAX_POLL_SECONDS
from bot.sandbox.webhook import DEFAULT_CONNECTIONS, Target

MAX_CONNECTIONS = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def get_updates(box: Sandbox, params: Params) -> list[JsonObject]:
    """getUpdates."""
    if box.webhook.target is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allow(box, params)
    limit = min(max(params.integer("limit", MAX_BATCH), 1), MAX_BATCH)
    timeout = min(max(params.integer("timeout"), 0), MAX_POLL_SECONDS)
    return await box.updates.poll(params.integer("offset"), limit, timeout)


def set_webhook(box: Sandbox, params: Params) -> bool:
    """setWebhook; an empty URL deletes it. Only addresses of this machine are taken: the sandbox stays at home."""
    url = params.text("url")
    if not url:
        return delete_webhook(box, params)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not is_loopback(parts.hostname or ""):
        raise bad_request("bad webhook: the sandbox delivers to http or https on a loopback address only")
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(box, params)
    if params.flag("drop_pending_updates"):
        box.updates.clear()
    connections = min(max(params.integer("max_connections", DEFAULT_CONNECTIONS), 1), MAX_CONNECTIONS)
    box.updates.end_poll(conflict("terminated by setWebhook request"))
    box.webhook.set(Target(url, secret or None, connections))
    return True


def delete_webhook(box: Sandbox, params: Params) -> bool:
    """deleteWebhook."""
    box.webhook.clear()
    if params.flag("drop_pending_updates"):
        box.updates.clear()
    return True


def get_webhook_info(box: Sandbox, _params: Params) -> JsonObject:
    """getWebhookInfo."""
    target = box.webhook.target
    info: JsonObject = {
        "url": target.url if target else "",
        "has_custom_certificate": False,
        "pending_update_count": len(box.updates),
    }
    if target is not None:
        info["max_connections"] = target.max_connections
    if box.webhook.last_error is not None:
        at, message = box.webhook.last_error
        info.update(last_error_date=int(at.timestamp()), last_error_message=message)
    if box.updates.allowed is not None:
        info["allowed_updates"] = sorted(box.updates.allowed)
    return info


def _allow(box: Sandbox, params: Params) -> None:
    kinds = params.json_list("allowed_updates", "update types")
    if kinds is not None:
        box.updates.allow([str(kind) for kind in kinds])
