"""Takes from this process what opening an untrusted file does not need (Linux).

Landlock (kernel 5.13): reads only the libraries and the one file, writes nothing, and sees no other
process. seccomp: no socket, no other program, no new process. Both last until the process ends, and
need no rights. Where a kernel lacks them the other limits remain.

Imported by processes without Django, which `core.sandbox` starts.
"""

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_libc = ctypes.CDLL(None, use_errno=True)

# ---------------------------------------------------------------- Landlock (linux/landlock.h)

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# All rights on files that a version knows: what is handled and not allowed is refused.
_ALL_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_RIGHTS_NEWEST = (1 << 16) - 1
_TCP = 3  # bind and connect
_SCOPES = 3  # abstract sockets and signals
# What resolving a name and checking a certificate read.
_OF_NETWORK = (
    "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/resolv.conf", "/etc/hosts",
    "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services",
    "/run/systemd/resolve",
)  # fmt: skip
_OWN_OF_NETWORK = ("hackathon",)  # code only: `hackathon.base.core.outbound` and its folders
_OF_ALL = ("/lib", "/lib64", "/usr", "/etc/ld.so.cache", "/etc/localtime", "/dev/null")
_RANDOM = ("/dev/urandom", "/dev/zero")


def readable(*, code: Sequence[str] = (), network: bool = False) -> list[str]:
    """Folders and files of libraries, and `code` of the project."""
    python = {sys.prefix, sys.base_prefix, *(path for path in sys.path if Path(path) != ROOT)}
    own = [str(ROOT / path) for path in (*code, *(_OWN_OF_NETWORK * network))]
    return [*sorted(filter(None, python)), *own, *_OF_ALL, *_RANDOM, *(_OF_NETWORK * network)]


def _landlock_version() -> int:
    """0: the kernel does not have it."""
    return max(_libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG), 0)


def _landlock(paths: list[str], *, network: bool) -> None:
    version = _landlock_version()
    if not version:
        return
    handled = _ALL_RIGHTS.get(version, _ALL_RIGHTS_NEWEST)
    fields = [handled]
    if version >= 4:
        fields.append(0 if network else _TCP)
    if version >= 6:
        fields.append(_SCOPES)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    rules = _checked(_libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    for path in paths:
        with contextlib.suppress(OSError), _opened(path) as descriptor:
            allowed = _READ_FILE | (_READ_DIR if Path(path).is_dir() else 0)
            beneath = struct.pack("=Qi", allowed, descriptor)
            _checked(_libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, beneath, 0))
    _checked(_libc.syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


# ---------------------------------------------------------------- seccomp (linux/seccomp.h)

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in seccomp_data
_CLONE_THREAD = 0x10000
_X32 = 0x40000000  # a second table of system calls on x86-64

# Architecture, clone, sockets (socket, socketpair, connect, bind), then what nobody needs here:
# ptrace, process_vm_readv and _writev, execve and execveat, kill, setns, unshare, mount,
# open_by_handle_at, bpf, keyctl, add_key, request_key, userfaultfd, perf_event_open. Landlock does
# not restrict the following ones: signals to threads (tkill, tgkill, rt_sigqueueinfo,
# rt_tgsigqueueinfo), changes of a file that is not opened (truncate in old kernels, chmod, chown,
# utime and xattr in all their forms), and the priority of others (sched_*, setpriority,
# ioprio_set). The last number is prlimit64: a process may ask for limits of its own only.
_CALLS: dict[str, tuple[int, int, tuple[int, ...], tuple[int, ...], int]] = {
    "x86_64": (
        0xC000003E, 56, (41, 53, 42, 49),
        (101, 310, 311, 59, 322, 62, 308, 272, 165, 304, 321, 250, 248, 249, 323, 298, 57, 58,
         200, 234, 129, 297, 76, 90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280,
         188, 189, 190, 197, 198, 199, 142, 144, 314, 203, 141, 251),
        302,
    ),
    "aarch64": (
        0xC00000B7, 220, (198, 199, 203, 200),
        (117, 270, 271, 221, 281, 129, 268, 97, 40, 265, 280, 219, 217, 218, 282, 241,
         130, 131, 138, 240, 45, 52, 53, 54, 55, 88,
         5, 6, 7, 14, 15, 16, 118, 119, 274, 122, 140, 30),
        261,
    ),
}  # fmt: skip
# io_uring_setup, pidfd_open, pidfd_getfd, pidfd_send_signal, fchmodat2, setxattrat, removexattrat
_EVERYWHERE = (425, 434, 438, 424, 452, 463, 466)
_CLONE3 = 435


def _has_seccomp() -> bool:
    action = ctypes.c_uint32(_EPERM & 0xFFFF0000)
    number = {"x86_64": 317, "aarch64": 277}.get(platform.machine())
    return number is not None and _libc.syscall(number, 2, 0, ctypes.byref(action)) == 0


def _program(*, network: bool) -> bytes:
    architecture, clone, sockets, others, limits = _CALLS[platform.machine()]
    refused = (*others, *_EVERYWHERE, *(() if network else sockets))
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _EPERM),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _EPERM),
    ]
    for number in refused:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    lines += [
        (_EQUAL, 0, 4, limits),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    # Threads, but no processes. The C library uses clone if clone3 does not exist.
    lines += [
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ENOSYS),
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _seccomp(*, network: bool) -> None:
    if not _has_seccomp():
        return
    code = ctypes.create_string_buffer(program := _program(network=network))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _checked(_libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0))


# ---------------------------------------------------------------- both


def confine(path: str = "", *, code: Sequence[str] = (), network: bool = False) -> None:
    """Only `path` of all data can be read from now on, and of the project only `code`, in which
    modules are imported later. Call it before the first thread starts.
    """
    if not available():
        return
    _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    paths = [*readable(code=code, network=network), *([path] if path else [])]
    _landlock(paths, network=network)
    _seccomp(network=network)


def limit_resources(*, memory_bytes: int, cpu_seconds: int, output_bytes: int) -> None:
    """Call it before `confine`. The process is ended at `cpu_seconds`."""
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: output_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS lacks some of these limits
            resource.setrlimit(kind, (limit, limit))
    with contextlib.suppress(OSError):  # if the machine has no memory left, this process ends first
        Path("/proc/self/oom_score_adj").write_text("1000")


def available() -> list[str]:
    if sys.platform != "linux":
        return []
    kinds = {"landlock": _landlock_version() > 0, "seccomp": _has_seccomp()}
    return [name for name, is_there in kinds.items() if is_there]


def _checked(result: int) -> int:
    """Raises `OSError`."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
