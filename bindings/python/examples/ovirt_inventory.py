"""The oVirt SDK's asynchronous inventory, as its documentation writes it, with the SDK's connection
one call after the other and with headrace's: only the class changes.

    python ovirt_inventory.py [--machines 100] [--delay-ms 20] [--connections 5] [--pipeline 5]
    python ovirt_inventory.py --url https://ovirt.example/ovirt-engine/api --username admin@internal
        --password-file FILE --ca-file ca.pem

Without a URL it starts a sample engine in a process of its own."""

import argparse
import contextlib
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import ovirtsdk4 as sdk

import headrace.ovirt
from comparison import timed
from ovirt_sample import PASSWORD, USER


def grouper(iterable: Any, n: int) -> Iterator[Any]:
    args = [iter(iterable)] * n
    return zip_longest(*args)


def index(values: Any) -> Any:
    return {item.id: item for item in values}


def inventory(connection: Any, block: int) -> Any:
    """All calls of a block are sent before the first is waited for."""
    system_service = connection.system_service()
    vms_service = system_service.vms_service()

    vms_future = vms_service.list(wait=False)
    disks_future = system_service.disks_service().list(wait=False)
    vms = vms_future.wait()
    vms_index = index(vms)
    disks_index = index(disks_future.wait())

    for vms_slice in grouper(vms, block):
        atts_futures = {}
        for vm in vms_slice:
            if vm is None:
                break
            vm_service = vms_service.vm_service(vm.id)
            atts_futures[vm.id] = vm_service.disk_attachments_service().list(wait=False)
        for vm_id, atts_future in atts_futures.items():
            vm = vms_index[vm_id]
            vm.disk_attachments = atts_future.wait()
            for att in vm.disk_attachments:
                att.disk = disks_index[att.disk.id]

    for vms_slice in grouper(vms, block):
        nics_futures = {}
        for vm in vms_slice:
            if vm is None:
                break
            vm_service = vms_service.vm_service(vm.id)
            nics_futures[vm.id] = vm_service.nics_service().list(wait=False)
        for vm_id, nics_future in nics_futures.items():
            vms_index[vm_id].nics = nics_future.wait()
    return vms


def sequential_inventory(connection: Any) -> Any:
    """The same calls, one after the other."""
    system_service = connection.system_service()
    vms_service = system_service.vms_service()
    vms = vms_service.list()
    disks_index = index(system_service.disks_service().list())
    for vm in vms:
        vm_service = vms_service.vm_service(vm.id)
        vm.disk_attachments = vm_service.disk_attachments_service().list()
        for att in vm.disk_attachments:
            att.disk = disks_index[att.disk.id]
        vm.nics = vm_service.nics_service().list()
    return vms


def summary(vms: Any) -> Any:
    return [(vm.id, vm.name, [att.disk.id for att in vm.disk_attachments],
             [nic.name for nic in vm.nics]) for vm in vms]


@contextlib.contextmanager
def sample_engine(machines: int, delay_ms: float) -> Iterator[str]:
    program = pathlib.Path(__file__).with_name("ovirt_sample.py")
    command = [sys.executable, str(program), f"--machines={machines}", f"--delay-ms={delay_ms}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def timed_connection(what: str, make_connection: Any, run: Any) -> tuple[float, Any]:
    """The login is not part of the time, nor is the logout."""
    connection = make_connection()
    try:
        connection.authenticate()
        return timed(what, lambda: run(connection))
    finally:
        connection.close()


def round_trips(machines: int, block: int) -> int:
    """The least that the inventory above waits for one after the other: the lists, then a block of
    calls at a time, twice."""
    return 1 + 2 * -(-machines // block)


def compare(options: argparse.Namespace, **access: Any) -> None:
    concurrency = {"connections": options.connections, "pipeline": options.pipeline}
    block = options.connections * options.pipeline
    before, vms = timed_connection("sequential, ovirtsdk4", lambda: sdk.Connection(**access),
                                   sequential_inventory)
    after, same = timed_connection(
        f"headrace.ovirt, {options.connections} connections x {options.pipeline}",
        lambda: headrace.ovirt.Connection(**access, **concurrency),
        lambda connection: inventory(connection, block))
    if summary(vms) != summary(same):
        sys.exit("The inventories differ: did somebody change a machine meanwhile?")
    if not options.url:
        trips = round_trips(len(vms), block)
        ideal = trips * options.delay_ms / 1000
        what = f"{trips} round trips, the ideal"
        print(f"{what:<36}{ideal:8.3f} s, of which headrace took {after / ideal:.2f}")
    print(f"{len(vms)} machines, {2 + 2 * len(vms)} calls, the same inventory {before / after:.1f} "
          "times as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--machines", type=int, default=100)
    parser.add_argument("--delay-ms", type=float, default=20)
    parser.add_argument("--connections", type=int, default=5)
    parser.add_argument("--pipeline", type=int, default=5)
    parser.add_argument("--url")
    parser.add_argument("--username", default=USER)
    parser.add_argument("--password-file", type=pathlib.Path)
    parser.add_argument("--ca-file")
    options = parser.parse_args()
    password = options.password_file.read_text().strip() if options.password_file else PASSWORD
    access = {"username": options.username, "password": password, "ca_file": options.ca_file}
    if options.url:
        compare(options, url=options.url, **access)
        return
    with sample_engine(options.machines, options.delay_ms) as url:
        compare(options, url=url, **access)


if __name__ == "__main__":
    main()
