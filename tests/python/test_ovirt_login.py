"""headrace.ovirt: logging in and out, and tokens that expire."""

import threading

import ovirtsdk4
import pytest
from ovirtsdk4 import types

import headrace
from ovirt_scene import connect, names, nics
from ovirt_scene import connection, sample, service, vms  # noqa: F401, fixtures


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_expired_token_costs_one_login_for_five_futures(service, vms):
    vms.list()
    assert service.logins == 1
    service.expire_tokens()
    futures = [nics(vms, number, wait=False) for number in range(5)]
    assert [names(future.wait())[0] for future in futures] == ["0-1", "1-1", "2-1", "3-1", "4-1"]
    assert service.logins == 2
    assert [service.counts[f"GET /vms/{number}/nics"] for number in range(5)] == [2] * 5


def test_what_an_expired_token_cost_leaves_again_at_once(service, vms):
    vms.list()
    service.expire_tokens()
    futures = [nics(vms, number, wait=False) for number in range(5)]
    headrace.wait([future._context.future for future in futures])
    futures[3].wait()
    headrace.wait([future._context.future for future in futures])
    assert [service.counts[f"GET /vms/{number}/nics"] for number in range(5)] == [2] * 5
    assert names(futures[0].wait()) == ["0-1", "0-2"]


def test_an_expired_token_costs_one_login_for_five_threads(service, vms):
    vms.list()
    service.expire_tokens()
    found = {}

    def fetch(number):
        found[number] = names(nics(vms, number))

    in_threads(5, fetch)
    assert found == {number: [f"{number}-1", f"{number}-2"] for number in range(5)}
    assert service.logins == 2


def test_an_expired_token_costs_one_login_for_five_greenlets(service, vms):
    vms.list()
    service.expire_tokens()
    found = headrace.gather([lambda n=n: names(nics(vms, n)) for n in range(5)])
    assert found == [[f"{number}-1", f"{number}-2"] for number in range(5)]
    assert service.logins == 2


def test_a_first_login_is_one_for_many_greenlets_of_two_threads(service, connection):
    in_threads(2, lambda number: headrace.gather([connection.authenticate] * 4))
    assert service.logins == 1


def test_a_first_login_is_one_for_many_threads(service, connection):
    in_threads(8, lambda number: connection.authenticate())
    assert service.logins == 1


def test_a_login_that_fails_is_tried_once_for_all_it_was_for(service, vms):
    vms.list()
    service.expire_tokens()
    service.refusing_logins = True
    futures = [nics(vms, number, wait=False) for number in range(5)]
    for future in futures:
        with pytest.raises(ovirtsdk4.AuthError, match="access_denied"):
            future.wait()
    assert service.counts["POST /sso/oauth/token"] == 2
    service.refusing_logins = False
    assert names(nics(vms, 1)) == ["1-1", "1-2"]  # later calls try again


def test_a_token_that_is_never_accepted_ends_in_one_repetition(service, sample):
    service.oldest_token = 1000
    with connect(sample) as connection:
        future = nics(connection.system_service().vms_service(), 1, wait=False)
        with pytest.raises(ovirtsdk4.Error):
            future.wait()
    assert service.counts["GET /vms/1/nics"] == 2
    assert service.logins == 2


def test_a_token_without_a_name_to_renew_it_says_what_to_do(sample):
    with connect(sample, username=None, password=None, token="stale") as connection:
        with pytest.raises(ovirtsdk4.AuthError, match="pass a new one"):
            connection.system_service().get()


def test_a_post_that_found_the_token_expired_is_sent_again(service, vms):
    vms.list()
    service.expire_tokens()
    assert vms.add(types.Vm(name="new")).id == "new"
    assert service.counts["POST /vms"] == 2
    assert service.logins == 2


def test_test_links_and_logout(service, sample):
    connection = connect(sample)
    assert connection.test() is True
    vm = connection.system_service().vms_service().vm_service("4").get()
    assert connection.is_link(vm.nics)
    assert names(connection.follow_link(vm.nics)) == ["4-1", "4-2"]
    connection.close()
    connection.close()
    assert service.counts["POST /services/sso-logout"] == 1
    kept = connect(sample)
    assert kept.authenticate() == "token-2"
    kept.close(logout=False)
    assert service.counts["POST /services/sso-logout"] == 1
    with pytest.raises(ovirtsdk4.Error, match="closed"):
        kept.test(raise_exception=True)


def test_wrong_credentials(sample):
    with connect(sample, password="wrong") as connection:
        assert connection.test() is False
        with pytest.raises(ovirtsdk4.AuthError, match="access_denied"):
            connection.test(raise_exception=True)
