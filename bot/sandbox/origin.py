"""Where a forwarded message comes from."""

from bot.sandbox.model import JsonObject, Message


def origin_of(message: Message) -> JsonObject:
    """The `MessageOrigin` of a forward of this message; the first author stays the author."""
    payload = message.payload
    if "forward_origin" in payload:
        origin: JsonObject = payload["forward_origin"]
        return origin
    if message.chat.type == "channel":
        return {
            "type": "channel",
            "date": payload["date"],
            "chat": message.chat.api(),
            "message_id": message.id,
        }
    return {"type": "user", "date": payload["date"], "sender_user": payload["from"]}
