"""What counts as this machine."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether the name or address means this very machine and nothing beyond it."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
