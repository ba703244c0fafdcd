"""boto3 and botocore on this engine, unchanged.

    session = boto3.Session()
    headrace.botocore.register(session, connections_max=5)
    ec2 = session.client("ec2")

Operations that only read (Describe..., List..., Get..., DynamoDB's Query and Scan) share pipelines
and may be sent again when a connection is lost, though most of them are POSTs; of the others
botocore alone decides whether to repeat them. Proxies, request bodies beyond 8 MiB and responses
that botocore streams (S3's GetObject without a Range) go over botocore's own connections.
"""

from __future__ import annotations

import os
from typing import Any, Union

from botocore.httpsession import get_cert_path

from headrace._botocore import Sender
from headrace._clients import Clients

__all__ = ["register", "unregister"]

_EVENT = "before-send"
_ID = "headrace"


def register(session: Any, *, verify: Union[bool, str, None] = None, read_streams: bool = False,
             **options: Any) -> None:
    """Puts the clients that this session makes from now on onto the engine, a session of boto3's or
    botocore's. They share connections, but for other time limits or certificates.

    `verify` is what would be given to `session.client`, which handlers are not told: it is of all
    clients of the session. `read_streams`: what botocore would stream is read whole instead, up to
    the engine's limit. `options` are the engine's."""
    botocore_session = getattr(session, "_session", session)
    if verify is None:
        verify = (botocore_session.get_config_variable("ca_bundle") or
                  os.environ.get("REQUESTS_CA_BUNDLE") or True)
    authorities: Union[str, bool, None] = get_cert_path(verify)
    emitter = botocore_session.get_component("event_emitter")
    emitter.unregister(_EVENT, unique_id=_ID)
    emitter.register(_EVENT, Sender(Clients(options), authorities or False, read_streams),
                     unique_id=_ID)


def unregister(session: Any) -> None:
    """Clients that the session makes from now on are botocore's own again."""
    emitter = getattr(session, "_session", session).get_component("event_emitter")
    emitter.unregister(_EVENT, unique_id=_ID)
