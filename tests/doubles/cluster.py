"""Ray as far as `pipeline.cluster` uses it, in this process: tasks are run when they are waited for."""

import pickle
from collections import deque
from types import SimpleNamespace


class RayError(Exception):
    """The base of all."""


class WorkerCrashedError(RayError):
    """A worker died once too often."""


class OutOfMemoryError(RayError):
    """A node was full."""


def there_and_back(value):
    """A value as it comes over the line."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  ours


class FakeRay:
    """One for each test; ``cpus`` may change on the way, ``fails`` says which task ends in what."""

    def __init__(self, cpus=2, fails=None):
        self.cpus = cpus
        self.fails = fails or {}
        self.exceptions = SimpleNamespace(
            RayError=RayError, WorkerCrashedError=WorkerCrashedError, OutOfMemoryError=OutOfMemoryError)
        self.going = deque()
        self.most = self.started = 0
        self.cancelled = []
        self.joined = []
        self.options = {}

    def is_initialized(self):
        return bool(self.joined)

    def init(self, address, **_options):
        if address == "nowhere:1":
            raise ConnectionError("nobody listens")
        self.joined.append(address)

    def shutdown(self):
        self.joined.clear()

    def cluster_resources(self):
        return {"CPU": float(self.cpus), "memory": 1e9}

    def put(self, value):
        return there_and_back(value)

    def remote(self, **options):
        self.options = options

        def wrapped(function):
            def start(process, *arguments):
                self.going.append((self.started, function, process, there_and_back(arguments)))
                self.started += 1
                self.most = max(self.most, len(self.going))
                return self.going[-1][0]

            return SimpleNamespace(remote=start)

        return wrapped

    def wait(self, references, num_returns, timeout):
        del timeout
        assert set(references) == {number for number, *_ in self.going}
        newest = [self.going[-1 - index][0] for index in range(num_returns)]      # the last is first
        return newest, [each for each in references if each not in newest]

    def get(self, reference):
        (task,) = [task for task in self.going if task[0] == reference]
        self.going.remove(task)
        number, function, process, arguments = task
        if number in self.fails:
            raise self.fails[number]
        return there_and_back(function(process, *arguments))

    def cancel(self, reference, force):
        assert force
        self.cancelled.append(reference)
