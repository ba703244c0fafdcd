"""As much of keystone, nova, glance and neutron as openstack_page.py asks for."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from sample_server import Answer, Request

USER, PASSWORD = "demo", "not-a-secret"
SERVICES = {"identity": "/identity/v3", "compute": "/compute/v2.1", "image": "/image",
            "network": "/network"}


class Cloud:
    def __init__(self, servers: int) -> None:
        self.servers = servers

    def __call__(self, request: Request) -> Answer:
        path = urlsplit(request.target).path.rstrip("/")
        if path == "/identity/v3/auth/tokens":
            return self.log_in(request)
        version = self.version(path, request.url)
        if version is not None:
            return Answer(200, version)
        if request.fields.get("x-auth-token") != "token":
            return Answer(401, {"error": {"message": "log in", "code": 401}})
        attached = re.fullmatch(r"/compute/v2.1/servers/(.*)/os-volume_attachments", path)
        if attached:
            server = attached[1]
            return Answer(200, {"volumeAttachments": [
                {"id": f"volume-{server}", "volumeId": f"volume-{server}", "serverId": server,
                 "device": "/dev/vda"}]})
        kind = path.removesuffix("/detail").rpartition("/")[2]
        members = self.members(kind)
        if members is None:
            return Answer(404, {"error": {"message": f"no {path} here", "code": 404}})
        return Answer(200, {kind: members})

    def log_in(self, request: Request) -> Answer:
        given = json.loads(request.body)["auth"]["identity"]["password"]["user"]
        if (given["name"], given["password"]) != (USER, PASSWORD):
            return Answer(401, {"error": {"message": "no", "code": 401}})
        catalog = [{"type": kind, "name": kind, "id": kind, "endpoints": [
            {"id": kind, "interface": interface, "region": "one", "region_id": "one",
             "url": request.url + path} for interface in ("public", "internal", "admin")]}
            for kind, path in SERVICES.items()]
        domain = {"id": "default", "name": "Default"}
        return Answer(201, {"token": {
            "methods": ["password"], "issued_at": "2026-11-01T00:00:00.000000Z",
            "expires_at": "2126-11-01T00:00:00.000000Z", "catalog": catalog,
            "roles": [{"id": "member", "name": "member"}],
            "project": {"id": "project-0", "name": "demo", "domain": domain},
            "user": {"id": "user", "name": USER, "domain": domain}}},
            {"X-Subject-Token": "token"})

    def version(self, path: str, url: str) -> Any:
        """What the clients look for before they ask anything else."""
        def of(id: str, **more: str) -> dict[str, Any]:
            return {"id": id, "status": "CURRENT", **more,
                    "links": [{"rel": "self", "href": f"{url}{path}/"}]}

        if path == "/identity/v3":
            return {"version": of("v3.14")}
        if path == "/compute/v2.1":
            return {"version": of("v2.1", version="2.90", min_version="2.1")}
        if path == "/image":
            links = [{"rel": "self", "href": f"{url}/image/v2/"}]
            return {"versions": [{"id": "v2.9", "status": "CURRENT", "links": links}]}
        if path == "/network":
            links = [{"rel": "self", "href": f"{url}/network/v2.0/"}]
            return {"versions": [{"id": "v2.0", "status": "CURRENT", "links": links}]}
        if path == "/image/v2/schemas/image":
            return {"name": "image", "properties": {}}
        return None

    def members(self, kind: str) -> Any:
        numbers = range(self.servers)
        return {
            "servers": [{"id": f"server-{n}", "name": f"name-{n}", "status": "ACTIVE",
                         "tenant_id": f"project-{n % 3}", "flavor": {"id": f"flavor-{n % 4}"},
                         "image": {"id": f"image-{n % 5}"}, "links": []} for n in numbers],
            "flavors": [{"id": f"flavor-{n}", "name": f"m1.{n}", "links": []} for n in range(4)],
            "images": [{"id": f"image-{n}", "name": f"debian {n}", "status": "active"}
                       for n in range(5)],
            "projects": [{"id": f"project-{n}", "name": f"team {n}", "links": {}}
                         for n in range(3)],
            "networks": [{"id": "network", "name": "inside"}],
            "ports": [{"id": f"port-{n}", "device_id": f"server-{n}", "network_id": "network"}
                      for n in numbers],
            "floatingips": [{"id": f"address-{n}", "port_id": f"port-{n}",
                             "floating_ip_address": f"192.0.2.{n}"} for n in numbers if n % 2],
        }.get(kind)
