"""One page, one address: what different links to the same page have in common."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode

from yarl import URL

LONGEST = 4096
"""Characters; browsers and servers give up earlier. What is longer is no address that leads anywhere."""

# Which click led here, not where: names that the tools themselves document or put into links.
_TRACKING = frozenset(
    [
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid"),
        *("igshid", "igsh", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "oly_anon_id", "oly_enc_id", "vero_id"),
        *("_hsenc", "_hsmi", "__s", "spm", "scid", "si", "ref", "ref_src", "ref_url", "referrer", "cmpid"),
        *("ocid", "ns_mchannel", "ns_campaign", "ito", "smid", "share_id", "wt.mc_id", "__tn__", "__cft__"),
        *("mibextid", "rdid", "sfnsn"),
    ]
)
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "at_", "ga_", "_branch_")

# The same page for a small screen, and nothing else on that host.
_HOST_PREFIXES = ("www.", "m.", "mobile.", "amp.")

# Other names of the same site.
_HOSTS = {
    "youtu.be": "youtube.com",
    "fb.com": "facebook.com",
    "x.com": "twitter.com",
    "telegram.me": "t.me",
    "telegram.dog": "t.me",
}

# On these the path alone says which page it is: what follows it tells how it was shared.
_BY_PATH = frozenset({"twitter.com", "t.me"})
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_PUNCTUATION = ".,;:!?'\"’”»…।)]}>"


def canonical_url(address: str) -> str | None:
    """Return the form of a web address that is equal for equal pages; None for what is no http(s) address.

    Gone are scheme, user and password, `www.` and the like, the default port, the fragment, tracking parameters, the
    order of the others, and a slash at the end. The answer has no scheme (`example.org/a?b=1`), and giving it back with
    `https://` before it changes nothing.
    """
    if len(address) > LONGEST:
        return None
    address = _UNPRINTABLE.sub("", address).replace("\\", "/")
    scheme, separator, _ = address.partition("://")
    if not separator or scheme.lower() not in {"http", "https"}:
        return None
    try:
        url = URL(address)
        host, port = url.host, url.explicit_port
        path, query = unquote(url.raw_path, errors="strict"), parse_qsl(url.raw_query_string, keep_blank_values=True)
    except (ValueError, TypeError, UnicodeError):
        return None
    # A host name is normalised on the way, and a space can come out of that.
    host = _host(host or "")
    if not host or _UNPRINTABLE.search(host):
        return None
    if host == "youtube.com":
        if (url.host or "").lower().endswith("youtu.be"):
            query, path = [("v", path.strip("/")), *query], "/watch"
        query = [(name, value) for name, value in query if name != "feature"]
    if host == "t.me" and path.startswith("/s/"):
        path = path[2:]
    place = host if port in {None, 80, 443} else f"{host}:{port}"
    kept = [] if host in _BY_PATH else sorted({(name, value) for name, value in query if not _tracks(name)})
    asked = f"?{urlencode(kept, quote_via=quote)}" if kept else ""
    return f"{place}{quote(_path(path), safe='/:@!$&()*+,;=~-._')}{asked}"


def _host(host: str) -> str:
    host = host.lower().strip(".")
    if ":" in host:
        return f"[{host}]"
    while (shorter := _without_prefix(host)) != host:
        host = shorter
    return _HOSTS.get(host, host)


def _without_prefix(host: str) -> str:
    for prefix in _HOST_PREFIXES:
        rest = host.removeprefix(prefix)
        # m.me and www.com are hosts of their own.
        if rest != host and "." in rest:
            return rest
    return host


def _path(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    if parts and parts[-1] in {"amp", "index.html", "index.htm", "index.php"}:
        parts.pop()
    return "".join(f"/{part}" for part in parts)


def _tracks(name: str) -> bool:
    name = name.lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]{1,4096}+", re.IGNORECASE)


def links_in(text: str) -> list[str]:
    """Return the web addresses in a text, as they stand there; the punctuation after one is not part of it."""
    return [_trimmed(found[0]) for found in _LINK.finditer(text)]


def replace_links(text: str, by: str | None = None) -> str:
    """Return `text` with each web address as `canonical_url` gives it, or as `by`."""

    def canonical(found: re.Match[str]) -> str:
        address = _trimmed(found[0])
        rest = found[0][len(address) :]
        if by is not None:
            return by + rest
        known = canonical_url(address if "://" in address else f"https://{address}")
        return f" {unquote(known or address, errors='replace')} {rest}"

    return _LINK.sub(canonical, text)


def _trimmed(address: str) -> str:
    while address and address[-1] in _PUNCTUATION:
        # A closing bracket belongs to the address if it was opened there: …/Kursk_(city)
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address
