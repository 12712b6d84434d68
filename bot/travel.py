"""How a request travels: its timeouts in aiohttp's terms, the environment's proxy, the certificates it trusts."""

import functools
import ipaddress
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from aiohttp import ClientTimeout
from telegram.error import NetworkError
from yarl import URL


@functools.lru_cache(maxsize=64)
def total_timeout(seconds: float) -> ClientTimeout:
    """A bound on a request as a whole."""
    return ClientTimeout(total=seconds)


@functools.lru_cache(maxsize=256)
def timeouts(
    read: float | None,
    write: float | None,
    connect: float | None,
    pool: float | None,
    upload: float | None,
    *,
    bounded: bool,
) -> ClientTimeout:
    """The stock layer's four timeouts in aiohttp's terms.

    aiohttp has no timeout for a single write and counts the wait for a free connection into ``connect``. So writing is
    bounded by the request's total; an upload's total grows with its size, to cut a stalled one and never a slow one.
    """
    total = None
    if bounded and None not in (read, write, connect, pool, upload):
        total = sum(part for part in (read, write, connect, pool, upload) if part is not None)
    return ClientTimeout(
        total=total,
        connect=None if connect is None or pool is None else connect + pool,
        sock_connect=connect,
        sock_read=read,
    )


def environment_proxy(origin: str) -> URL | None:
    """What HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say; loopback is always reached directly."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if _is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found:
        return None
    scheme, separator, _ = found.partition("://")
    if not separator:
        return URL(f"http://{found}")
    if scheme not in ("http", "https"):
        raise NetworkError(f"The environment names a {scheme} proxy; only http and https ones are supported")
    return URL(found)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def tls_context() -> ssl.SSLContext:
    """The system's certificates; certifi's (which the stock layer uses) where the system keeps none for Python."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(certifi.where())
    return context
