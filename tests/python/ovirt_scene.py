"""What the tests of headrace.ovirt play with: the example's sample server, and connections to it.
The tests that take its fixtures import them."""

import pathlib
import sys

import pytest

import headrace.ovirt

EXAMPLES = pathlib.Path(__file__).parents[2] / "bindings/python/examples"
sys.path.insert(0, str(EXAMPLES))
from ovirt_sample import PASSWORD, USER, Sample, Service  # noqa: E402


@pytest.fixture
def service():
    return Service(machines=30)


@pytest.fixture
def sample(service):
    with Sample(service) as sample:
        yield sample


def connect(sample, **options):
    given = {"url": sample.url, "username": USER, "password": PASSWORD, "connections": 5,
             "pipeline": 5}
    return headrace.ovirt.Connection(**given | options)


@pytest.fixture
def connection(sample):
    with connect(sample) as connection:
        yield connection


@pytest.fixture
def vms(connection):
    return connection.system_service().vms_service()


def nics(vms, number, **options):
    return vms.vm_service(str(number)).nics_service().list(**options)


def names(found):
    return [nic.id for nic in found]
