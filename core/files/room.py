"""Puts files into the room, opens them, sends them."""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.choices import Marking
from core.errors import Refused
from core.files.images import remake
from core.files.kinds import FORMS, MIB, Kinds, describe, form_of_extension, sniff
from core.marking import marked_name
from core.models import StoredFile

NAME_MAX = 150
ORPHAN_AGE = 24 * 3600.0  # seconds; a transaction does not live that long


def store(
    content: bytes | Path | IO[bytes] | Any, *, name: str, accept: Kinds = Kinds.ANY
) -> StoredFile:
    """Take a file into the room and return its row, inserted in the caller's transaction.

    ``content``: bytes, a path (read, left where it is) or an upload or stream of bytes. The kind
    is told from the bytes, and the extension of ``name`` must agree; pictures are made anew. The
    bytes are on disk under their final name before the row is written; the file of a transaction
    that is rolled back is removed a day later.

    Raises core.errors.Refused, nothing stored, if the file is empty, too large, of a kind that
    ``accept`` does not hold, damaged, or not what its name says.
    """
    name = clean_name(name)
    named = form_of_extension(name)
    if named is None or named.kind not in accept:
        raise Refused(
            _("%(name)s cannot be taken: a file of the kind %(kinds)s is expected.")
            % {"name": name, "kinds": describe(accept)}
        )
    key = uuid.uuid4()
    folder = Path(settings.MEDIA_ROOT) / key.hex[:2]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = folder / f".{key.hex}.half"
    made = folder / f".{key.hex}.made"
    try:
        digest, size = _copy(content, half, named.max_bytes, name)
        kind = sniff(half, name) if size else None
        if size == 0:
            raise Refused(_("%(name)s is empty.") % {"name": name})
        if kind is None or kind != named.kind:
            raise _not_what_it_says(name, named.label, kind)
        if kind in Kinds.IMAGES:
            kind = remake(half, made, kind, name)
            made.replace(half)
            digest, size = _digest(half)
        form = FORMS[kind]
        if Path(name).suffix.lower() not in form.extensions:
            name = f"{Path(name).stem}{form.extensions[0]}"
        path = f"{key.hex[:2]}/{key.hex}{form.extensions[0]}"
        _settle(half, folder / Path(path).name)
    finally:
        for rest in (half, made):
            with suppress(FileNotFoundError):
                rest.unlink()
    return StoredFile.objects.create(
        id=key, name=name, content_type=form.content_type, size=size, sha256=digest, path=path
    )


def path_of(stored: StoredFile) -> Path:
    """Return where a stored file lies."""
    return Path(settings.MEDIA_ROOT) / stored.path


def open_file(stored: StoredFile) -> BinaryIO:
    """Open a stored file for reading; the caller closes it."""
    return path_of(stored).open("rb")


def response(stored: StoredFile, *, marking: str = "", inline: bool = False) -> FileResponse:
    """Return the answer that sends a file to a person who was found to be allowed.

    As an attachment, never interpreted by the browser and never kept in a cache. ``marking`` is
    that of the record the file belongs to: the file leaves under a name that says so, and the
    header ``X-Protective-Marking`` tells programs. ``inline`` is for pictures, which we made
    ourselves; for anything else it is ignored.
    """
    shown = inline and stored.content_type in ("image/jpeg", "image/png")
    answer = FileResponse(
        open_file(stored),
        as_attachment=not shown,
        filename=marked_name(stored.name, marking),
        content_type=stored.content_type,
    )
    return _guarded(answer, marking)


def member_response(
    stored: StoredFile, member: str, *, content_type: str, marking: str = ""
) -> FileResponse | None:
    """Return the answer that sends one member of a stored zip, None if it holds no such member.

    Under the zip's own name with the member's ending; guarded as ``response``.
    """
    with zipfile.ZipFile(path_of(stored)) as archive:
        if member not in archive.namelist():
            return None
        content = archive.read(member)
    name = Path(stored.name).stem + Path(member).suffix
    answer = FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=marked_name(name, marking),
        content_type=content_type,
    )
    return _guarded(answer, marking)


def _guarded(answer: FileResponse, marking: str) -> FileResponse:
    if marking:
        answer["X-Protective-Marking"] = Marking(marking).label
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def remove_orphans(*, older_than: float = ORPHAN_AGE) -> int:
    """Remove files that no row speaks of (rolled back, or their row was deleted); return how many.

    ``older_than`` seconds, so that a file whose transaction is still open stays.
    """
    removed = 0
    limit = time.time() - older_than
    for folder in sorted(p for p in Path(settings.MEDIA_ROOT).glob("??") if p.is_dir()):
        old = [p for p in folder.iterdir() if p.is_file() and p.stat().st_mtime < limit]
        names = [f"{folder.name}/{path.name}" for path in old]
        known = set(StoredFile.objects.filter(path__in=names).values_list("path", flat=True))
        for path, relative in zip(old, names, strict=True):
            if relative not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def clean_name(name: str) -> str:
    """Return a name that is safe in a header and on any disk: no path, no controls, not hidden."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = unicodedata.normalize("NFC", base)
    # Cf holds the marks that turn the direction of text, with which "exe" is made to read "pdf".
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    kept = " ".join(kept.split()).strip(". ")
    stem, suffix = Path(kept).stem, Path(kept).suffix
    return f"{stem[: NAME_MAX - len(suffix)]}{suffix}" if stem else "file"


def _copy(content: Any, target: Path, limit: int, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        target.chmod(0o600)
        for block in _blocks(content):
            size += len(block)
            if size > limit:
                raise Refused(
                    _("%(name)s is larger than %(limit)s, the most that is taken of its kind.")
                    % {"name": name, "limit": filesizeformat(limit)}
                )
            digest.update(block)
            out.write(block)
    return digest.hexdigest(), size


def _blocks(content: Any) -> Iterator[bytes]:
    if isinstance(content, (bytes, bytearray, memoryview)):
        stream: Any = BytesIO(content)
    elif isinstance(content, Path):
        with content.open("rb") as opened:
            yield from iter(lambda: opened.read(MIB), b"")
        return
    else:
        stream = content
        if hasattr(stream, "seek"):
            stream.seek(0)
    yield from iter(lambda: stream.read(MIB), b"")


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size


def _settle(half: Path, final: Path) -> None:
    """Give a file its name when its bytes are on disk, and the folder knows of it."""
    for path in (half, None):
        if path is None:
            half.replace(final)
        descriptor = os.open(path or final.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_what_it_says(name: str, label: str, kind: Kinds | None) -> Refused:
    if kind is None:
        return Refused(
            _(
                "%(name)s is not a %(label)s file that we can take: its content is damaged or of "
                "another kind. Save it again as %(label)s."
            )
            % {"name": name, "label": label}
        )
    return Refused(
        _(
            "%(name)s is called %(label)s, but its content is %(found)s. Give it the right "
            "name, or save it as %(label)s."
        )
        % {"name": name, "label": label, "found": FORMS[kind].label}
    )
