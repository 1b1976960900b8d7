"""Finding the CSV files in zips, folders and on their own, and opening them safely.

Nothing is ever written to disk: a zip's entries are read as streams, so a hostile name can lead
nowhere. Whatever a zip could do to a machine is refused before its first byte is unpacked.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from core.errors import BadInput, RowError

MAX_ENTRIES = 20_000
MAX_ENTRY_BYTES = 512 * 1024**2
MAX_TOTAL_BYTES = 40 * 1024**3
MAX_RATIO = 100  # tables of names and codes pack 4 to 22 times smaller
SMALL = 1024**2  # below this size a high ratio harms nobody

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """One CSV file: inside ``archive`` under ``entry``, or itself at ``path``."""

    path: Path
    entry: str | None = None

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return PurePosixPath(self.entry).name if self.entry else self.path.name

    @property
    def label(self) -> str:
        """What errors call the file: "archive.zip: folder/file.csv"."""
        return f"{self.path.name}: {self.entry}" if self.entry else self.path.name

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file as a stream of bytes; what cannot be unpacked is BadInput."""
        try:
            if self.entry is None:
                with self.path.open("rb") as stream:
                    yield stream
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as entry:
                    yield cast("BinaryIO", entry)
        except UNREADABLE as error:
            raise file_error(
                self.label,
                str(error) or type(error).__name__,
                "a file that can be read whole",
                "It is damaged or was cut off; download it again.",
            ) from error


def file_error(file: str, found: str, expected: str, advice: str = "") -> BadInput:
    """Return the error about a file as a whole."""
    return BadInput([RowError(file, None, None, found, expected, advice)])


def members_of(paths: Iterable[str | Path]) -> tuple[list[Member], list[str]]:
    """Return every CSV file under the paths, and the names of files that are something else.

    A path is a zip, a folder (searched to any depth, zips in it too) or a CSV file. Raises
    BadInput for a path that is missing, holds no CSV file, or is a zip that must not be opened.
    """
    found: list[Member] = []
    ignored: list[str] = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file() and not _is_litter(p.parts)]
        elif path.is_file():
            inside = [path]
        else:
            raise file_error(str(given), "nothing there", "a zip, a folder or a CSV file")
        before = len(found)
        for file in inside:
            suffix = file.suffix.lower()
            if suffix == ".csv":
                found.append(Member(file))
            elif suffix == ".zip" or file == path:
                entries, others = _zip_members(file)
                found += entries
                ignored += others
            else:
                ignored.append(file.name)
        if len(found) == before:
            raise file_error(
                path.name, "no CSV file in it", "a CSV file, or a zip or folder that holds some"
            )
    return found, ignored


def _is_litter(parts: Sequence[str]) -> bool:
    """Say whether a path is a system's own litter (macOS resource forks, hidden files)."""
    return any(
        part == "__MACOSX" or (part.startswith(".") and part not in {".", ".."})
        for part in parts[-2:]
    )


def _zip_members(path: Path) -> tuple[list[Member], list[str]]:
    """Check a zip's directory as a whole and return its CSV entries and the other names."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (*UNREADABLE, ValueError, UnicodeError) as error:
        raise file_error(
            path.name,
            "something that is not a whole zip",
            "a zip archive or a CSV file",
            "If it was downloaded, it may be cut off: download it again.",
        ) from error
    if len(entries) > MAX_ENTRIES:
        raise file_error(path.name, f"{len(entries)} entries", f"at most {MAX_ENTRIES} entries")
    seen: set[str] = set()
    for entry in entries:
        _check_entry(path, entry, seen)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        raise file_error(
            path.name, f"{total:,} bytes once unpacked", f"at most {MAX_TOTAL_BYTES:,} bytes"
        )
    members, others = [], []
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if entry.is_dir() or _is_litter(name.parts):
            continue
        if name.suffix.lower() == ".csv":
            members.append(Member(path, entry.filename))
        else:
            others.append(f"{path.name}: {entry.filename}")
    return members, others


def _check_entry(path: Path, entry: zipfile.ZipInfo, seen: set[str]) -> None:
    """Raise BadInput if an entry is something an honest archive does not hold."""
    if not entry.filename:
        raise file_error(path.name, "an entry without a name", "a name for each file")
    label = f"{path.name}: {entry.filename}"
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in entry.filename:
        raise file_error(label, "a name that leads outside the archive", "a plain file name")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise file_error(label, "a symbolic link", "a plain file")
    if entry.flag_bits & 0x1:
        raise file_error(label, "an encrypted file", "a file without password")
    if str(name) in seen:
        raise file_error(label, "the same name twice in one archive", "each name once")
    seen.add(str(name))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise file_error(label, f"packing method {entry.compress_type}", "an ordinary zip")
    if name.suffix.lower() in {".zip", ".7z", ".gz", ".tar", ".rar"}:
        raise file_error(
            label, "an archive inside the archive", "CSV files", "Unpack the inner one first."
        )
    if entry.file_size > MAX_ENTRY_BYTES:
        raise file_error(
            label, f"{entry.file_size:,} bytes once unpacked", f"at most {MAX_ENTRY_BYTES:,} bytes"
        )
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise file_error(
            label,
            f"{entry.compress_size:,} bytes that unpack to {entry.file_size:,}",
            f"at most {MAX_RATIO} times as much",
            "This looks like a zip bomb.",
        )
