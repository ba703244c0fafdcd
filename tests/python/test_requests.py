"""headrace.requests: requests on the engine, against real servers."""

import io
import pickle
import ssl
import threading
import zlib

import pytest
import requests
from urllib3.util import Retry, Timeout

import headrace.requests
from headrace._bodies import BODY_BYTES_MAX
from servers import meanwhile, ok, read_head, serve, taking_long_body, two_halves
from test_tls import certificates, secure  # noqa: F401  (fixtures)

RAISED = requests.exceptions


@pytest.fixture
def session():
    with requests.Session() as session:
        session.mount("http://", headrace.requests.HeadraceAdapter(connections_max=2))
        session.mount("https://", headrace.requests.HeadraceAdapter(attempts_max=1))
        yield session


@pytest.fixture
def installed():
    headrace.requests.install()
    yield
    headrace.requests.uninstall()


def came_by_engine(response):
    return type(response.raw._original_response).__module__.startswith("headrace")


def test_a_response_is_requests_own(session, echo):
    response = session.get(echo + "/a%2Fb//c?q= b", headers={"X-A": "é", "Host": "other:1"})
    assert came_by_engine(response)
    assert (response.status_code, response.reason, response.raw.version) == (200, "OK", 11)
    assert response.headers["X-Twice"] == "one, two"
    asked = response.json()
    assert asked["path"] == "/a%2Fb//c?q=%20b"
    sent = dict(asked["headers"])
    assert (sent["X-A"], sent["Host"]) == ("é", "other:1")
    assert sent["User-Agent"].startswith("python-requests/")


@pytest.mark.parametrize("body, sent", [
    ("grün", "grün"), (b"\xff\x00", None), (io.BytesIO(b"file"), "file"),
    (io.StringIO("téxt"), "téxt"), (iter([b"a", b"b"]), "ab"), ((part for part in ["é"]), "é")])
def test_bodies_of_every_kind(session, echo, body, sent):
    response = session.post(echo, data=body)
    assert came_by_engine(response)
    expected = b"\xff\x00" if sent is None else sent.encode()
    asked = response.json()
    assert asked["body"].encode("latin-1") == expected
    assert dict(asked["headers"])["Content-Length"] == str(len(expected))


@pytest.mark.parametrize("of_known_length", [True, False])
def test_a_long_body_streams_over_requests_own_connection(session, scripted, of_known_length):
    blocks = [b"x" * (1 << 20)] * (BODY_BYTES_MAX // (1 << 20) + 1)
    size = sum(map(len, blocks))
    body = io.BytesIO(b"".join(blocks)) if of_known_length else iter(blocks)
    with taking_long_body(scripted, size if of_known_length else None) as received:
        response = session.post(scripted.url, data=body)
    assert not came_by_engine(response)
    assert b"".join(received).count(b"x") == size
    assert ("Transfer-Encoding" in response.text) != of_known_length


def test_cookies_codings_and_redirects(session, scripted):
    packed = zlib.compress(b"unpacked")
    heads, thread = serve(
        scripted, ok("", "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\n"),
        b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed))
    assert session.get(scripted.url).cookies.get_dict() == {"a": "1", "b": "2"}
    response = session.get(scripted.url + "/here")
    thread.join()
    assert response.text == "unpacked"
    assert [past.status_code for past in response.history] == [302]
    assert "Cookie: a=1; b=2" in heads[1]
    assert heads[2].startswith("GET /there ")


def test_threads_share_a_pipeline(scripted):
    """The server answers neither of two before it has read both from its one connection."""
    texts = []

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            peer.sendall(ok("proof"))
            asked = [read_head(peer).split()[1] for _ in range(2)]
            peer.sendall(b"".join(ok(path) for path in asked))

    server = threading.Thread(target=talk)
    server.start()
    with requests.Session() as session:
        session.mount("http://", headrace.requests.HeadraceAdapter(
            connections_max=1, pipelining="fixed"))
        assert session.get(scripted.url, timeout=10).text == "proof"
        threads = [threading.Thread(target=lambda path=path: texts.append(
            session.get(scripted.url + path, timeout=10).text == path)) for path in ("/1", "/2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    server.join()
    assert texts == [True, True]


def test_a_post_is_sent_once(session, scripted):
    heads, thread = serve(scripted, b"")
    with pytest.raises(RAISED.ConnectionError) as raised:
        session.post(scripted.url, data=b"", timeout=10)
    thread.join()
    assert len(heads) == 1
    assert raised.value.args[0].args[1].attempts == 1


def test_put_is_not_sent_again_though_it_might_be(session, scripted):
    heads, thread = serve(scripted, b"")
    with pytest.raises(RAISED.ConnectionError) as raised:
        session.put(scripted.url, timeout=10)
    thread.join()
    assert raised.value.args[0].args[1].attempts == 1


@pytest.mark.parametrize("begun", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"])
def test_a_truncated_response_raises_what_requests_raises(session, scripted, begun):
    _, thread = serve(scripted, begun)
    with pytest.raises(RAISED.ChunkedEncodingError):
        session.post(scripted.url)
    thread.join()


def test_read_timeouts(session, scripted):
    with pytest.raises(RAISED.ReadTimeout, match="Read timed out"):
        session.post(scripted.url, timeout=(5, 0.05))


def test_a_timeout_in_all(session, scripted):
    with pytest.raises(RAISED.ReadTimeout):
        session.post(scripted.url, timeout=Timeout(read=10, total=0.05))


def test_connect_timeouts(session, scripted):
    """A TLS handshake that nobody answers."""
    with pytest.raises(RAISED.ConnectTimeout):
        session.get(scripted.url.replace("http:", "https:"), timeout=(0.05, 5), verify=False)


def test_nobody_listens(session, scripted):
    scripted.close()
    with pytest.raises(RAISED.ConnectionError, match="connect_failed"):
        session.get(scripted.url)


@pytest.mark.parametrize("answer, raised", [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", RAISED.InvalidHeader),
    (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", RAISED.ConnectionError)])
def test_answers_that_are_none(session, scripted, answer, raised):
    _, thread = serve(scripted, answer)
    with pytest.raises(raised):
        session.post(scripted.url)
    thread.join()


def test_a_url_that_is_none(session):
    with pytest.raises(RAISED.InvalidURL):
        session.get("http://a;b/")


def test_max_retries_count(scripted):
    adapter = headrace.requests.HeadraceAdapter(max_retries=Retry(1, status_forcelist=[503]))
    busy = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
    with requests.Session() as session:
        session.mount("http://", adapter)
        heads, thread = serve(scripted, busy, ok("second"), busy, busy)
        assert session.get(scripted.url).text == "second"
        with pytest.raises(RAISED.RetryError):
            session.get(scripted.url)
        thread.join()
    assert len(heads) == 4


def test_tls_settings_are_not_shared(session, secure, certificates):  # noqa: F811
    cert = (str(certificates / "client.pem"), str(certificates / "client.key"))
    trusted = str(certificates / "ca.pem")
    response = session.get(secure, verify=trusted, cert=cert)
    assert response.ok and came_by_engine(response)
    assert session.get(secure, verify=False, cert=cert).ok
    for settings in ({"cert": cert}, {"verify": trusted}, {"verify": False}):
        with pytest.raises(RAISED.SSLError):
            session.get(secure, **settings)
    with pytest.raises(OSError, match="no-such.pem"):
        session.get(secure, verify="/no-such.pem")


def test_an_ssl_context_of_the_callers_is_obeyed(secure, certificates):  # noqa: F811
    class Pinned(headrace.requests.HeadraceAdapter):
        def init_poolmanager(self, *arguments, **keywords):
            context = ssl.create_default_context(cafile=certificates / "ca.pem")
            context.load_cert_chain(certificates / "client.pem", certificates / "client.key")
            super().init_poolmanager(*arguments, ssl_context=context, **keywords)

    with requests.Session() as session:
        session.mount("https://", Pinned())
        response = session.get(secure, verify=str(certificates / "ca.pem"))
    assert response.ok and not came_by_engine(response)


def test_a_proxy_is_asked_as_requests_asks_it(session, scripted):
    heads, thread = serve(scripted, ok("by proxy"))
    response = session.get("http://cloud.example/vms", proxies={"http": scripted.url})
    thread.join()
    assert response.text == "by proxy" and not came_by_engine(response)
    assert heads[0].startswith("GET http://cloud.example/vms ")


def test_a_stream_is_read_as_it_comes(session, scripted):
    """The server says more only after it was told that the first part has arrived."""
    with two_halves(scripted) as heard:
        with session.get(scripted.url, stream=True, timeout=30) as response:
            assert came_by_engine(response)
            parts = response.iter_content(2)
            assert next(parts) == b"ab"
            heard.set()
            assert next(parts) == b"cd"
            assert list(parts) == []


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("size, parts", [(None, [b"one\n", b"two"]), (512, [b"one\n", b"two"]),
                                         (2, [b"on", b"e\n", b"tw", b"o"])])
def test_chunks_are_handed_over_when_they_are_there(session, scripted, size, parts):
    heard = threading.Event()

    def talk():
        with scripted.accept() as peer:
            read_head(peer)
            peer.sendall(CHUNKED + b"4\r\none\n\r\n")
            assert heard.wait(30)
            peer.sendall(b"3\r\ntwo\r\n0\r\n\r\n")

    with meanwhile(talk), session.get(scripted.url, stream=True) as response:
        came = []
        for part in response.iter_content(size):
            came.append(part)
            heard.set()
        assert came == parts
        assert response.raw.closed


def test_a_stream_is_decoded_and_read_as_a_file(session, scripted):
    packed = zlib.compress(b"unpacked " * 10_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n"
    _, thread = serve(scripted, head % len(packed) + packed, ok("as a file"), ok("\n".join("abc")))
    with session.get(scripted.url, stream=True) as response:
        assert b"".join(response.iter_content(1000)) == b"unpacked " * 10_000
    with session.get(scripted.url, stream=True) as response:
        assert (response.raw.read(2), response.raw.read()) == (b"as", b" a file")
        assert response.raw.closed
    with session.get(scripted.url, stream=True) as response:
        assert list(response.iter_lines()) == [b"a", b"b", b"c"]
    thread.join()


def test_a_stream_may_be_larger_than_what_is_held(scripted):
    """The client's limit of a whole body is 1,000 bytes."""
    size = 8 << 20
    _, thread = serve(scripted, ok(b"x" * size))
    with requests.Session() as session:
        session.mount("http://", headrace.requests.HeadraceAdapter(body_bytes_max=1000))
        with session.get(scripted.url, stream=True) as response:
            assert sum(map(len, response.iter_content(65536))) == size
    thread.join()


def test_a_stream_that_is_closed_early_is_given_up(session, endless):
    with session.get(endless.url, stream=True) as response:
        assert next(response.iter_content(1)) == b"x"
    endless.thread.join(30)
    assert endless.given_up


def test_a_stream_that_is_dropped_is_given_up(session, endless):
    assert next(session.get(endless.url, stream=True).iter_content(1)) == b"x"
    endless.thread.join(30)
    assert endless.given_up


@pytest.mark.parametrize("begun", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", CHUNKED + b"9\r\nabc",
    CHUNKED + b"3\r\nabc\r\nno size\r\n"])
def test_a_broken_stream_raises_what_requests_raises(session, scripted, begun):
    _, thread = serve(scripted, begun)
    with session.get(scripted.url, stream=True) as response:
        parts = response.iter_content(3)
        assert next(parts) == b"abc"
        with pytest.raises(RAISED.ChunkedEncodingError):
            next(parts)
    thread.join()


def test_a_silent_stream_raises_what_requests_raises(session, scripted):
    with two_halves(scripted):
        with session.get(scripted.url, stream=True, timeout=(5, 0.05)) as response:
            with pytest.raises(RAISED.ConnectionError, match="Read timed out"):
                response.content


def test_a_stream_outlives_its_session(scripted):
    with two_halves(scripted) as heard:
        session = requests.Session()
        session.mount("http://", headrace.requests.HeadraceAdapter())
        response = session.get(scripted.url, stream=True)
        session.close()
        heard.set()
        assert response.content == b"abcd"


def test_a_connection_is_kept_after_a_stream(session, scripted):
    heads, thread = serve(scripted, ok("streamed"), ok("whole"))
    assert session.get(scripted.url, stream=True).content == b"streamed"
    assert session.get(scripted.url).text == "whole"
    thread.join()
    assert len(heads) == 2


def test_adapters_are_pickled_with_their_options(echo):
    adapter = pickle.loads(pickle.dumps(headrace.requests.HeadraceAdapter(connections_max=3)))
    with requests.Session() as session:
        session.mount("http://", adapter)
        assert came_by_engine(session.get(echo))
    assert adapter._options == {"connections_max": 3}


def test_a_closed_session_can_be_used_again(session, echo):
    assert session.get(echo).ok
    session.close()
    assert came_by_engine(session.get(echo))


def test_installed_for_the_whole_process(installed, echo):
    class Derived(requests.adapters.HTTPAdapter):  # as SDKs have them
        def init_poolmanager(self, *arguments, **keywords):
            super().init_poolmanager(*arguments, socket_options=[], **keywords)

    assert came_by_engine(requests.get(echo))
    assert came_by_engine(requests.request("PUT", echo, data="x"))
    with requests.Session() as session:
        assert came_by_engine(session.get(echo))
        session.mount("http://", Derived())
        assert came_by_engine(session.get(echo))
    with pytest.raises(RuntimeError, match="uninstall"):
        headrace.requests.install()


def test_sessions_share_connections_when_installed(installed, scripted):
    heads, thread = serve(scripted, ok("one"), ok("two"))
    assert requests.get(scripted.url, timeout=10).text == "one"
    assert requests.get(scripted.url, timeout=10).text == "two"
    thread.join()
    assert len(heads) == 2


def test_uninstall_restores_what_there_was(echo):
    before = dict(vars(requests.adapters.HTTPAdapter)), dict(vars(requests.sessions))
    headrace.requests.install()
    headrace.requests.uninstall()
    headrace.requests.uninstall()
    assert (dict(vars(requests.adapters.HTTPAdapter)), dict(vars(requests.sessions))) == before
    assert not came_by_engine(requests.get(echo))
