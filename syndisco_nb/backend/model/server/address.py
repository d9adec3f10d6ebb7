"""The address of a server: its check, its origin, and whether it is on this computer."""

import ipaddress
import urllib.parse
from typing import Any

from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.errors import require, require_text


def checked_address(base_url: Any) -> str:
    """Return the address without white space and the last slash, or raise `InvalidInputError`."""
    require_text("base_url", base_url)
    try:
        url = urllib.parse.urlsplit(base_url.strip())
        plain = base_url.strip().isprintable() and not set(base_url.strip()) & set(" \\")
        usable = plain and url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:  # a port that is not a number, half an IPv6 address
        usable = False
    require(
        not set("@?#") & set(base_url),  # the error does not quote them: they may be a secret
        "base_url holds a user, a password, a question mark or a #. Give the bare address, and a key as api_key.",
        "base_url",
    )
    refuse_secrets({"base_url": base_url})
    require(
        usable,
        f"base_url is {base_url!r}, but must be the address of a server, such as 'http://localhost:8000/v1'.",
        "base_url",
    )
    return str(base_url).strip().rstrip("/")


def origin(base_url: str) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of an address; empty if it has no valid port."""
    try:
        url = urllib.parse.urlsplit(base_url.strip())
        return url.scheme, url.hostname or "", url.port or {"http": 80, "https": 443}.get(url.scheme)
    except ValueError:  # a port that is not a number
        return "", "", None


def is_loopback(base_url: str) -> bool:
    """Return True for a server on this computer, which is reached without a proxy.

    Examples
    --------
    >>> [is_loopback(f"http://{host}/v1") for host in ("localhost:8000", "127.0.0.3", "[::1]:80", "10.0.0.1")]
    [True, True, True, False]
    """
    host = (urllib.parse.urlsplit(base_url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
