"""The address of a server."""

import pytest

from syndisco_nb.backend.model.server.address import checked_address, is_loopback, origin
from syndisco_nb.errors import InvalidInputError


@pytest.mark.parametrize("given", ["http://host:8000/v1", " http://host:8000/v1/ ", "http://host:8000/v1//"])
def test_an_address_is_kept_without_spaces_and_last_slashes(given):
    assert checked_address(given) == "http://host:8000/v1"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (3, "base_url is 3, but must be text"),
        ("localhost:8000", "base_url is 'localhost:8000', but must be the address"),
        ("http:///v1", "but must be the address"),
        ("http://host:0/v1", "but must be the address"),
        ("http://[::1/v1", "but must be the address"),
        ("http://host:http/v1", "but must be the address"),
        ("http://\x00/v1", "but must be the address"),
        ("http://a b/v1", "but must be the address"),
        ("http://a\\b/v1", "but must be the address"),
        ("https://me:mine-alone@host/v1", "base_url holds a user, a password"),
        ("https://host/v1?key=mine-alone", "base_url holds .* a question mark"),
        ("https://host/v1#mine-alone", "base_url holds .* or a #"),
        ("https://host/sk-mine-alone-1234567/v1", "base_url looks like a secret"),
    ],
)
def test_an_unusable_address_is_an_error_that_tells_no_secret(given, message):
    with pytest.raises(InvalidInputError, match=message) as caught:
        checked_address(given)
    assert "mine-alone" not in str(caught.value)
    assert caught.value.field == "base_url"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://API.openai.com/v1", ("https", "api.openai.com", 443)),
        ("http://host/v1", ("http", "host", 80)),
        (" http://host:8000 ", ("http", "host", 8000)),
        ("http://host:http/v1", ("", "", None)),
    ],
)
def test_the_origin_is_scheme_host_and_port(given, expected):
    assert origin(given) == expected


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST:80", True),
        ("a.localhost", True),
        ("127.1.2.3:8000", True),
        ("[::1]:8000", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("192.168.0.2", False),
    ],
)
def test_which_hosts_are_this_computer(host, loopback):
    assert is_loopback(f"http://{host}/v1") is loopback
