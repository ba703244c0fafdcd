#!/usr/bin/env python3
"""200 calls that AWS has as POSTs, one after the other by stock boto3 and through headrace's gather
over five connections of depth five, against a server that answers after 20 ms."""

import itertools
import sys
import time

import headrace
import headrace.botocore
import servers

CALLS, ROUNDS, TIMES_AT_LEAST = 200, 5, 10


def calls_of(session, url):
    ec2, iam, dynamodb = (session.client(name, endpoint_url=url)
                          for name in ("ec2", "iam", "dynamodb"))
    return list(itertools.islice(itertools.cycle(
        [ec2.describe_instances, iam.list_users, dynamodb.list_tables]), CALLS))


def fill(url):
    session = servers.session()
    image = session.client("ec2", endpoint_url=url).describe_images()["Images"][0]["ImageId"]
    session.client("ec2", endpoint_url=url).run_instances(ImageId=image, MinCount=1, MaxCount=1)
    for name in ("anna", "bert", "cleo"):
        session.client("iam", endpoint_url=url).create_user(UserName=name)


def timed(run):
    start = time.perf_counter()
    answers = run()
    return time.perf_counter() - start, [
        {key: value for key, value in answer.items() if key != "ResponseMetadata"}
        for answer in answers]


def main():
    with servers.moto() as moto, servers.delayed(moto, 20) as url:
        fill(moto)
        on_headrace = servers.session()
        headrace.botocore.register(on_headrace, connections_max=5, pipeline_depth=5)
        stock, own = calls_of(servers.session(), url), calls_of(on_headrace, url)
        for call in [*stock[:3], *own[:3]]:  # connections, and the answers of the server's
            call()
        times = {"stock": [], "headrace": []}
        for _ in range(ROUNDS):
            seconds, expected = timed(lambda: [call() for call in stock])
            times["stock"].append(seconds)
            seconds, answers = timed(lambda: headrace.gather(own))
            times["headrace"].append(seconds)
            if answers != expected or not expected[0]["Reservations"][0]["Instances"]:
                sys.exit("the inventories differ")
    before, after = min(times["stock"]), min(times["headrace"])
    print(f"{CALLS} calls by POST at 20 ms: stock {before:.3f} s, headrace 5 x 5 {after:.3f} s, "
          f"{before / after:.1f} times as fast (the best of {ROUNDS} each)")
    if before < TIMES_AT_LEAST * after:
        sys.exit(f"less than {TIMES_AT_LEAST} times as fast")


if __name__ == "__main__":
    main()
