"""headrace.botocore: boto3's clients on the engine, against servers that answer as AWS does."""

import functools
import io
import threading

import boto3
import botocore.exceptions
import botocore.loaders
import botocore.session
import pytest
from botocore.config import Config

import headrace
import headrace._botocore
import headrace.botocore
import servers
from servers import ok, read_request

IDENTITY = ok("<GetCallerIdentityResponse><GetCallerIdentityResult><Account>12</Account>"
              "</GetCallerIdentityResult></GetCallerIdentityResponse>")
serve = functools.partial(servers.serve, read=read_request)
NO_RETRY = Config(retries={"total_max_attempts": 1}, read_timeout=30)


@pytest.fixture
def responses(monkeypatch):
    """The responses that came by the engine."""
    came = []
    answer = headrace._botocore.answer
    monkeypatch.setattr(headrace._botocore, "answer",
                        lambda response, *rest: came.append(response) or answer(response, *rest))
    return came


MODELS = botocore.loaders.create_loader()  # read once for all sessions


def session_of(**options):
    core = botocore.session.get_session()
    core.register_component("data_loader", MODELS)
    session = boto3.Session("key", "not-a-secret", region_name="us-east-1", botocore_session=core)
    headrace.botocore.register(session, verify=False, **options)
    return session


def client_of(name, url, config=NO_RETRY, **options):
    return session_of(connections_max=1, **options).client(name, endpoint_url=url, config=config)


def test_a_call_comes_by_the_engine(scripted, responses):
    asked, thread = serve(scripted, IDENTITY)
    assert client_of("sts", scripted.url).get_caller_identity()["Account"] == "12"
    thread.join()
    head, body = asked[0]
    assert head.startswith("POST / ") and "Authorization: AWS4-HMAC-SHA256" in head
    assert b"Action=GetCallerIdentity" in body
    assert len(responses) == 1


def test_reads_share_a_pipeline(scripted):
    """The server answers neither of two POSTs before it has read both from its one connection."""
    def talk():
        with scripted.accept() as peer:
            read_request(peer)
            peer.sendall(IDENTITY)
            read_request(peer)
            read_request(peer)
            peer.sendall(IDENTITY * 2)

    server = threading.Thread(target=talk)
    server.start()
    client = client_of("sts", scripted.url)
    client.get_caller_identity()
    answers = headrace.gather([client.get_caller_identity] * 2)
    server.join()
    assert [answer["Account"] for answer in answers] == ["12", "12"]


@pytest.mark.parametrize("method, operation, repeat", [
    ("POST", "DescribeInstances", "allowed"), ("POST", "ListUsers", "allowed"),
    ("POST", "BatchGetItem", "allowed"), ("POST", "Query", "allowed"),
    ("POST", "RunInstances", "forbidden"), ("POST", "QueryAndDelete", "forbidden"),
    ("PUT", "PutObject", "forbidden"), ("DELETE", "GetAway", "forbidden"),
    ("GET", "ReceiveMessage", "by_method"), ("POST", "Scan", "allowed"),
    ("POST", "ResetScan", "forbidden")])
def test_what_may_be_repeated(method, operation, repeat):
    assert headrace._botocore.repeat_of(method, operation) == repeat


def test_a_write_is_sent_once_and_a_read_again(scripted):
    heard = []

    def talk():
        for answer in (b"", b"", IDENTITY):
            with scripted.accept() as peer:
                heard.append(read_request(peer)[1])
                peer.sendall(answer)

    server = threading.Thread(target=talk)
    server.start()
    client = client_of("sts", scripted.url)
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        client.assume_role(RoleArn="arn:aws:iam::12:role/some", RoleSessionName="name")
    assert client.get_caller_identity()["Account"] == "12"
    server.join()
    assert [b"AssumeRole" in body for body in heard] == [True, False, False]


def test_objects(scripted, responses):
    asked, thread = serve(scripted, ok("", 'ETag: "a"\r\n'), ok("part"), ok("whole"), ok(""))
    client = client_of("s3", scripted.url, read_streams=True, config=Config(
        retries={"total_max_attempts": 1}, s3={"addressing_style": "path"},
        request_checksum_calculation="when_required"))
    client.put_object(Bucket="bucket", Key="a b/c", Body=io.BytesIO(b"body"))
    assert client.get_object(Bucket="bucket", Key="k", Range="bytes=0-3")["Body"].read() == b"part"
    body = client.get_object(Bucket="bucket", Key="k")["Body"]
    assert [body.read(2), body.read()] == [b"wh", b"ole"]
    client.delete_object(Bucket="bucket", Key="k")
    thread.join()
    assert [head.split()[0] for head, _ in asked] == ["PUT", "GET", "GET", "DELETE"]
    assert asked[0][0].startswith("PUT /bucket/a%20b/c ") and asked[0][1] == b"body"
    assert len(responses) == 4


def test_what_is_streamed_is_left_to_botocore(scripted, responses):
    _, thread = serve(scripted, ok("whole"))
    client = client_of("s3", scripted.url, config=Config(s3={"addressing_style": "path"}))
    assert client.get_object(Bucket="bucket", Key="k")["Body"].read() == b"whole"
    thread.join()
    assert responses == []


@pytest.mark.parametrize("of_the_environment", [True, False])
def test_a_proxy_is_left_to_botocore(scripted, responses, monkeypatch, of_the_environment):
    asked, thread = serve(scripted, IDENTITY)
    if of_the_environment:
        monkeypatch.setenv("http_proxy", scripted.url)
        client = client_of("sts", "http://sts.example")
    else:
        client = client_of("sts", "http://sts.example",
                           config=Config(proxies={"http": scripted.url}))
    assert client.get_caller_identity()["Account"] == "12"
    thread.join()
    assert asked[0][0].startswith("POST http://sts.example/ ") and responses == []


def test_failures_are_botocores(scripted):
    client = client_of("sts", scripted.url, Config(
        retries={"total_max_attempts": 1}, read_timeout=0.05))
    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        client.get_caller_identity()
    secure = client_of("sts", scripted.url.replace("http:", "https:"), Config(
        retries={"total_max_attempts": 1}, connect_timeout=0.05))
    with pytest.raises(botocore.exceptions.ConnectTimeoutError):
        secure.get_caller_identity()
    scripted.close()
    with pytest.raises(botocore.exceptions.EndpointConnectionError) as raised:
        client.get_caller_identity()
    assert raised.value.__cause__.code == "connect_failed"


def test_an_answer_of_an_error_is_botocores(scripted):
    refusal = ok("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
                 "<Message>no</Message></Error></ErrorResponse>")
    _, thread = serve(scripted, refusal.replace(b"200 OK", b"403 Forbidden"))
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        client_of("sts", scripted.url).get_caller_identity()
    thread.join()


def test_unregistered_clients_are_botocores_own(scripted, responses):
    session = session_of()
    headrace.botocore.register(session, verify=False)  # once more changes its settings
    headrace.botocore.unregister(session)
    _, thread = serve(scripted, IDENTITY)
    session.client("sts", endpoint_url=scripted.url).get_caller_identity()
    thread.join()
    assert responses == []
