"""Kernels that start warm: forked from one process that has the imports loaded.

A fresh kernel spends most of its time importing. On Linux a server imports once; every notebook then gets a kernel of
its own, forked from it: nothing that one notebook does can reach another. Elsewhere kernels start as usual.
"""

import ctypes
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from wijkpeiling.errors import RunError
from wijkpeiling.parameters import OPEN_NOTEBOOK

NAME = "wijkpeiling-warm"
# what the notebooks and their first chart import; statsmodels is left to the notebook that fits a trend
PRELOADED = ("ipykernel.kernelapp", "wijkpeiling.charts.draw", "wijkpeiling.trend.changes")
# where a kernel looks for the settings and start-up files of its user
HOME = "IPYTHONDIR"
# prctl(2): the signal a process gets when its parent ends
PR_SET_PDEATHSIG = 1


class Kernels:
    """The kernels of one or more publications: a context that a batch can keep open, so that imports are paid once.

    The server starts importing at once, while the caller goes on with something else. Inside the context every kernel
    that papermill asks for is a forked one; where the system cannot fork safely, kernels start as usual.
    """

    def __enter__(self) -> Self:
        with ExitStack() as undone:
            undone.enter_context(_own_surroundings())
            self._server = _Server() if sys.platform == "linux" else None
            if self._server:
                undone.enter_context(_forking(self._server))
            # first of all kernels end, then what they stand on is taken away
            undone.callback(self.stop)
            self._undone = undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undone.close()

    def stop(self) -> None:
        """End every kernel at once, whatever its notebook is doing."""
        if self._server:
            self._server.stop()


@contextmanager
def _forking(server: "_Server") -> Iterator[None]:
    """Let the server fork every kernel that papermill asks for."""
    factory = KernelProvisionerFactory.instance()
    usual = factory.default_provisioner_name
    WarmProvisioner.server, factory.default_provisioner_name = server, NAME
    try:
        yield
    finally:
        WarmProvisioner.server, factory.default_provisioner_name = None, usual


@contextmanager
def _own_surroundings() -> Iterator[None]:
    """Of every kernel, wherever it runs: nobody's start-up files, profile or kernels of the same name."""
    try:
        home = tempfile.TemporaryDirectory(prefix="wijkpeiling-")
    except OSError as failure:
        raise RunError(
            f"no folder for the kernels' own files: {failure.strerror}",
            where=failure.filename or tempfile.gettempdir(),
            todo="make room, or set TMPDIR to a folder that can be written",
        ) from None
    own = {
        HOME: home.name,
        "JUPYTER_CONFIG_DIR": home.name,
        "JUPYTER_RUNTIME_DIR": home.name,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONSTARTUP": None,
        # built from inside an open notebook: nobody moves the sliders of what is published
        OPEN_NOTEBOOK: None,
        "MPLBACKEND": "agg",
    }
    found = {name: os.environ.get(name) for name in own}
    _set_environment(own)
    try:
        yield
    finally:
        _set_environment(found)
        home.cleanup()


def _set_environment(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


class _Server:
    """The process that forks kernels, from this side."""

    def __init__(self) -> None:
        # pipes of its own: whatever a library prints while it is imported is no answer of the server
        for_server, self._requests = os.pipe()
        self._answers, from_server = os.pipe()
        # -P: a file in the current folder does not take the place of a module
        module = [sys.executable, "-P", "-m", "wijkpeiling.run.kernels"]
        self._process = subprocess.Popen(
            [*module, str(for_server), str(from_server)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(for_server, from_server),
            # a process that forks should have one thread
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        os.close(for_server)
        os.close(from_server)
        # whoever asks for a kernel may be waiting for a server that another thread ends
        self._turn, self._ending = threading.Lock(), threading.Lock()
        self._pids: list[int] = []

    def fork(self, arguments: list[str], folder: str) -> int:
        """Fork a kernel and return its process id."""
        with self._turn:
            try:
                request = json.dumps({"arguments": arguments, "folder": folder}) + "\n"
                os.write(self._requests, request.encode())
                # the server answers with eight bytes, or its end of the pipe has closed
                pid = int(os.read(self._answers, 8))
            except (OSError, ValueError):
                raise RunError(
                    "the process that starts kernels has ended",
                    expected="a server that stays until the notebooks are done",
                    todo="run again; if it happens again, look whether something on this machine ends processes",
                ) from None
            self._pids.append(pid)
            return pid

    def stop(self) -> None:
        """End the kernels, while the server still takes leave of them, and then the server."""
        with self._ending:
            if self._requests < 0:
                return
            if self._process.poll() is None:
                for pid in self._pids:
                    _Forked(pid).kill()
                self._process.kill()
            self._process.wait()
            for end in (self._requests, self._answers):
                os.close(end)
            self._requests = self._answers = -1


class _Forked:
    """A forked kernel as jupyter_client wants a process: it is the server's child, not ours."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return 0
        # nobody may be left to take leave of a process that has ended
        return 0 if state == "Z" else None

    def send_signal(self, number: int) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        return 0


class WarmProvisioner(LocalProvisioner):
    """Gives a kernel manager a forked kernel where it would start a new process."""

    server: ClassVar[_Server | None] = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Keep the connection file with what is cleared up, whoever is left to do it."""
        cast(Any, self.parent).connection_file = str(Path(os.environ[HOME]) / f"kernel-{self.kernel_id}.json")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork instead of start; the arguments are those after ``-m ipykernel_launcher``."""
        assert self.server is not None
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.pid = self.server.fork(arguments, str(kwargs.get("cwd") or Path.cwd()))
        self.process = cast(Any, _Forked(self.pid))
        self.pgid = self.pid
        return self.connection_info


def _become_kernel(arguments: list[str], folder: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    # a kernel does not outlive the server, nor the server its driver, however they end
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    random.seed()
    sys.argv = ["ipykernel_launcher", *arguments]
    IPKernelApp.launch_instance(argv=arguments)


def _serve(requests: int, answers: int) -> None:
    """Fork a kernel for each request, until the driver's end of the pipe closes."""
    import importlib

    for module in PRELOADED:
        importlib.import_module(module)
    # children that end leave nothing to wait for
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pids = []
    with os.fdopen(requests) as lines:
        for line in lines:
            pid = os.fork()
            if pid == 0:
                os.close(answers)
                os.close(requests)
                _become_kernel(**json.loads(line))
                os._exit(0)
            pids.append(pid)
            os.write(answers, f"{pid:8}".encode())
    # the driver is gone, and nobody else will clear up after it
    for pid in pids:
        _Forked(pid).kill()
    shutil.rmtree(os.environ[HOME], ignore_errors=True)


if __name__ == "__main__":
    _serve(*map(int, sys.argv[1:]))
