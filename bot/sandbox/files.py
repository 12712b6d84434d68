"""Files that people and the bot have sent: kept in memory, addressed by file_id."""

import hashlib
import mimetypes
import struct

from bot.sandbox.model import JsonObject, StoredFile

MAX_DOWNLOAD = 20 << 20
_FALLBACK_SIZE = (640, 480)


class FileShelf:
    """All files by file_id and by download path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, folder: str, name: str, content: bytes, mime_type: str | None = None) -> StoredFile:
        """Keep a file; the same bytes get the same unique id, but a file_id of their own."""
        number = len(self._by_id) + 1
        unique = hashlib.sha256(content).hexdigest()[:16]
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        stored = StoredFile(
            file_id=f"SANDBOX-{unique}-{number}",
            file_unique_id=unique,
            path=f"{folder}/file_{number}{suffix}",
            name=name,
            mime_type=mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
            content=content,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file with that id."""
        return self._by_id.get(file_id)

    def find_path(self, path: str) -> StoredFile | None:
        """The file to download from that path."""
        return self._by_path.get(path)


def as_photo(stored: StoredFile) -> JsonObject:
    """The message content of a photo: one `PhotoSize`."""
    width, height = image_size(stored.content) or _FALLBACK_SIZE
    size = {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_unique_id,
        "file_size": len(stored.content),
        "width": width,
        "height": height,
    }
    return {"photo": [size]}


def as_document(stored: StoredFile) -> JsonObject:
    """The message content of a document."""
    document = {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_unique_id,
        "file_size": len(stored.content),
        "file_name": stored.name,
        "mime_type": stored.mime_type,
    }
    return {"document": document}


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF or WebP; None if it is none of them."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _FALLBACK_SIZE
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return _FALLBACK_SIZE
