"""httpx for servers of tests on this machine: each client of its own reads no certificates anew.

Reading them takes a twentieth of a second of the processor, and who waits for a server asks it five times
a second.
"""

from __future__ import annotations

import ssl
from functools import partial

import httpx

CERTIFICATES = ssl.create_default_context()

get = partial(httpx.get, verify=CERTIFICATES)
post = partial(httpx.post, verify=CERTIFICATES)
options = partial(httpx.options, verify=CERTIFICATES)
request = partial(httpx.request, verify=CERTIFICATES)
Client = partial(httpx.Client, verify=CERTIFICATES)
