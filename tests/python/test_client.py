"""Requests and responses of headrace.Client, against a real server."""

import socket

import pytest

import headrace
from servers import ok, read_head


def test_a_response_has_what_httpx_names_so(client):
    response = client.get("/a", params={"q": "x y", "list": [1, 2]})
    assert response.status_code == 200
    assert response.reason_phrase == "OK"
    assert response.http_version == "HTTP/1.1"
    assert response.is_success and not response.is_error
    assert response.json()["path"] == "/a?q=x+y&list=1&list=2"
    assert response.headers["content-TYPE"] == "application/json"
    assert response.headers["X-Twice"] == "one, two"
    assert response.headers.get_list("x-twice") == ["one", "two"]
    assert response.elapsed.total_seconds() > 0
    assert response.attempts == 1
    assert response.connection_id != 0


def test_the_buffer_is_the_body_without_a_copy(client):
    response = client.get("/")
    view = memoryview(response.buffer)
    assert view.readonly
    assert bytes(view) == response.content
    del response
    assert view[0] == ord("{")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_bodies(client, method):
    def echoed(**body):
        answer = client.request(method, "/", **body).json()
        sent = headrace.Headers([tuple(field) for field in answer["headers"]])
        return answer["body"], sent.get("content-type")

    assert echoed(json={"a": [1]}) == ('{"a":[1]}', "application/json")
    assert echoed(data={"a": "b c"}) == ("a=b+c", "application/x-www-form-urlencoded")
    assert echoed(content=b"\xff\x00") == ("\xff\x00", None)
    assert echoed(json=1, headers={"content-type": "x/y"}) == ("1", "x/y")


def test_default_headers_give_way_to_a_requests_own(echo):
    with headrace.Client(base_url=echo, headers={"X-A": "1", "X-B": "2"}) as client:
        sent = dict(client.get("/", headers={"x-b": "3"}).json()["headers"])
    assert (sent["X-A"], sent["x-b"]) == ("1", "3")
    assert "X-B" not in sent
    assert sent["User-Agent"].startswith("python-headrace/")


def test_other_methods(client):
    assert client.head("/").content == b""
    assert client.options("/").json()["method"] == "OPTIONS"
    assert client.delete("/").json()["method"] == "DELETE"


def test_any_status_is_a_response(client):
    response = client.get("/missing")
    assert response.status_code == 404
    with pytest.raises(headrace.HTTPStatusError, match="404") as raised:
        response.raise_for_status()
    assert raised.value.response is response


def test_text_has_the_charset_that_the_server_names(scripted):
    with headrace.Client(connections_max=1) as client:
        call = client.get(scripted.url, wait=False)
        peer = scripted.accept()
        read_head(peer)
        peer.sendall(ok("gr\xfcn".encode("latin-1"), "Content-Type: text/plain; charset=latin-1\r\n"))
        assert call.result().text == "gr\xfcn"
        call = client.get(scripted.url, wait=False)
        read_head(peer)
        peer.sendall(ok("gr\xfcn", "Content-Type: text/plain; charset=no-such\r\n"))
        assert call.result().text == "gr\xfcn"


@pytest.mark.parametrize("text, value", [
    ("[1, -2, 1.5, true, false, null]", [1, -2, 1.5, True, False, None]),
    ('{"a": {"b": "\\u00fc"}}', {"a": {"b": "\xfc"}}),
    ("18446744073709551615", 2**64 - 1),
    ("123456789012345678901234567890", 123456789012345678901234567890),
    ('"text"', "text"),
])
def test_json(scripted, text, value):
    with headrace.Client() as client:
        call = client.get(scripted.url, wait=False)
        peer = scripted.accept()
        read_head(peer)
        peer.sendall(ok(text))
        assert call.result().json() == value


def test_json_that_is_none_is_a_value_error(scripted):
    with headrace.Client() as client:
        call = client.get(scripted.url, wait=False)
        peer = scripted.accept()
        read_head(peer)
        peer.sendall(ok("{]"))
        with pytest.raises(ValueError, match="line 1 column 2"):
            call.result().json()


def test_a_refused_connection_says_what_and_where():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with headrace.Client(connect_attempts=1) as client:
        with pytest.raises(headrace.ConnectionFailed, match="connect_failed") as raised:
            client.get(f"http://127.0.0.1:{port}/")
    error = raised.value
    assert isinstance(error, ConnectionError)
    assert (error.code, error.phase, error.progress) == ("connect_failed", "connect", "queued")
    assert error.safe_to_repeat
    assert error.origin == f"http://127.0.0.1:{port}"
    assert error.system_code != 0


def test_a_requests_deadline(scripted):
    with headrace.Client() as client:
        with pytest.raises(headrace.TimedOut) as raised:
            client.get(scripted.url, timeout=0.05)
    assert raised.value.code == "timed_out"
    assert isinstance(raised.value, TimeoutError)


@pytest.mark.parametrize("request_", [
    {"url": "ftp://x/"},
    {"url": "/", "headers": {"A": "b\r\nC: d"}},
    {"url": "/", "headers": {"A b": "c"}},
    {"url": "/ a"},
    {"url": "/\n"},
])
def test_what_could_inject_is_refused(client, request_):
    with pytest.raises(headrace.InvalidRequest) as raised:
        client.get(**request_)
    assert raised.value.progress == "queued"


def test_what_has_no_octets_is_refused(client):
    with pytest.raises(UnicodeEncodeError):
        client.get("/", headers={"A": "\u20ac"})
    with pytest.raises(TypeError):
        client.get("/", headers={"A": 1})


@pytest.mark.parametrize("options, message", [
    ({"no_such": 1}, "there is no option no_such"),
    ({"connections_max": "many"}, "option connections_max has a value of the wrong type"),
])
def test_wrong_options(options, message):
    with pytest.raises(TypeError, match=message):
        headrace.Client(**options)


def test_options_out_of_range():
    with pytest.raises(headrace.InvalidRequest, match="connections_max is 0"):
        headrace.Client(connections_max=0)
    with pytest.raises(ValueError, match="pipelining"):
        headrace.Client(pipelining="on")


def test_a_closed_client_says_so(echo):
    client = headrace.Client(base_url=echo)
    client.close()
    with pytest.raises(headrace.Error) as raised:
        client.get("/")
    assert raised.value.code == "closed"
