"""Photos and documents: sent as an upload or again by file_id, looked up for download."""

from bot.sandbox.access import open_chat
from bot.sandbox.content import read_caption
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import MAX_DOWNLOAD, as_document, as_photo, image_size
from bot.sandbox.methods.messages import deliver
from bot.sandbox.model import JsonObject, StoredFile
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

MAX_PHOTO = 10 << 20
MAX_DOCUMENT = 50 << 20


def send_photo(box: Sandbox, params: Params) -> JsonObject:
    """sendPhoto."""
    chat = open_chat(box, params)
    caption = read_caption(box, params)
    stored = _file(box, params, "photo", MAX_PHOTO)
    if image_size(stored.content) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return deliver(box, params, chat, {**as_photo(stored), **caption})


def send_document(box: Sandbox, params: Params) -> JsonObject:
    """sendDocument."""
    chat = open_chat(box, params)
    caption = read_caption(box, params)
    stored = _file(box, params, "document", MAX_DOCUMENT)
    return deliver(box, params, chat, {**as_document(stored), **caption})


def get_file(box: Sandbox, params: Params) -> JsonObject:
    """getFile."""
    stored = box.files.find(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


def _file(box: Sandbox, params: Params, kind: str, most: int) -> StoredFile:
    upload = params.upload(kind)
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > most:
            raise ApiError(413, "Request Entity Too Large")
        return box.files.add(f"{kind}s", upload.name, upload.content, upload.mime_type)
    given = params.text(kind)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        # The sandbox never reaches out: a link is a page that cannot be fetched.
        raise bad_request("failed to get HTTP URL content")
    stored = box.files.find(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return stored
