import os

import pytest

import headrace
import servers


for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]  # the servers here are next door


@pytest.fixture(scope="session")
def echo():
    with servers.echo_server() as url:
        yield url


@pytest.fixture
def client(echo):
    with headrace.Client(base_url=echo, connections_max=4) as client:
        yield client


@pytest.fixture
def scripted():
    server = servers.Scripted()
    yield server
    server.close()


@pytest.fixture
def endless(scripted):
    """Answers with chunks until its client is gone."""
    return servers.Endless(scripted)
