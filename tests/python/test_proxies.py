"""Proxies by argument and by environment. The echoing server stands in for one: what it is asked
in absolute form it echoes as any other target."""

import base64

import pytest

import headrace

FAR = "http://far.example/x"


def with_user(echo):
    return echo.replace("http://", "http://me:s%40cret@")


def credentials(response):
    values = [value for name, value in response.json()["headers"] if name == "Proxy-Authorization"]
    return [base64.b64decode(value.removeprefix("Basic ")) for value in values]


def test_a_proxy_is_asked_in_absolute_form(echo):
    with headrace.Client(proxy=with_user(echo)) as client:
        response = client.get(FAR)
    assert response.json()["path"] == FAR
    assert credentials(response) == [b"me:s@cret"]


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy", "ALL_PROXY"])
def test_the_environment_names_one(echo, monkeypatch, name):
    monkeypatch.setenv(name, with_user(echo))
    with headrace.Client() as client:
        assert credentials(client.get(FAR)) == [b"me:s@cret"]


@pytest.mark.parametrize("options, path", [
    ({"trust_env": False}, "/x"), ({"proxy": ""}, "/x"), ({"no_proxy": "127.0.0.1"}, "/x"),
    ({"no_proxy": ""}, None)])
def test_what_is_given_counts_for_more_than_the_environment(echo, monkeypatch, options, path):
    monkeypatch.setenv("http_proxy", echo)
    with headrace.Client(**options) as client:
        assert client.get(echo + "/x").json()["path"] == (path or echo + "/x")


def test_no_proxy_of_the_environment(echo, monkeypatch):
    monkeypatch.setenv("http_proxy", echo)
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    with headrace.Client() as client:
        assert client.get(echo + "/x").json()["path"] == "/x"
        assert client.get(FAR).json()["path"] == FAR


def test_a_tunnel_that_is_refused_says_so(echo, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", echo)
    with headrace.Client(connect_attempts=1) as client:
        with pytest.raises(headrace.ConnectionFailed) as failure:
            client.get("https://far.example/")
    assert failure.value.code == "proxy_failed"


def test_a_proxy_that_cannot_be_read_is_a_value_error_without_its_password(monkeypatch):
    with pytest.raises(ValueError, match="^proxy has a %") as failure:
        headrace.Client(proxy="http://me:secret%@p")
    assert "secret" not in str(failure.value)
    monkeypatch.setenv("https_proxy", "http://me:secret%@p")
    with pytest.raises(ValueError, match="^the environment variable https_proxy has a %"):
        headrace.Client()
