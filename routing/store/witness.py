"""The witness: a small file beside the journal that remembers the last acknowledged row.

SQLite cannot tell a torn tail, which nobody was told of, from rot in the middle of its write-ahead log: both end the log early, and its
integrity check calls both good. The witness is written after every append, without a flush, so that a process that dies leaves it
complete; after a power loss it may lag, which proves less but never something false. A log that ends before its witness has lost rows
that were acknowledged.
"""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from routing.store.errors import JournalDamaged

_TAG = "careroute/witness/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The last acknowledged sequence number, with the epoch and the checksum of its row."""

    seq: int
    epoch: int
    checksum: bytes


class WitnessFile:
    """Overwrites one line of fixed length, which a single write within one page replaces whole."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def write(self, witness: Witness) -> None:
        """Remember `witness`; no flush.

        Raises:
            OSError: the file system refuses.
        """
        os.pwrite(self._descriptor, _line(witness), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


def _line(witness: Witness) -> bytes:
    text = f"{_TAG} {witness.seq:020d} {witness.epoch:010d} {witness.checksum.hex()}"
    return f"{text} {zlib.crc32(text.encode()):08x}\n".encode()


def read_witness(path: Path) -> Witness | None:
    """What the file says, or `None` where it is missing or is not whole: then it is no evidence, after a power loss for example."""
    try:
        text, _, crc = path.read_bytes().decode("ascii").rstrip("\n").rpartition(" ")
        tag, seq, epoch, checksum = text.split(" ")
        witness = Witness(seq=int(seq), epoch=int(epoch), checksum=bytes.fromhex(checksum))
    except (FileNotFoundError, ValueError):
        return None
    return witness if tag == _TAG and crc == f"{zlib.crc32(text.encode()):08x}" else None


def check_witness(witness: Witness | None, *, last_seq: int, checksum: bytes | None, path: Path) -> None:
    """Compare a journal with its witness; `checksum` is that of the row which ends at the witness's sequence, `None` where none does.

    Raises:
        JournalDamaged: acknowledged rows are missing, or were replaced by others.
    """
    if witness is None or witness.seq == 0:
        return
    accept = "Restore the journal from a copy, or accept the loss by deleting the file named witness beside it."
    if last_seq < witness.seq:
        problem = f"the log ends at sequence {last_seq}, but {witness.seq} was acknowledged: its tail is lost"
        raise JournalDamaged(problem, remedy=accept, path=path, row=last_seq + 1)
    if checksum != witness.checksum:
        problem = f"the row that ends at sequence {witness.seq} is not the one that was acknowledged"
        raise JournalDamaged(problem, remedy=accept, path=path, row=witness.seq)
