"""What code in the sandbox may not ask of the kernel, as a program that the kernel runs (seccomp).

Refused is what no homework needs: memory that no budget counts (``memfd_create``, System V memory and queues), new
namespaces and mounts (a file system without a size limit), looking into other processes, locks and leases on files that
others use too, sockets but those between processes (what a network's buffers hold is counted by nobody), larger buffers
for these, and large, young parts of the kernel. The numbers are those of the kernel's tables ``unistd_64.h`` and
``asm-generic/unistd.h``.
"""

import errno
import platform
import struct

__all__ = ["REFUSED", "program"]

# Name: numbers on x86_64 and on aarch64.
REFUSED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "flock": (73, 32),
    "fsopen": (430, 430),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
CLONE, CLONE3 = (56, 220), (435, 435)
FCNTL, SOCKET, SOCKETPAIR, SETSOCKOPT = (72, 25), (41, 198), (53, 199), (54, 208)
F_SETLEASE, F_NOTIFY = 1024, 1026
AF_UNIX = 1
SO_SNDBUF, SO_SNDBUFFORCE = 7, 32
NEW_NAMESPACES = 0x7E020000  # the CLONE_NEW... flags
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_...
OTHER_ABI = 0x40000000  # x32: the same calls under other numbers

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST_ARGUMENT, SECOND_ARGUMENT, THIRD_ARGUMENT = 0, 4, 16, 24, 32  # places in struct seccomp_data
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
REFUSE = (RETURN, 0, 0, ERROR | errno.EPERM)


def program(machine: str | None = None) -> bytes:
    """The filter in the kernel's form (``struct sock_filter``), or ``b""`` on a machine whose numbers are not known.

    Examples
    --------
    >>> len(program("x86_64")) % 8, program("abacus")
    (0, b'')
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        return b""
    column = list(MACHINES).index(machine)
    steps = [(LOAD, 0, 0, MACHINE), (JUMP_EQUAL, 1, 0, MACHINES[machine]), (RETURN, 0, 0, KILL)]
    steps += [(LOAD, 0, 0, NUMBER), (JUMP_AT_LEAST, 0, 1, OTHER_ABI), REFUSE]
    for numbers in REFUSED.values():
        steps += [(JUMP_EQUAL, 0, 1, numbers[column]), REFUSE]
    # The flags of clone3 lie in memory, where no filter can look: libraries fall back to clone when it is missing.
    steps += [(JUMP_EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, ERROR | errno.ENOSYS)]
    steps += [
        (JUMP_EQUAL, 0, 3, CLONE[column]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_BITS, 0, 1, NEW_NAMESPACES),
        REFUSE,
    ]
    steps += _refused_with(FCNTL[column], SECOND_ARGUMENT, F_SETLEASE, F_NOTIFY)
    steps += _refused_with(SETSOCKOPT[column], THIRD_ARGUMENT, SO_SNDBUF, SO_SNDBUFFORCE)
    steps += _only_with(SOCKET[column], FIRST_ARGUMENT, AF_UNIX)
    steps += _only_with(SOCKETPAIR[column], FIRST_ARGUMENT, AF_UNIX)
    steps += [(RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _refused_with(call, argument, *values):
    """Steps that refuse a call with one of these arguments."""
    *others, last = values
    steps = [(JUMP_EQUAL, len(others) - place, 0, value) for place, value in enumerate(others)]
    return _of(call, argument, [*steps, (JUMP_EQUAL, 0, 1, last), REFUSE])


def _only_with(call, argument, value):
    """Steps that refuse a call with any other argument."""
    return _of(call, argument, [(JUMP_EQUAL, 1, 0, value), REFUSE])


def _of(call, argument, steps):
    return [(LOAD, 0, 0, NUMBER), (JUMP_EQUAL, 0, 1 + len(steps), call), (LOAD, 0, 0, argument), *steps]
