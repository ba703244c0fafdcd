"""What is asked of EC2, S3, IAM, DynamoDB and STS: each part takes a recorder and makes clients."""

import io
import zlib

import headrace

BUCKET, TABLE = "bucket", "table"
LARGE = bytes(range(256)) * 4 * 10240  # 10 MiB: s3transfer sends and fetches it in parts


def ec2(record, make_client):
    client = make_client("ec2")
    vpc = record("create_vpc", client.create_vpc, CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = record("create_subnet", client.create_subnet, VpcId=vpc,
                    CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = record("create_security_group", client.create_security_group, GroupName="web",
                   Description="w\u00e9b", VpcId=vpc)["GroupId"]
    record("authorize", client.authorize_security_group_ingress, GroupId=group, IpProtocol="tcp",
           FromPort=443, ToPort=443, CidrIp="0.0.0.0/0")
    image = client.describe_images()["Images"][0]["ImageId"]
    record("describe_images", client.describe_images, ImageIds=[image])
    instances = record("run_instances", client.run_instances, ImageId=image, MinCount=3,
                       MaxCount=3, SubnetId=subnet, SecurityGroupIds=[group])["Instances"]
    ids = [instance["InstanceId"] for instance in instances]
    record("create_tags", client.create_tags, Resources=ids[:2],
           Tags=[{"Key": "name", "Value": "\u00fc & <b>"}])
    record("describe_instances", client.describe_instances)
    record("describe_instances, filtered", client.describe_instances,
           Filters=[{"Name": "tag:name", "Values": ["\u00fc & <b>"]}])
    record("describe_instances, missing", client.describe_instances, InstanceIds=["i-0"])
    record("stop_instances", client.stop_instances, InstanceIds=ids[:1])
    record("describe_instances, by pages", lambda: list(
        client.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})))
    volume = record("create_volume", client.create_volume, Size=10,
                    AvailabilityZone="us-east-1a")["VolumeId"]
    record("describe_volumes", client.describe_volumes, VolumeIds=[volume])
    record("delete_volume", client.delete_volume, VolumeId=volume)
    for name in ("describe_vpcs", "describe_subnets", "describe_security_groups",
                 "describe_regions", "describe_availability_zones", "describe_key_pairs",
                 "describe_tags", "describe_network_interfaces"):
        record(name, getattr(client, name))
    record("terminate_instances", client.terminate_instances, InstanceIds=ids)


def s3(record, make_client):
    client = make_client("s3")
    record("create_bucket", client.create_bucket, Bucket=BUCKET)
    record("list_buckets", client.list_buckets)
    for number in range(20):
        record("put_object", client.put_object, Bucket=BUCKET, Key=f"a b/\u00fc+{number}",
               Body=f"body {number}".encode(), ContentType="text/plain",
               Metadata={"number": str(number)})
    record("put_object, of a file", client.put_object, Bucket=BUCKET, Key="file",
           Body=io.BytesIO(b"file" * 1000))
    record("put_object, empty", client.put_object, Bucket=BUCKET, Key="empty")
    record("list_objects_v2", client.list_objects_v2, Bucket=BUCKET, Prefix="a b/")
    record("list_objects_v2, by pages", lambda: [page["KeyCount"] for page in client.get_paginator(
        "list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 7})])
    for number in range(20):
        key = f"a b/\u00fc+{number}"
        record("head_object", client.head_object, Bucket=BUCKET, Key=key)
        record("get_object", client.get_object, Bucket=BUCKET, Key=key)
    record("get_object, a range", client.get_object, Bucket=BUCKET, Key="file", Range="bytes=2-9")
    record("get_object, all at once", lambda: headrace.gather([
        lambda n=n: client.get_object(Bucket=BUCKET, Key=f"a b/\u00fc+{n}")["Body"].read()
        for n in range(20)]))
    record("get_object, unchanged", lambda: client.get_object(
        Bucket=BUCKET, Key="file",
        IfNoneMatch=client.head_object(Bucket=BUCKET, Key="file")["ETag"]))
    record("get_object, missing", client.get_object, Bucket=BUCKET, Key="no")
    record("head_object, missing", client.head_object, Bucket=BUCKET, Key="no")
    record("copy_object", client.copy_object, Bucket=BUCKET, Key="copy",
           CopySource={"Bucket": BUCKET, "Key": "file"})
    record("upload_fileobj", lambda: client.upload_fileobj(io.BytesIO(LARGE), BUCKET, "large"))
    record("download_fileobj", downloaded, client)
    record("put_object_tagging", client.put_object_tagging, Bucket=BUCKET, Key="file",
           Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    record("get_object_tagging", client.get_object_tagging, Bucket=BUCKET, Key="file")
    record("get_bucket_location", client.get_bucket_location, Bucket=BUCKET)
    record("delete_bucket, not empty", client.delete_bucket, Bucket=BUCKET)
    keys = [item["Key"] for item in client.list_objects_v2(Bucket=BUCKET)["Contents"]]
    record("delete_objects", lambda: sorted(item["Key"] for item in client.delete_objects(
        Bucket=BUCKET, Delete={"Objects": [{"Key": key} for key in keys]})["Deleted"]))
    record("delete_bucket", client.delete_bucket, Bucket=BUCKET)


def downloaded(client):
    received = io.BytesIO()
    client.download_fileobj(BUCKET, "large", received)
    return len(received.getvalue()), zlib.crc32(received.getvalue()) == zlib.crc32(LARGE)


def iam(record, make_client):
    client = make_client("iam")
    for name in ("anna", "bert", "cleo"):
        record("create_user", client.create_user, UserName=name, Tags=[{"Key": "k", "Value": "v"}])
    record("create_user, again", client.create_user, UserName="anna")
    record("list_users", client.list_users)
    record("get_user", client.get_user, UserName="bert")
    record("get_user, missing", client.get_user, UserName="nobody")
    record("create_group", client.create_group, GroupName="all")
    record("add_user_to_group", client.add_user_to_group, GroupName="all", UserName="anna")
    record("get_group", client.get_group, GroupName="all")
    record("create_role", client.create_role, RoleName="role", AssumeRolePolicyDocument="{}")
    record("list_roles", client.list_roles)
    record("put_role_policy", client.put_role_policy, RoleName="role", PolicyName="p",
           PolicyDocument='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", '
                          '"Action": "s3:*", "Resource": "*"}}')
    record("get_role_policy", client.get_role_policy, RoleName="role", PolicyName="p")
    record("delete_user", client.delete_user, UserName="cleo")
    record("list_users, by pages", lambda: [user["UserName"] for page in client.get_paginator(
        "list_users").paginate() for user in page["Users"]])


def dynamodb(record, make_client):
    client = make_client("dynamodb")
    record("create_table", client.create_table, TableName=TABLE, BillingMode="PAY_PER_REQUEST",
           KeySchema=[{"AttributeName": "id", "KeyType": "HASH"},
                      {"AttributeName": "at", "KeyType": "RANGE"}],
           AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"},
                                 {"AttributeName": "at", "AttributeType": "N"}])
    record("list_tables", client.list_tables)
    record("describe_table", client.describe_table, TableName=TABLE)
    for number in range(10):
        record("put_item", client.put_item, TableName=TABLE, Item={
            "id": {"S": "\u00fc"}, "at": {"N": str(number)}, "bytes": {"B": b"\x00\xff"}})
    record("batch_write_item", client.batch_write_item, RequestItems={TABLE: [
        {"PutRequest": {"Item": {"id": {"S": "b"}, "at": {"N": str(number)}}}}
        for number in range(10)]})
    key = {"id": {"S": "\u00fc"}, "at": {"N": "3"}}
    record("get_item", client.get_item, TableName=TABLE, Key=key)
    record("batch_get_item", client.batch_get_item, RequestItems={TABLE: {"Keys": [key]}})
    record("query", client.query, TableName=TABLE, KeyConditionExpression="id = :i AND #a > :n",
           ExpressionAttributeNames={"#a": "at"},
           ExpressionAttributeValues={":i": {"S": "\u00fc"}, ":n": {"N": "4"}})
    record("scan", client.scan, TableName=TABLE)
    record("scan, by pages", lambda: [page["Count"] for page in client.get_paginator(
        "scan").paginate(TableName=TABLE, PaginationConfig={"PageSize": 6})])
    record("update_item", client.update_item, TableName=TABLE, Key=key, ReturnValues="ALL_NEW",
           UpdateExpression="SET hits = :h", ExpressionAttributeValues={":h": {"N": "1"}})
    record("put_item, refused", client.put_item, TableName=TABLE, Item=key,
           ConditionExpression="attribute_not_exists(id)")
    record("transact_get_items", client.transact_get_items,
           TransactItems=[{"Get": {"TableName": TABLE, "Key": key}}])
    record("delete_item", client.delete_item, TableName=TABLE, Key=key)
    record("get_item, of no table", client.get_item, TableName="none", Key=key)
    record("delete_table", client.delete_table, TableName=TABLE)


def sts(record, make_client):
    client = make_client("sts")
    record("get_caller_identity", client.get_caller_identity)
    record("assume_role", client.assume_role, RoleArn="arn:aws:iam::123456789012:role/role",
           RoleSessionName="name")
    record("get_session_token", client.get_session_token)
    record("get_access_key_info", client.get_access_key_info, AccessKeyId="AKIA" + "A" * 16)


# s3 comes last: the threads that send its parts draw at random in whatever order they run.
PARTS = (ec2, iam, dynamodb, sts, s3)
