"""Kernels that start warm: forked from one process that has the imports loaded.

A fresh kernel spends most of its time importing. On Linux a server imports once; every notebook then gets a kernel of
its own, forked from it: nothing that one notebook does can reach another. Elsewhere kernels start as usual.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, ClassVar, cast

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "wijkpeiling-warm"
# what the notebooks and their first figure import; statsmodels is left to the notebook that fits a trend
PRELOADED = ("ipykernel.kernelapp", "wijkpeiling.charts.draw", "wijkpeiling.trend.changes")


class _Server:
    """The process that forks kernels, from this side."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "wijkpeiling.run.warm"]
        # a process that forks should have one thread
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
        )
        self._turn = threading.Lock()

    def fork(self, arguments: list[str], folder: str) -> int:
        """Fork a kernel and return its process id."""
        assert self._process.stdin and self._process.stdout
        with self._turn:
            print(json.dumps({"arguments": arguments, "folder": folder}), file=self._process.stdin, flush=True)
            return int(self._process.stdout.readline())

    def stop(self) -> None:
        """Stop the server; kernels that are left die with it."""
        self._process.kill()
        self._process.communicate()


class _Forked:
    """A forked kernel as jupyter_client wants a process: it is the server's child, not ours."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        return 0


class WarmProvisioner(LocalProvisioner):
    """Gives a kernel manager a forked kernel where it would start a new process."""

    server: ClassVar[_Server | None] = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork instead of start; the arguments are those after ``-m ipykernel_launcher``."""
        assert self.server is not None
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.pid = self.server.fork(arguments, str(kwargs.get("cwd") or Path.cwd()))
        self.process = cast(Any, _Forked(self.pid))
        self.pgid = self.pid
        return self.connection_info


@contextmanager
def _forking() -> Iterator[None]:
    factory = KernelProvisionerFactory.instance()
    usual = factory.default_provisioner_name
    WarmProvisioner.server = _Server()
    factory.default_provisioner_name = NAME
    try:
        yield
    finally:
        factory.default_provisioner_name = usual
        WarmProvisioner.server.stop()
        WarmProvisioner.server = None


def warm_kernels() -> Any:
    """A context in which notebooks get forked kernels, where the system can fork safely."""
    return _forking() if sys.platform == "linux" else nullcontext()


def _become_kernel(arguments: list[str], folder: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # the server's own standard input and output carry requests and process ids
    for stream, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY)):
        os.dup2(os.open(os.devnull, mode), stream)
    os.chdir(folder)
    random.seed()
    sys.argv = ["ipykernel_launcher", *arguments]
    IPKernelApp.launch_instance(argv=arguments)


def _serve() -> None:
    """Fork a kernel for each line of standard input, until it ends."""
    import importlib

    for module in PRELOADED:
        importlib.import_module(module)
    # children that end leave nothing to wait for
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_kernel(**request)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    _serve()
