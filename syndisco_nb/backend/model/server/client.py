"""Open the HTTP client for a server: proxies, certificates and headers."""

import os
import ssl
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.model.server.address import is_loopback
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.errors import MissingDependencyError, ModelError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

INSTALL = 'pip install "syndisco-nb[openai]"'

_CONNECT_S = 10.0
_HEADERS = ("accept", "authorization", "connection", "content-", "host", "user-agent", "x-stainless-")
"""The beginnings of the headers that a request needs."""


def open_client(base_url: str, key: ApiKey) -> "AsyncOpenAI":
    """Return a client that sends a server nothing from the environment that does not belong to this server.

    Parameters
    ----------
    base_url : str
        The server.
    key : ApiKey

    Raises
    ------
    MissingDependencyError
        If the openai package is not installed.
    ModelError
        If an environment variable names a proxy or certificates that cannot be used.
    """
    openai = _import_openai()

    async def bare(request: Any) -> None:
        """Remove the headers that the client adds from the environment: organization, project, custom headers."""
        for name in [name for name in request.headers if not name.lower().startswith(_HEADERS)]:
            del request.headers[name]
        if "Authorization" in request.headers:  # absent after a redirect to another server
            request.headers["Authorization"] = f"Bearer {await key.current()}"

    timeout = openai.Timeout(None, connect=_CONNECT_S)
    hooks = {} if key.of_openai() else {"event_hooks": {"request": [bare]}}
    return openai.AsyncOpenAI(  # type: ignore[no-any-return]
        api_key=key.current,
        base_url=base_url,
        max_retries=0,  # `Retrying` coordinates the retries of all requests
        timeout=timeout,
        http_client=_http_client(openai.DefaultAsyncHttpxClient, base_url, timeout=timeout, **hooks),
    )


def proxy_variable(base_url: str) -> str:
    """Return the variable or the system setting that names the proxy for a server; "" without a proxy."""
    url = urllib.parse.urlsplit(base_url)
    proxies = urllib.request.getproxies()
    scheme = next((scheme for scheme in (url.scheme, "all") if proxies.get(scheme)), "")
    if not scheme or is_loopback(base_url) or urllib.request.proxy_bypass(url.hostname or ""):
        return ""
    names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
    return next((name for name in names if os.environ.get(name)), f"the {scheme} proxy in this system's settings")


def _http_client(kind: Any, base_url: str, **settings: Any) -> Any:
    if is_loopback(base_url):
        secure = base_url.startswith("https")
        return kind(trust_env=False, verify=_certificates() if secure else True, **settings)
    certificates = _certificates()
    try:
        return kind(verify=certificates, **settings)
    except Exception as error:  # of many types; its text may quote the proxy's password
        problem = type(error).__name__
    raise ModelError(_unusable(_broken_proxy(kind), problem))


def _certificates() -> ssl.SSLContext | bool:
    """Return the certificates that the environment names; True for the defaults."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    try:
        return ssl.create_default_context(cafile=file, capath=folder) if file or folder else True
    except (OSError, ValueError) as error:
        problem = type(error).__name__
    raise ModelError(_unusable("SSL_CERT_FILE" if file else "SSL_CERT_DIR", problem))


def _broken_proxy(kind: Any) -> str:
    """Return the name of the variable with an unusable proxy."""
    for name, proxy in os.environ.items():
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy") and proxy:
            try:
                kind(trust_env=False, proxy=proxy if "://" in proxy else f"http://{proxy}")
            except Exception:
                return name
    return "NO_PROXY" if os.environ.get("NO_PROXY") else "the system's proxy"


def _unusable(variable: str, problem: str) -> str:
    return (
        f"No connection can be made, because {variable}, set in the environment, cannot be used ({problem}). "
        "Correct it, or unset it."
    )


def _import_openai() -> Any:
    try:
        import openai
    except ImportError:
        raise MissingDependencyError(f"The openai package is not installed. Run: {INSTALL}") from None
    return openai
