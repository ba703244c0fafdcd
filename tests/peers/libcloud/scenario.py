"""What is asked of Libcloud's drivers for EC2 and S3: each part takes a recorder and a driver."""

import io
import pathlib
import tempfile
import zlib

import headrace
from libcloud.compute.base import NodeImage

CONTAINER = "container"
LARGE = bytes(range(256)) * 4 * 12288  # 12 MiB: sent in parts of 5 MiB, as it comes


def ec2(record, driver):
    record("list_locations", driver.list_locations)
    record("ex_list_availability_zones", driver.ex_list_availability_zones)
    images = record("list_images", driver.list_images)
    record("list_images, of an owner", driver.list_images, ex_owner="amazon")
    record("get_image", driver.get_image, driver.list_images()[0].id)
    record("get_image, missing", driver.get_image, "ami-0")
    sizes = driver.list_sizes()
    record("list_sizes", driver.list_sizes)
    network = record("ex_create_network", driver.ex_create_network, "10.0.0.0/16")
    subnet = record("ex_create_subnet", driver.ex_create_subnet, network.id, "10.0.0.0/24",
                    "us-east-1a")
    group = record("ex_create_security_group", driver.ex_create_security_group, "web", "of tests",
                   vpc_id=network.id)["group_id"]
    record("ex_authorize_security_group_ingress", driver.ex_authorize_security_group_ingress,
           group, 443, 443, cidr_ips=["0.0.0.0/0"])
    record("create_key_pair, and its name", lambda: driver.create_key_pair("key").name)
    record("list_key_pairs", lambda: [pair.name for pair in driver.list_key_pairs()])
    record("get_key_pair, missing", driver.get_key_pair, "none")
    size = next(size for size in sizes if size.id == "t2.micro")
    image = NodeImage(images[0].id, None, driver)
    nodes = [record("create_node", driver.create_node, name=f"n\u00f6de {number}", image=image,
                    size=size, ex_subnet=subnet, ex_security_group_ids=[group])
             for number in range(3)]
    record("create_node, of no image", driver.create_node, name="none", size=size,
           image=NodeImage("ami-0", None, driver))
    record("list_nodes", driver.list_nodes)
    record("list_nodes, by identifier", driver.list_nodes, ex_node_ids=[nodes[0].id])
    record("list_nodes, filtered", driver.list_nodes, ex_filters={"tag:Name": "n\u00f6de 1"})
    record("list_nodes, missing", driver.list_nodes, ex_node_ids=["i-0"])
    record("list_nodes, many at once", lambda: headrace.gather(
        [lambda node=node: driver.list_nodes(ex_node_ids=[node.id]) for node in nodes] * 5))
    record("ex_create_tags", driver.ex_create_tags, nodes[0], {"a": "\u00fc & <b>"})
    record("ex_describe_tags", driver.ex_describe_tags, nodes[0])
    record("ex_delete_tags", driver.ex_delete_tags, nodes[0], {"a": "\u00fc & <b>"})
    for name in ("reboot_node", "stop_node", "start_node"):
        record(name, getattr(driver, name), nodes[0])
    volume = record("create_volume", driver.create_volume, 10, "v\u00f6lume",
                    location=driver.list_locations()[0])
    attached = record("create_volume", driver.create_volume, 20, "other",
                      location=driver.list_locations()[0])
    record("attach_volume", driver.attach_volume, nodes[0], attached, "/dev/sdh")
    record("list_volumes", driver.list_volumes)
    record("list_volumes, of a node", driver.list_volumes, node=nodes[0])
    record("destroy_volume, attached", driver.destroy_volume, attached)
    snapshot = record("create_volume_snapshot", driver.create_volume_snapshot, volume, name="s")
    record("list_volume_snapshots", driver.list_volume_snapshots, volume)
    record("destroy_volume_snapshot", driver.destroy_volume_snapshot, snapshot)
    record("destroy_volume", driver.destroy_volume, volume)
    record("destroy_volume, again", driver.destroy_volume, volume)
    for name in ("ex_list_networks", "ex_list_subnets", "ex_list_security_groups",
                 "ex_list_network_interfaces", "ex_list_internet_gateways", "ex_list_route_tables",
                 "ex_describe_all_addresses"):
        record(name, getattr(driver, name))
    address = record("ex_allocate_address", driver.ex_allocate_address)
    record("ex_associate_address_with_node", driver.ex_associate_address_with_node,
           nodes[1], address)
    record("ex_release_address", driver.ex_release_address, address)
    for node in nodes:
        record("destroy_node", driver.destroy_node, node)
    record("list_nodes, destroyed", driver.list_nodes)
    record("delete_key_pair", lambda: driver.delete_key_pair(driver.get_key_pair("key")))


def s3(record, driver):
    container = record("create_container", driver.create_container, CONTAINER)
    record("create_container, of a wrong name", driver.create_container, "A_B")
    record("list_containers", driver.list_containers)
    record("get_container", driver.get_container, CONTAINER)
    record("get_container, missing", driver.get_container, "none")
    with tempfile.TemporaryDirectory() as folder:
        up, down = pathlib.Path(folder, "up"), pathlib.Path(folder, "down")
        for number in range(10):
            up.write_bytes(b"body %d" % number * number)
            record("upload_object", driver.upload_object, str(up), container,
                   f"a b/\u00fc+{number}", extra={"meta_data": {"number": str(number)}})
        large = record("upload_object_via_stream", driver.upload_object_via_stream,
                       (LARGE[at:at + 100_000] for at in range(0, len(LARGE), 100_000)),
                       container, "large", extra={"content_type": "application/octet-stream"})
        record("upload_object_via_stream, of a file", driver.upload_object_via_stream,
               io.BytesIO(b"file" * 1000), container, "file",
               extra={"content_type": "text/plain"})
        record("list_container_objects", driver.list_container_objects, container)
        record("list_container_objects, by prefix", driver.list_container_objects, container,
               prefix="a b/")
        for number in range(10):
            key = f"a b/\u00fc+{number}"
            thing = record("get_object", driver.get_object, CONTAINER, key)
            record("download_object_as_stream",
                   lambda: b"".join(driver.download_object_as_stream(thing)))
        thing = driver.get_object(CONTAINER, "a b/\u00fc+9")
        record("get_object, missing", driver.get_object, CONTAINER, "none")
        record("download_object", lambda: (
            driver.download_object(thing, str(down)), down.read_bytes()))
        record("download_object, over a file", driver.download_object, thing, str(down))
        record("download_object_range", lambda: (
            driver.download_object_range(thing, str(down), 2, 9, overwrite_existing=True),
            down.read_bytes()))
        record("download_object_range_as_stream", lambda: b"".join(
            driver.download_object_range_as_stream(thing, 3, 7)))
        record("download_object, large", lambda: (
            driver.download_object(large, str(down), overwrite_existing=True),
            zlib.crc32(down.read_bytes()) == zlib.crc32(LARGE)))
        record("download_object_as_stream, the beginning", lambda: next(
            iter(driver.download_object_as_stream(large, chunk_size=1000))))
    record("ex_iterate_multipart_uploads", lambda: list(
        driver.ex_iterate_multipart_uploads(container)))
    record("get_object_cdn_url", lambda: driver.get_object_cdn_url(thing).partition("?")[0])
    record("delete_container, not empty", driver.delete_container, container)
    for thing in driver.list_container_objects(container):
        record("delete_object", driver.delete_object, thing)
    record("delete_object, again", driver.delete_object, thing)
    record("delete_container", driver.delete_container, container)
