"""headrace.ovirt: the real SDK on this engine, against the example's sample server."""

import gzip
import logging
import re
import ssl
import subprocess
import sys

import ovirtsdk4
import pytest
from ovirtsdk4 import types

import headrace.ovirt
from ovirt_scene import EXAMPLES, PASSWORD, USER, Sample, Service, connect, names, nics
from ovirt_scene import connection, sample, service, vms  # noqa: F401, fixtures
from servers import ok, read_head
from test_tls import certificates  # noqa: F401, a fixture


def expect_silence(connection, peer, echo):
    """A request to another server goes there and back meanwhile: what has not come by then is not
    going to."""
    connection._client.get(echo + "/")
    peer.setblocking(False)
    with pytest.raises(BlockingIOError):
        peer.recv(1)
    peer.settimeout(30)


def test_an_inventory_without_waiting_is_the_sdks_own(sample, vms):
    futures = [nics(vms, vm.id, wait=False) for vm in vms.list()]
    answers = [names(future.wait()) for future in futures]
    with ovirtsdk4.Connection(url=sample.url, username=USER, password=PASSWORD) as stock:
        of_stock = stock.system_service().vms_service()
        assert answers == [names(nics(of_stock, vm.id)) for vm in of_stock.list()]
    assert answers[7] == ["7-1", "7-2"]


def test_requests_leave_at_the_call(scripted):
    connection = headrace.ovirt.Connection(url=scripted.url, token="token", connections=1)
    future = nics(connection.system_service().vms_service(), 1, wait=False)
    peer = scripted.accept()
    assert read_head(peer).startswith("GET /vms/1/nics HTTP/1.1\r\n")  # nobody waits
    peer.sendall(ok("<nics/>", "Content-Type: application/xml\r\n"))
    assert future.wait() == []
    assert future.wait() == []  # as often as one likes
    connection.close(logout=False)


def test_as_many_requests_share_a_connection_as_pipeline_says(scripted, echo):
    connection = headrace.ovirt.Connection(url=scripted.url, token="token", connections=1,
                                           pipeline=3)
    vms = connection.system_service().vms_service()
    futures = [nics(vms, 0, wait=False)]
    peer = scripted.accept()
    read_head(peer)
    answer = ok("<nics/>", "Content-Type: application/xml\r\n")
    peer.sendall(answer)
    assert futures[0].wait() == []
    futures += [nics(vms, number, wait=False) for number in range(1, 5)]
    heads = [read_head(peer) for _ in range(3)]  # all of them unanswered
    assert ["/vms/%d/" % number in head for number, head in enumerate(heads, 1)] == [True] * 3
    expect_silence(connection, peer, echo)
    peer.sendall(answer * 3)
    read_head(peer)
    peer.sendall(answer)
    assert [future.wait() for future in futures] == [[]] * 5
    connection.close(logout=False)


def test_an_error_is_raised_by_the_future_it_belongs_to(vms):
    futures = [nics(vms, number, wait=False) for number in (1, 99, 2)]
    assert names(futures[2].wait()) == ["2-1", "2-2"]
    with pytest.raises(ovirtsdk4.NotFoundError, match="Not found: /vms/99/nics") as raised:
        futures[1].wait()
    assert raised.value.code == 404
    assert names(futures[0].wait()) == ["1-1", "1-2"]


def test_a_reset_costs_only_its_own_future(service, vms):
    vms.list()
    service.resets.add("/vms/3/nics")
    futures = [nics(vms, number, wait=False) for number in range(10)]
    for number in (9, 8, 7, 6, 5, 4, 2, 1, 0):
        assert names(futures[number].wait()) == [f"{number}-1", f"{number}-2"]
    with pytest.raises(ovirtsdk4.Error, match="connection_lost"):
        futures[3].wait()
    service.resets.clear()
    assert names(nics(vms, 3)) == ["3-1", "3-2"]


def test_a_post_is_sent_once_even_when_its_connection_is_lost(service, vms):
    vms.list()
    service.resets.add("/vms")
    with pytest.raises(ovirtsdk4.Error, match="connection_lost"):
        vms.add(types.Vm(name="new"))
    assert service.counts["POST /vms"] == 1


def test_only_gets_share_a_pipeline(scripted, echo):
    connection = headrace.ovirt.Connection(url=scripted.url, token="token", connections=1,
                                           pipeline=5)
    vms = connection.system_service().vms_service()
    xml = "Content-Type: application/xml\r\n"
    first = nics(vms, 0, wait=False)
    peer = scripted.accept()
    read_head(peer)
    peer.sendall(ok("<nics/>", xml))
    first.wait()
    future = nics(vms, 1, wait=False)
    vms.vm_service("2").remove(wait=False)  # the SDK gives no future of it
    assert read_head(peer).startswith("GET ")
    expect_silence(connection, peer, echo)
    peer.sendall(ok("<nics/>", xml))
    assert read_head(peer).startswith("DELETE /vms/2 ")
    peer.sendall(ok("<action/>", xml))
    assert future.wait() == []
    connection.close(logout=False)


def test_a_builder_makes_these_connections(sample):
    builder = headrace.ovirt.ConnectionBuilder(url=sample.url, username=USER, password=PASSWORD)
    with builder.build() as connection:
        assert isinstance(connection, headrace.ovirt.Connection)
        assert connection.test()


@pytest.mark.parametrize("compress", [True, False])
def test_bodies_come_compressed_when_they_may(scripted, compress):
    connection = headrace.ovirt.Connection(url=scripted.url, token="t", compress=compress)
    future = connection.system_service().get(wait=False)
    peer = scripted.accept()
    assert ("accept-encoding: gzip" in read_head(peer).lower()) is compress
    peer.sendall(ok("<api/>", "Content-Type: application/xml\r\nContent-Encoding: gzip\r\n"))
    with pytest.raises(ovirtsdk4.Error, match="no gzip"):
        future.wait()
    connection.close(logout=False)


@pytest.mark.parametrize("coding, body, message", [
    ("gzip", gzip.compress(b"<api/>")[:-1], "ends before its gzip does"),
    ("gzip", gzip.compress(b"<api>" + b" " * 100 + b"</api>"), "larger than 100 bytes"),
    ("br", b"<api/>", "nobody asked for"),
    ("gzip\r\nContent-Encoding: gzip", gzip.compress(gzip.compress(b"<api/>")), "'gzip, gzip'"),
])
def test_a_body_that_cannot_be_decoded_says_why(scripted, monkeypatch, coding, body, message):
    monkeypatch.setattr("headrace._gzip._BYTES_MAX", 100)
    connection = headrace.ovirt.Connection(url=scripted.url, token="t")
    future = connection.system_service().get(wait=False)
    peer = scripted.accept()
    read_head(peer)
    peer.sendall(ok(body, f"Content-Type: application/xml\r\nContent-Encoding: {coding}\r\n"))
    with pytest.raises(ovirtsdk4.Error, match=message):
        future.wait()
    connection.close(logout=False)


def test_headers_are_the_sdks_and_the_callers(scripted):
    connection = headrace.ovirt.Connection(url=scripted.url, token="t",
                                           headers={"filter": "true", "X-All": 1})
    future = connection.system_service().get(wait=False, headers={"X-One": "own", "x-all": None})
    peer = scripted.accept()
    sent = read_head(peer).split("\r\n")
    assert {"Version: 4", "Content-Type: application/xml", "Accept: application/xml",
            "Authorization: Bearer t", "filter: true", "X-All: 1", "X-One: own",
            f"User-Agent: PythonSDK/{ovirtsdk4.get_version()}"} < set(sent)
    peer.sendall(ok("<api/>", "Content-Type: application/xml\r\n"))
    future.wait()
    with pytest.raises(ovirtsdk4.Error, match="ASCII"):
        connection.system_service().get(headers={"X-One": "\u017e"})
    connection.close(logout=False)


def test_a_timeout_is_the_sdks(scripted):
    connection = headrace.ovirt.Connection(url=scripted.url, token="t", timeout=1)
    with pytest.raises(ovirtsdk4.TimeoutError):
        connection.system_service().get()
    connection.close(logout=False)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "127.0.0.1:1", "300.300.300.300"])
def test_an_unreachable_server_is_a_connection_error(host):
    connection = headrace.ovirt.Connection(url=f"http://{host}/ovirt-engine/api", username=USER,
                                           password=PASSWORD)
    with pytest.raises(ovirtsdk4.ConnectionError):
        connection.test(raise_exception=True)
    connection.close()


def test_certificates_are_verified(certificates):  # noqa: F811
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    with Sample(Service(), tls=tls) as sample:
        with connect(sample, ca_file=str(certificates / "ca.pem")) as connection:
            assert connection.test(raise_exception=True)
        with connect(sample, insecure=True) as connection:
            assert connection.test(raise_exception=True)
        with connect(sample) as connection:
            with pytest.raises(ovirtsdk4.Error, match="tls_failed"):
                connection.test(raise_exception=True)


def test_the_log_has_requests_and_answers_and_no_credentials(sample, caplog):
    caplog.set_level(logging.DEBUG)
    with connect(sample, debug=True, log=logging.getLogger("ovirt")) as connection:
        assert connection.test()
    assert f"< GET {sample.url}" in caplog.text
    assert "> HTTP/1.1 200 OK" in caplog.text
    assert "<name>sample</name>" in caplog.text
    assert PASSWORD not in caplog.text
    assert "token-1" not in caplog.text


def test_a_proxy_in_the_environment_is_refused_with_a_way_out(sample, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://user:secret@proxy.invalid:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(ovirtsdk4.Error, match="no_proxy") as raised:
        connect(sample)
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with connect(sample) as connection:
        assert connection.test()


def test_the_example_prints_both_times():
    printed = subprocess.run(
        [sys.executable, str(EXAMPLES / "ovirt_inventory.py"), "--machines=20", "--delay-ms=5"],
        check=True, capture_output=True, text=True, timeout=120).stdout
    assert re.search(r"sequential, ovirtsdk4 +\d+\.\d+ s", printed)
    assert re.search(r"headrace\.ovirt, 5 connections x 5 +\d+\.\d+ s", printed)
    assert re.search(r"3 round trips, the ideal +0\.015 s, of which headrace took \d+\.\d\d\n",
                     printed)
    assert "20 machines, 42 calls, the same inventory" in printed
