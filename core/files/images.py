"""Pictures are made anew: what comes out is pixels, without place, camera, profile or payload."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.files.kinds import Kinds

SIDE_MAX = 4096  # pixels: enough for a full printed page
_FORMATS = {Kinds.JPEG: "JPEG", Kinds.PNG: "PNG", Kinds.GIF: "GIF", Kinds.WEBP: "WEBP"}


def remake(source: Path, target: Path, kind: Kinds, name: str) -> Kinds:
    """Write the picture in ``source`` to ``target`` as JPEG or PNG; return which.

    The first frame, turned as the camera held it, at most 4096 pixels a side; PNG where there may
    be transparency or drawing (PNG, GIF, WebP with transparency), otherwise JPEG.

    Raises Refused if it cannot be read or has more than settings.MAX_IMAGE_PIXELS pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings(), _whole_ones_only():
            # Pillow warns of a picture far beyond our own limit; that is a refusal too.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=[_FORMATS[kind]]) as picture:
                width, height = picture.size
                if width * height > settings.MAX_IMAGE_PIXELS:
                    raise _too_large(name)
                if kind is Kinds.JPEG:
                    picture.draft("RGB", (SIDE_MAX, SIDE_MAX))  # decodes large photos smaller
                picture.load()
                turned = ImageOps.exif_transpose(picture)
                clear = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
                mode = "RGBA" if clear else "RGB"
                pixels = turned.convert(mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        KeyError,
        TypeError,
        IndexError,
        ZeroDivisionError,
    ) as error:
        # What Pillow's decoders raise for damaged pictures; none of it is our fault.
        raise Refused(
            _("%(name)s is damaged or not a picture we can read. Save it again as JPEG or PNG.")
            % {"name": name}
        ) from error
    pixels.thumbnail((SIDE_MAX, SIDE_MAX))
    clean = Image.new(mode, pixels.size)  # carries no metadata, whatever the source held
    clean.paste(pixels)
    if clear or kind in (Kinds.PNG, Kinds.GIF):
        clean.save(target, format="PNG", optimize=True)
        return Kinds.PNG
    clean.save(target, format="JPEG", quality=85)
    return Kinds.JPEG


@contextmanager
def _whole_ones_only() -> Iterator[None]:
    """Refuse a picture that is cut off, whatever this process did before.

    WeasyPrint tells Pillow, for the whole process, to draw such pictures as far as they go.
    """
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _too_large(name: str) -> Refused:
    return Refused(
        _("%(name)s has more than %(millions)s million pixels. Make it smaller and try again.")
        % {"name": name, "millions": settings.MAX_IMAGE_PIXELS // 1_000_000}
    )
