"""What a page of instances needs, as Horizon has one: servers, flavors, images, networks, ports,
addresses and projects, then the volumes of each server; by the clients of nova, glance, neutron and
keystone, unchanged, one call after the other and at once.

    python openstack_page.py [--servers 40] [--delay-ms 20]

It asks a sample cloud, which it starts in a process of its own."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

# tests/peers/openstack alone brings them:
# pyright: reportMissingImports=false
from glanceclient import Client as Glance
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session
from keystoneclient.v3.client import Client as Keystone
from neutronclient.v2_0.client import Client as Neutron
from novaclient.client import Client as Nova

import headrace
import headrace.requests
from comparison import compare
from openstack_sample import PASSWORD, USER, Cloud
from sample_server import run_example

Run = Callable[[list[Callable[[], Any]]], list[Any]]


def one_by_one(calls: list[Callable[[], Any]]) -> list[Any]:
    return [call() for call in calls]


class Page:
    """Logs in when it is made: keystoneauth holds a lock meanwhile, and the calls that `run` makes
    at once would all wait for it."""

    def __init__(self, url: str, run: Run) -> None:
        self.run = run
        session = Session(Password(auth_url=f"{url}/identity/v3", username=USER, password=PASSWORD,
                                   project_name="demo", user_domain_id="default",
                                   project_domain_id="default"))
        session.get_token()
        self.nova = Nova("2.1", session=session)
        self.glance = Glance("2", session=session)
        self.neutron = Neutron(session=session)
        self.keystone = Keystone(session=session)

    def rows(self) -> list[tuple[Any, ...]]:
        servers, flavors, images, ports, networks, addresses, projects = self.run([
            self.nova.servers.list, self.nova.flavors.list,
            lambda: list(self.glance.images.list()),
            lambda: self.neutron.list_ports()["ports"],
            lambda: self.neutron.list_networks()["networks"],
            lambda: self.neutron.list_floatingips()["floatingips"], self.keystone.projects.list])
        volumes = self.run([partial(self.nova.volumes.get_server_volumes, server.id)
                            for server in servers])
        flavor_names = {flavor.id: flavor.name for flavor in flavors}
        image_names = {image.id: image.name for image in images}
        project_names = {project.id: project.name for project in projects}
        network_names = {network["id"]: network["name"] for network in networks}
        public = {address["port_id"]: address["floating_ip_address"] for address in addresses}
        return [(server.name, flavor_names[server.flavor["id"]], image_names[server.image["id"]],
                 project_names[server.tenant_id],
                 [(network_names[port["network_id"]], public.get(port["id"])) for port in ports
                  if port["device_id"] == server.id],
                 [volume.volumeId for volume in attached])
                for server, attached in zip(servers, volumes)]


def show(url: str, options: argparse.Namespace) -> None:
    stock = Page(url, one_by_one)
    headrace.requests.install(connections_max=5, pipeline_depth=5)
    own = Page(url, headrace.gather)
    compare(stock.rows, own.rows, f"a page of {options.servers} servers")


if __name__ == "__main__":
    run_example(__file__, __doc__, lambda options: Cloud(options.servers), show, servers=40)
