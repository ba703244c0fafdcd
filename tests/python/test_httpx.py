"""headrace.httpx: httpx on the engine, against real servers, on threads, asyncio and trio."""

import asyncio
import ssl
import zlib

import httpx
import pytest
import trio

import headrace.httpx
from headrace._bodies import BODY_BYTES_MAX
from servers import ok, serve, taking_long_body, two_halves
from tasks import one_of_three_is_cancelled
from test_tls import certificates, secure  # noqa: F401  (fixtures)


@pytest.fixture
def client():
    # Nothing is verified where nothing is encrypted, and reading authorities takes a while.
    transport = headrace.httpx.HeadraceTransport(verify=False, pipeline_depth=2)
    with httpx.Client(transport=transport) as client:
        yield client


@pytest.fixture
def installed():
    headrace.httpx.install()
    yield
    headrace.httpx.uninstall()


def came_by_engine(response):
    return "network_stream" not in response.extensions


def test_a_response_is_httpxs_own(client, echo):
    response = client.get(echo + "/a%2Fb//c?q=%20b", headers={"X-A": "b", "Host": "other:1"})
    assert came_by_engine(response)
    assert (response.status_code, response.reason_phrase, response.http_version) == (
        200, "OK", "HTTP/1.1")
    assert response.headers.get_list("x-twice") == ["one", "two"]
    assert response.elapsed.total_seconds() > 0
    asked = response.json()
    assert asked["path"] == "/a%2Fb//c?q=%20b"
    sent = dict(asked["headers"])
    assert (sent["X-A"], sent["Host"]) == ("b", "other:1")
    assert sent["User-Agent"].startswith("python-httpx/")


@pytest.mark.parametrize("body, sent", [
    ({"content": "grün"}, "grün"), ({"json": [1]}, "[1]"), ({"data": {"a": "b"}}, "a=b"),
    ({"content": iter([b"a", b"b"])}, "ab")])
def test_bodies(client, echo, body, sent):
    response = client.post(echo, **body)
    assert came_by_engine(response)
    asked = response.json()
    assert asked["body"].encode("latin-1") == sent.encode()
    assert dict(asked["headers"])["Content-Length"] == str(len(sent.encode()))


async def blocks():
    for _ in range(BODY_BYTES_MAX // (1 << 20) + 1):
        yield b"x" * (1 << 20)


def test_a_long_body_streams_over_httpxs_own_connection(client, scripted):
    body = [b"x" * (1 << 20)] * (BODY_BYTES_MAX // (1 << 20) + 1)
    with taking_long_body(scripted) as received:
        response = client.post(scripted.url, content=iter(body), timeout=30)
    assert response.text.startswith("POST ") and not came_by_engine(response)
    assert b"".join(received).count(b"x") == sum(map(len, body))


@pytest.mark.parametrize("run", [asyncio.run, lambda task: trio.run(lambda: task)],
                         ids=["asyncio", "trio"])
def test_a_long_body_of_a_task(scripted, run):
    async def post():
        transport = headrace.httpx.AsyncHeadraceTransport(verify=False)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.post(scripted.url, content=blocks(), timeout=30)

    with taking_long_body(scripted) as received:
        response = run(post())
    assert response.text.startswith("POST ") and not came_by_engine(response)
    assert b"".join(received).count(b"x") > BODY_BYTES_MAX


def test_tasks_of_asyncio_get_their_own_answers(echo):
    async def main():
        transport = headrace.httpx.AsyncHeadraceTransport(verify=False, connections_max=2)
        async with httpx.AsyncClient(transport=transport) as client:
            answers = await asyncio.gather(*(client.get(f"{echo}/{i}") for i in range(100)))
            assert all(map(came_by_engine, answers))
            assert [answer.json()["path"] for answer in answers] == [f"/{i}" for i in range(100)]
            assert (await client.post(echo, content="x")).json()["body"] == "x"

    asyncio.run(main())


def test_tasks_of_trio_get_their_own_answers(echo):
    async def fetch(client, path):
        response = await client.get(echo + path)
        assert response.json()["path"] == path and came_by_engine(response)

    async def main():
        transport = headrace.httpx.AsyncHeadraceTransport(verify=False)
        async with httpx.AsyncClient(transport=transport) as client:
            async with trio.open_nursery() as nursery:
                for number in range(100):
                    nursery.start_soon(fetch, client, f"/{number}")

    trio.run(main)


def test_a_cancelled_task_cancels_its_request(scripted):
    async def main():
        transport = headrace.httpx.AsyncHeadraceTransport(verify=False, connections_max=1)
        async with httpx.AsyncClient(transport=transport) as client:
            await one_of_three_is_cancelled(client, scripted)

    asyncio.run(main())


def test_cookies_codings_and_redirects(client, scripted):
    packed = zlib.compress(b"unpacked")
    heads, thread = serve(
        scripted, ok("", "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\n"),
        b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed))
    assert dict(client.get(scripted.url).cookies) == {"a": "1", "b": "2"}
    assert client.get(scripted.url + "/here", follow_redirects=True).text == "unpacked"
    thread.join()
    assert "Cookie: a=1; b=2" in heads[1]
    assert heads[2].startswith("GET /there ")


@pytest.mark.parametrize("answer, raised", [
    (b"", httpx.RemoteProtocolError),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", httpx.RemoteProtocolError),
    (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", httpx.RemoteProtocolError)])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_may_do_harm_is_sent_once(client, scripted, answer, raised, method):
    heads, thread = serve(scripted, answer)
    with pytest.raises(raised) as error:
        client.request(method, scripted.url)
    thread.join()
    assert len(heads) == 1
    assert error.value.__cause__.attempts == 1
    assert error.value.request.method == method


def test_timeouts(client, scripted):
    with pytest.raises(httpx.ReadTimeout):
        client.post(scripted.url, timeout=httpx.Timeout(5, read=0.05))
    with pytest.raises(httpx.ConnectTimeout):  # a handshake that nobody answers
        with httpx.Client(transport=headrace.httpx.HeadraceTransport(verify=False)) as insecure:
            insecure.get(scripted.url.replace("http:", "https:"),
                         timeout=httpx.Timeout(5, connect=0.05))


def test_nobody_listens(client, scripted):
    scripted.close()
    with pytest.raises(httpx.ConnectError, match="connect_failed"):
        client.get(scripted.url)


def test_what_httpx_refuses_it_still_refuses(client):
    with pytest.raises(httpx.UnsupportedProtocol):
        client.get("gopher://example.org")
    with pytest.raises(httpx.ConnectError):
        client.get("http://127.0.0.1:123456/")


def test_tls_settings(secure, certificates, monkeypatch):  # noqa: F811
    cert = (str(certificates / "client.pem"), str(certificates / "client.key"))

    def get(**settings):
        with httpx.Client(transport=headrace.httpx.HeadraceTransport(**settings)) as client:
            response = client.get(secure)
            return came_by_engine(response)

    assert get(verify=False, cert=cert)
    with pytest.raises(httpx.ConnectError):
        get(cert=cert)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    assert get(cert=cert)
    with pytest.raises(httpx.ConnectError):
        get(cert=cert, trust_env=False)
    context = ssl.create_default_context(cafile=certificates / "ca.pem")
    context.load_cert_chain(*cert)
    assert not get(verify=context)


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/event-stream"}])
def test_streams_are_read_as_they_come(client, scripted, headers):
    with two_halves(scripted) as heard:
        with client.stream("GET", scripted.url, headers=headers) as response:
            assert came_by_engine(response)
            parts = response.iter_bytes(2)
            assert next(parts) == b"ab"
            heard.set()
            assert next(parts) == b"cd"


@pytest.mark.parametrize("run", [asyncio.run, trio.run], ids=["asyncio", "trio"])
def test_streams_are_read_by_a_task_as_they_come(scripted, run):
    async def main():
        transport = headrace.httpx.AsyncHeadraceTransport()
        async with httpx.AsyncClient(transport=transport) as client:
            async with client.stream("GET", scripted.url) as response:
                assert came_by_engine(response)
                parts = response.aiter_raw()
                assert await parts.__anext__() == b"ab"
                heard.set()
                return [part async for part in parts]

    with two_halves(scripted) as heard:
        assert b"".join(run(main) if run is trio.run else run(main())) == b"cd"


def test_a_stream_may_be_larger_than_what_is_held(scripted):
    """The client's limit of a whole body is 1,000 bytes."""
    size = 8 << 20
    _, thread = serve(scripted, ok(b"x" * size))
    with httpx.Client(transport=headrace.httpx.HeadraceTransport(body_bytes_max=1000)) as client:
        with client.stream("GET", scripted.url) as response:
            assert sum(map(len, response.iter_bytes())) == size
    thread.join()


def test_a_stream_that_is_not_streamed_to_its_end_is_given_up(client, endless):
    with client.stream("GET", endless.url) as response:
        assert next(response.iter_bytes())[:1] == b"x"
    endless.thread.join(30)
    assert endless.given_up


def test_a_task_gives_a_stream_up(endless):
    async def main():
        transport = headrace.httpx.AsyncHeadraceTransport()
        async with httpx.AsyncClient(transport=transport) as client:
            async with client.stream("GET", endless.url) as response:
                assert (await response.aiter_bytes().__anext__())[:1] == b"x"
            assert await asyncio.to_thread(endless.ended.wait, 30)

    asyncio.run(main())
    assert endless.given_up


def test_a_stream_that_breaks_raises_what_httpx_raises(client, scripted):
    _, thread = serve(scripted, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    with client.stream("GET", scripted.url) as response:
        parts = response.iter_bytes()
        assert next(parts) == b"abc"
        with pytest.raises(httpx.RemoteProtocolError):
            next(parts)
    thread.join()


def test_a_stream_that_breaks_raises_what_httpx_raises_in_a_task(scripted):
    async def main():
        transport = headrace.httpx.AsyncHeadraceTransport()
        async with httpx.AsyncClient(transport=transport) as client:
            async with client.stream("GET", scripted.url) as response:
                with pytest.raises(httpx.RemoteProtocolError):
                    await response.aread()

    _, thread = serve(scripted, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    asyncio.run(main())
    thread.join()


def test_events_are_streamed_whoever_asks_for_them(scripted):
    transport = headrace.httpx.HeadraceTransport()
    request = httpx.Request("GET", scripted.url, headers={"Accept": "text/event-stream"})
    with two_halves(scripted) as heard:
        response = transport.handle_request(request)
        parts = iter(response.stream)
        assert next(parts) == b"ab"
        heard.set()
        assert next(parts) == b"cd"
        response.close()


def test_a_stream_that_cannot_be_opened_raises_what_httpx_raises(client, scripted):
    scripted.close()
    with pytest.raises(httpx.ConnectError), client.stream("GET", scripted.url):
        pass


def test_a_stream_outlives_its_transport(scripted):
    with two_halves(scripted) as heard:
        client = httpx.Client(transport=headrace.httpx.HeadraceTransport())
        response = client.send(client.build_request("GET", scripted.url), stream=True)
        parts = response.iter_bytes(2)
        assert next(parts) == b"ab"
        client.close()
        heard.set()
        assert next(parts) == b"cd"
        response.close()


def test_installed_for_the_whole_process(installed, echo):
    async def fetch():
        async with httpx.AsyncClient() as client:
            return await client.get(echo)

    assert came_by_engine(httpx.get(echo))
    assert came_by_engine(asyncio.run(fetch()))
    with httpx.Client() as client:
        assert came_by_engine(client.get(echo))
        with client.stream("GET", echo) as response:
            assert came_by_engine(response)
    with pytest.raises(RuntimeError, match="uninstall"):
        headrace.httpx.install()


def test_clients_share_connections_when_installed(installed, scripted):
    heads, thread = serve(scripted, ok("one"), ok("two"))
    assert httpx.get(scripted.url).text == "one"
    assert httpx.get(scripted.url).text == "two"
    thread.join()
    assert len(heads) == 2


def test_a_transport_streams_after_uninstall(scripted):
    headrace.httpx.install()
    transport = headrace.httpx.HeadraceTransport()
    headrace.httpx.uninstall()
    with two_halves(scripted) as heard, httpx.Client(transport=transport) as client:
        with client.stream("GET", scripted.url) as response:
            parts = response.iter_bytes(2)
            assert next(parts) == b"ab"
            heard.set()
            assert next(parts) == b"cd"


def test_uninstall_restores_what_there_was(echo):
    kinds = (httpx.Client, httpx.AsyncClient, httpx.HTTPTransport, httpx.AsyncHTTPTransport)
    before = [dict(vars(kind)) for kind in kinds]
    headrace.httpx.install()
    made_meanwhile = httpx.Client()
    headrace.httpx.uninstall()
    headrace.httpx.uninstall()
    assert [dict(vars(kind)) for kind in kinds] == before
    assert not came_by_engine(made_meanwhile.get(echo))
    assert not came_by_engine(httpx.get(echo))
