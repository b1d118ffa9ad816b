"""A real object store: a process of this machine that speaks S3, with one empty bucket."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import fsspec

BUCKET = "bucket"


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def environment(port):
    """What a program must find in its environment to reach the store."""
    return {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def object_store():
    """Start the store; gives the environment that reaches it, which is set here too."""
    port = _free_port()
    more = environment(port)
    server = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        _wait_for(port, server)
        system = fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True)
        system.mkdir(BUCKET)
        yield system
    finally:
        server.kill()
        server.wait()
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _wait_for(port, server):
    deadline = time.monotonic() + 60
    while not _listens(port):
        assert server.poll() is None, "the store did not start"
        assert time.monotonic() < deadline, "the store does not answer"
        time.sleep(0.05)


def _listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
