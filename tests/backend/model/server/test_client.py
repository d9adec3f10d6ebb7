"""The client of a server: proxies, certificates and headers."""

import gc
import sys

import pytest
from support.fake_server import ok

from syndisco_nb import ChatMessage, OpenAIModel, Request
from syndisco_nb.backend.model.server.client import proxy_variable
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import run_sync

FAST = {"timeout_s": 2.0, "max_wait_s": 0.05, "patience_s": 0.1}
QUESTION = Request((ChatMessage("user", "Tea?"),), 1)
FAR = "https://models.invalid/v1"
PROXIES = [
    variant for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for variant in (name, name.lower())
]


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in [*PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENAI_BASE_URL"]:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTP_PROXY", "https_proxy", "all_proxy"])
@pytest.mark.parametrize("value", ["socks://me:pass@127.0.0.1:9/", "socks5://me:pass@127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_is_named_and_not_told(monkeypatch, capfd, name, value):
    monkeypatch.setenv(name, value)
    if value.startswith("socks5"):
        monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(ModelError, match=rf"because {name}, set in the environment, cannot be used") as caught:
        run_sync(OpenAIModel("m", FAR, "a-key-of-mine", **FAST).load())
    assert "pass" not in str(caught.value)
    gc.collect()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("there", [True, False])
def test_certificates_that_cannot_be_used_are_named(monkeypatch, tmp_path, there):
    path = tmp_path / "some.pem"
    if there:
        path.write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ModelError, match="because SSL_CERT_FILE, set in the environment, cannot be used"):
        run_sync(OpenAIModel("m", FAR, "a-key-of-mine", **FAST).load())


def test_a_proxy_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"no connection .*through the proxy that HTTPS_PROXY names"):
        run_sync(OpenAIModel("m", FAR, "a-key-of-mine", **FAST).load())


@pytest.mark.parametrize("variable", ["ALL_PROXY", "HTTP_PROXY", "SSL_CERT_FILE"])
def test_none_of_it_stands_between_us_and_this_computer(monkeypatch, fake, variable):
    monkeypatch.setenv(variable, "socks://127.0.0.1:9/")
    server = fake(lambda body, number: ok("Yes."))
    for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
        assert run_sync(OpenAIModel("m", url, **FAST).complete(QUESTION)).text == "Yes."


def test_the_variable_of_the_proxy_on_the_way(monkeypatch):
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "near.invalid")
    assert proxy_variable(FAR) == "all_proxy"
    assert proxy_variable("http://localhost:8000/v1") == proxy_variable("http://near.invalid/v1") == ""


def test_nothing_of_the_environment_goes_to_a_server_it_is_not_meant_for(monkeypatch, fake):
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, f"mine-{name}")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: mine-header\nAuthorization: Bearer mine-authorization")
    server = fake(lambda body, number: ok("Yes."))
    run_sync(OpenAIModel("m", server.url, **FAST).complete(QUESTION))
    run_sync(OpenAIModel("m", server.url, "a-key-of-its", **FAST).complete(QUESTION))
    assert "mine" not in "".join(map(str, server.headers))
    assert [headers["Authorization"] for headers in server.headers] == ["Bearer none"] * 2 + ["Bearer a-key-of-its"] * 2
    monkeypatch.delenv("OPENAI_CUSTOM_HEADERS")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    run_sync(OpenAIModel("m", **FAST).complete(QUESTION))
    assert server.headers[-1]["Authorization"] == "Bearer mine-OPENAI_API_KEY"
    assert server.headers[-1]["OpenAI-Organization"] == "mine-OPENAI_ORG_ID"
