"""The machines of several accounts at three providers, by Libcloud's drivers, one after the other
and at once. Nothing of Libcloud is changed.

    python libcloud_nodes.py [--accounts 10] [--machines 30] [--delay-ms 20]

The providers are one sample server, which it starts in a process of its own."""

import argparse
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from libcloud.compute.providers import get_driver
from libcloud.compute.types import Provider

import headrace
import headrace.requests
from comparison import compare
from sample_server import Answer, Request, run_example

PAGE = 10  # machines
CREATED = "2026-11-01T12:00:00"


def drivers(url: str, accounts: int) -> list[Any]:
    made: list[Any] = []
    for account in range(accounts):
        key = f"account-{account}"
        made += [get_driver(Provider.DIGITAL_OCEAN)(key, api_version="v2"),
                 get_driver(Provider.LINODE)(key, api_version="4.0"),
                 get_driver(Provider.VULTR)(key, api_version="2")]
    for driver in made:
        driver.connection.host = urlsplit(url).hostname
        driver.connection.port = urlsplit(url).port
        driver.connection.secure = False
        driver.connection.connect()
    return made


def machines_of(driver: Any) -> list[tuple[str, str, list[str]]]:
    return [(node.id, node.name, node.public_ips) for node in driver.list_nodes()]


class Providers:
    """What the drivers ask for, page by page."""

    def __init__(self, machines: int) -> None:
        self.machines = machines

    def __call__(self, request: Request) -> Answer:
        target = urlsplit(request.target)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        account = request.fields["authorization"].rpartition("-")[2]
        page = int(query.get("page", query.get("cursor", 1)) or 1)
        numbers = range((page - 1) * PAGE, min(page * PAGE, self.machines))
        pages = -(-self.machines // PAGE)
        if target.path == "/v2/droplets":
            following = {"next": f"{request.url}/v2/droplets?page={page + 1}",
                         "last": f"{request.url}/v2/droplets?page={pages}"}
            return Answer(200, {"droplets": [self.droplet(account, n) for n in numbers],
                                "links": {"pages": following if page < pages else {}}})
        if target.path == "/v4/linode/instances":
            return Answer(200, {"data": [self.linode(account, n) for n in numbers],
                                "page": page, "pages": pages})
        if target.path == "/v2/instances":
            cursor = str(page + 1) if page < pages else ""
            return Answer(200, {"instances": [self.vultr(account, n) for n in numbers],
                                "meta": {"links": {"next": cursor, "prev": ""}}})
        if target.path == "/v2/bare-metals":
            return Answer(200, {"bare_metals": [], "meta": {"links": {"next": "", "prev": ""}}})
        return Answer(404, {"message": f"no {target.path} here"})

    def droplet(self, account: str, number: int) -> dict[str, Any]:
        address = {"type": "public", "ip_address": f"192.0.{account}.{number}"}
        return {"id": number, "name": f"droplet-{account}-{number}", "status": "active",
                "created_at": CREATED + "Z", "networks": {"v4": [address]}, "size_slug": "s-1"}

    def linode(self, account: str, number: int) -> dict[str, Any]:
        return {"id": number, "label": f"linode-{account}-{number}", "status": "running",
                "ipv4": [f"198.51.{account}.{number}"], "created": CREATED, "type": "g6-nano",
                "image": "debian12", "tags": [], "region": "eu", "ipv6": "", "hypervisor": "kvm",
                "specs": {}, "alerts": {}, "backups": {}, "watchdog_enabled": True}

    def vultr(self, account: str, number: int) -> dict[str, Any]:
        texts = dict.fromkeys(("region", "os", "netmask_v4", "gateway_v4", "v6_network", "tag",
                               "v6_main_ip", "internal_ip", "image_id", "firewall_group_id"), "")
        numbers = dict.fromkeys(("ram", "disk", "vcpu_count", "v6_network_size", "app_id", "os_id",
                                 "allowed_bandwidth"), 1)
        return {**texts, **numbers, "id": f"{number}", "label": f"vultr-{account}-{number}",
                "main_ip": f"203.0.{account}.{number}", "plan": "vc2-1c-1gb", "features": [],
                "status": "active", "power_status": "running", "server_status": "ok",
                "date_created": CREATED + "+00:00"}


def show(url: str, options: argparse.Namespace) -> None:
    stock = drivers(url, options.accounts)
    headrace.requests.install(connections_max=5, pipeline_depth=5)
    own = drivers(url, options.accounts)
    compare(lambda: [machines_of(driver) for driver in stock],
            lambda: headrace.gather([partial(machines_of, driver) for driver in own]),
            f"{3 * options.accounts} accounts of {options.machines} machines")


if __name__ == "__main__":
    run_example(__file__, __doc__, lambda options: Providers(options.machines), show,
                accounts=10, machines=30)
