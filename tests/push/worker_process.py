"""`dagsform worker` with a push service on this machine: its port and its certificate are the arguments."""

import ssl
import sys

from server import config
from server.push.worker import work
from tests.push.service import Service

if __name__ == "__main__":
    port, certificate = sys.argv[1:]
    trust = ssl.create_default_context(cafile=certificate)
    print("ready", flush=True)
    work(config.for_development(), Service(port=int(port), trust=trust).courier())
