"""Reading a published file as a stream: header, hash and the dangers of plain text.

The bytes go from the zip straight into PostgreSQL's COPY. On their way they are hashed and looked
at for what COPY would swallow or stumble over; then the file is read again line by line, slowly,
so that each bad line can be named.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from core.archives import Member, file_error
from core.errors import RowError

CHUNK = 256 * 1024
MAX_LINE = 64 * 1024
BOM = b"\xef\xbb\xbf"
_CONTROL = bytes(sorted((set(range(0x20)) | {0x7F}) - {0x0A, 0x0D}))


def read_header(stream: BinaryIO, label: str) -> tuple[list[str], bytes, bytes]:
    """Read the first line.

    Returns its fields, the bytes already read after it, and all bytes read (for the hash). A byte
    order mark is taken off. Raises BadInput where the first line is not text.
    """
    head = stream.read(MAX_LINE)
    text = head.removeprefix(BOM)
    ends = [at for at in (text.find(b"\n"), text.find(b"\r")) if at >= 0]
    end = min(ends) if ends else len(text)
    line, rest = text[:end], text[end:]
    rest = rest[2:] if rest.startswith(b"\r\n") else rest[1:]
    try:
        decoded = line.decode("utf-8")
        fields = next(csv.reader([decoded], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise file_error(label, "bytes that are not text", "a CSV file in UTF-8") from error
    return [field.strip() for field in fields], rest, head


class CopyStream:
    """The bytes after the header, for COPY; hashed, counted and watched on their way.

    ``suspect`` says that the quick way must not be trusted: control characters, a line too long
    to be a row, or anything that would make COPY's count of rows differ from the count of lines;
    ``endless`` that a line is so long that COPY must not go on collecting it. ``error`` keeps
    what went wrong in reading, because COPY hides it.
    """

    def __init__(self, stream: BinaryIO, rest: bytes, head: bytes) -> None:
        self._stream = stream
        self._rest = rest
        self._hash = hashlib.sha256(head)
        self._feeds = self._returns = 0
        self._last = b""
        self._since_end = 0
        self.suspect = False
        self.endless = False
        self.error: Exception | None = None

    def read(self, size: int = CHUNK) -> bytes:
        """Return the next bytes, none at the end; stop at a line that never ends."""
        chunk = self._next(size)
        if self.endless:
            raise ValueError("a line that does not end")
        return chunk

    def _next(self, size: int = CHUNK) -> bytes:
        try:
            if self._rest:
                chunk, self._rest = self._rest, b""
            else:
                chunk = self._stream.read(max(size, CHUNK))
                self._hash.update(chunk)
        except Exception as error:
            self.error = error
            raise
        self._watch(chunk)
        return chunk

    def drain(self) -> str:
        """Read to the end and return the sha-256 of the whole file."""
        while self._next():
            pass
        return self._hash.hexdigest()

    @property
    def lines(self) -> int:
        """How many lines there are after the header."""
        ends = self._feeds or self._returns
        return ends + (1 if self._last and self._last not in b"\r\n" else 0)

    def _watch(self, chunk: bytes) -> None:
        if not chunk:
            return
        self._feeds += chunk.count(b"\n")
        self._returns += chunk.count(b"\r")
        self._last = chunk[-1:]
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._since_end = len(chunk) - end - 1 if end >= 0 else self._since_end + len(chunk)
        if self._since_end > MAX_LINE or len(chunk.translate(None, _CONTROL)) != len(chunk):
            self.suspect = True
            self.endless = self.endless or self._since_end > 16 * MAX_LINE


def careful_lines(
    member: Member, header: Sequence[str], reject: Callable[[RowError, str], None]
) -> Iterator[tuple[int, str]]:
    """Read a file line by line and yield (line number, the line as clean CSV).

    A line that is no row with the header's fields goes to ``reject`` with its raw text instead.
    Blank lines are passed over. The header is line 1 and is not yielded.
    """
    with member.open() as stream:
        number = 0
        while raw := stream.readline(MAX_LINE):
            number += 1
            if number == 1 and _holds_more_than_a_header(raw):
                raise file_error(
                    member.label,
                    "lines that end in more than one way",
                    "one kind of line end throughout",
                )
            if not raw.endswith(b"\n") and len(raw) == MAX_LINE:
                reject(
                    RowError(member.label, number, None, _shown(raw), "a line of such a file"),
                    _shown(raw),
                )
                while raw and not raw.endswith(b"\n"):
                    raw = stream.readline(MAX_LINE)
                continue
            if number == 1 or not raw.strip():
                continue
            problem, fields = _parse(raw.rstrip(b"\r\n"), header)
            if problem:
                column, found, expected = problem
                reject(RowError(member.label, number, column, found, expected), _shown(raw))
            else:
                out = io.StringIO()
                csv.writer(out, lineterminator="\n").writerow([number, *fields])
                yield number, out.getvalue()


def _holds_more_than_a_header(raw: bytes) -> bool:
    """Say whether the header ended before this line did: rows behind it would be lost unsaid."""
    end = raw.find(b"\r")
    return 0 <= end < len(raw) - len(b"\r\n") and bool(raw[end:].strip())


def _parse(
    raw: bytes, header: Sequence[str]
) -> tuple[tuple[str | None, str, str] | None, list[str]]:
    """Split a line; return what is wrong with it (column, found, expected), and its fields."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return (None, f"byte {raw[error.start]:#04x} at place {error.start + 1}", "UTF-8 text"), []
    try:
        fields = next(csv.reader([text], strict=True))
    except csv.Error as error:
        return (None, _shown(raw), f"a line of comma-separated values ({error})"), []
    if len(fields) != len(header):
        return (None, f"{len(fields)} columns", f"{len(header)} columns, as the header"), []
    for title, field in zip(header, fields, strict=True):
        if any(ord(char) < 0x20 or ord(char) == 0x7F for char in field):
            return (title, _shown(field.encode()), "text without control characters"), []
    return None, fields


def _shown(raw: bytes) -> str:
    """Return a line as text that can be shown and stored: no NUL, strange bytes escaped."""
    text = raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
    return "".join(char if char >= " " else f"\\x{ord(char):02x}" for char in text)[:2000]


def raw_lines(member: Member, numbers: set[int]) -> dict[int, str]:
    """Return the raw text of some lines of a file (the header is line 1)."""
    found: dict[int, str] = {}
    with member.open() as stream:
        for number, raw in enumerate(stream, start=1):
            if number in numbers:
                found[number] = _shown(raw)
    return found
