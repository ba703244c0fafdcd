"""https, with an authority of the test's own."""

import ssl
import subprocess
import threading

import pytest

import headrace
import servers


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """ca.pem; server.pem for 127.0.0.1; client.pem and client.key."""
    folder = tmp_path_factory.mktemp("certificates")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(folder, "req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", "/CN=ca")
    for name, extension in (("server", "subjectAltName=IP:127.0.0.1"),
                            ("client", "extendedKeyUsage=clientAuth")):
        openssl(folder, "req", "-x509", *new_key, "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout",
                f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}",
                "-addext", "basicConstraints=critical,CA:FALSE", "-addext", extension)
    return folder


@pytest.fixture
def secure(certificates):
    """A server that wants a client's certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates / "ca.pem")
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    with servers.EchoServer(("127.0.0.1", 0), servers.Echo) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def client_for(certificates, **options):
    return headrace.Client(connect_attempts=1, attempts_max=1,
                           cert=(str(certificates / "client.pem"), str(certificates / "client.key")),
                           **options)


def test_both_ends_prove_who_they_are(secure, certificates):
    with client_for(certificates, verify=str(certificates / "ca.pem")) as client:
        assert client.get(secure + "/tls").json()["path"] == "/tls"


def test_an_unknown_authority_is_refused(secure, certificates):
    with client_for(certificates) as client:
        with pytest.raises(headrace.ConnectionFailed, match="tls_failed") as raised:
            client.get(secure)
    assert raised.value.phase == "tls"


def test_verify_false_takes_any_certificate(secure, certificates):
    with client_for(certificates, verify=False) as client:
        assert client.get(secure).is_success


def test_a_server_that_wants_a_certificate_gets_none(secure, certificates):
    with headrace.Client(connect_attempts=1, attempts_max=1,
                         verify=str(certificates / "ca.pem")) as client:
        with pytest.raises(headrace.ConnectionFailed, match="tls_failed"):
            client.get(secure)


def test_a_file_that_can_not_be_read_is_named():
    with pytest.raises(headrace.ConnectionFailed, match="no-such.pem"):
        headrace.Client(verify="/no-such.pem")
