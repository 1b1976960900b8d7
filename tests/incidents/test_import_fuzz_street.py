"""Ten thousand damaged street and outcomes files: a plain refusal, or an account of every line.

10,000 cases, made from real rows by seeds that are the same in every run:

* 6,000 street files and 2,500 outcomes files go into the staging table, where whatever is in a file
  is met first: cut, doubled and swapped bytes, lines and columns, other line ends, quotes, NULs,
  other encodings, byte order marks, wrong months and numbers, lines without end, COPY's own signs.
  Of each that is not refused every line is looked for: stored as it stands, or rejected by number.
* 1,200 archives are looked through without being read in: damaged bytes, strange members and
  names, files within files, the same month twice.
* 300 archives and files are taken in as a whole, with and without their bad rows, and every report
  is counted in the database.

A case that fails says its seed. None may take longer than a few seconds.
"""

from __future__ import annotations

import io
import random
import signal
import struct
import zipfile
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from core.archives import Member
from core.errors import BadInput
from incidents.ingest import import_street_crime
from incidents.ingest.layout import OUTCOMES, STREET
from incidents.ingest.plan import make_plan
from incidents.ingest.reader import BOM, MAX_LINE
from incidents.ingest.staging import make_staging, stage
from incidents.models import Incident, Outcome
from tests.factories.incidents import POLICE

pytestmark = pytest.mark.django_db
PATIENCE = 10  # seconds for one case
SOURCES = {
    STREET: [
        (name[:7], (POLICE / f"{name}-street.csv").read_bytes().splitlines())
        for name in ("2021-03-west-mercia", "2024-01-west-mercia", "2025-01-west-mercia")
    ],
    OUTCOMES: [
        ("2021-03", (POLICE / "2021-03-west-mercia-outcomes.csv").read_bytes().splitlines())
    ],
}
SIGNS = [b'"', b'""', b",", b",,", b"\n", b"\r", b"\r\n", b"\n\n", b"\\.", b"\n\\.\n", b"\\N"]
SIGNS += [b"\x00", b"\x1f", b"\x7f", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\t"]
SIGNS += [b"\x1a", b"\x0c", b" ", b"=1+1", b"-", b"9" * 400, b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80"]
VALUES = [b"", b" ", b"NaN", b"Infinity", b"1e5", b"-.", b"5-.3", b"+52.1", b"0x10", b"12,5"]
VALUES += [b"2024-13", b"2024-00", b"9999-99", b"202-401", "٢٠٢٤-٠١".encode(), "٥٢.١".encode()]
VALUES += [b"No Location", b"x" * 201, b"E0101404", b"e01014048", b"NULL", b"\\N", b'"', b"'; --"]
VALUES += ["Ł".encode(), b"4" * 23 + b".5", b"-9.0000001", b"2.5", b"00000000000000000000002.1"]


def real_file(chance, layout, most=9):
    """Return the month, the header and a few real lines, and a line end."""
    month, lines = chance.choice(SOURCES[layout])
    rows = [chance.choice(lines[1:]) for __ in range(chance.randint(1, most))]
    return month, [lines[0], *rows], chance.choice([b"\n", b"\r\n"])


def damaged_lines(chance, lines):
    """Damage rows as tables are damaged: values, columns and lines out of place."""
    lines = list(lines)
    for __ in range(chance.randint(0, 2)):
        at = chance.randrange(len(lines))
        fields = lines[at].split(b",")
        kind = chance.randrange(10)
        if kind <= 3:
            fields[chance.randrange(len(fields))] = chance.choice(VALUES)
        elif kind == 4:
            one, two = (chance.randrange(len(fields)) for __ in "ab")
            fields[one], fields[two] = fields[two], fields[one]
        elif kind == 5:
            fields = [b'"%s"' % field for field in fields]
        elif kind == 6:
            fields.insert(chance.randrange(len(fields) + 1), b"")
        elif kind == 7:
            del fields[chance.randrange(len(fields))]
        lines[at] = b",".join(fields)
        if kind == 8:
            lines.insert(chance.randrange(len(lines) + 1), lines[at])
        elif kind == 9 and len(lines) > 1:
            del lines[at]
    return lines


def damaged_bytes(chance, raw):
    """Damage bytes as disks, editors and hostile people do."""
    for __ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        at = chance.randrange(len(raw) + 1)
        kind = chance.randrange(12)
        if kind <= 4:
            raw = raw[:at] + chance.choice(SIGNS) + raw[at:]
        elif kind == 5:
            raw = raw[:at]
        elif kind == 6:
            end = min(len(raw), at + chance.randint(1, 200))
            raw = raw[:end] + raw[at:end] + raw[end:]
        elif kind == 7:
            raw = raw[:at] + bytes(chance.randrange(256) for __ in range(3)) + raw[at + 3 :]
        elif kind == 8:
            raw = raw[:at] + raw[at + chance.randint(1, 200) :]
        elif kind == 9:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\n", chance.choice([b"\r", b"\n", b"\r\n"]))
        elif kind == 10:
            raw = chance.choice([BOM + raw, raw + b"\n \n\n", raw.replace(b",", b";"), raw + raw])
        elif chance.random() < 0.15:
            raw = (
                raw[:at] + b"x" * chance.choice([MAX_LINE, MAX_LINE - 1, 20 * MAX_LINE]) + raw[at:]
            )
        else:
            text = raw.decode("utf-8", "replace")
            raw = text.encode(chance.choice(["utf-16", "latin-1", "utf-8-sig", "cp500"]), "replace")
    return raw


def damaged_file(chance, layout):
    month, lines, end = real_file(chance, layout)
    raw = end.join(damaged_lines(chance, lines)) + chance.choice([end, end, b""])
    if chance.random() < 0.05:
        month = "2024-02"
    return month, damaged_bytes(chance, raw)


def lines_below_header(raw):
    """Return by number what stands below the header, blank lines left out: told by line ends only.

    Where no line feed is in the file, carriage returns end its lines.
    """
    raw = raw.removeprefix(BOM)
    lines = raw.split(b"\n" if b"\n" in raw else b"\r")
    if b"\n" in raw and b"\r" in lines[0].removesuffix(b"\r"):
        header, __, rest = lines[0].partition(b"\r")
        if rest.strip():
            lines[0:1] = [header, rest]  # the first of two kinds of line end ends the header
    return {number: line for number, line in enumerate(lines, start=1) if line.strip()} | {1: b""}


def named(file, error, seed):
    """Look for the file's name in the words of a refusal."""
    assert file in str(error), f"seed {seed}: {error}"


@contextmanager
def patience(seed):
    """Fail a case that does not come to an end."""

    def stop(*__):
        raise TimeoutError(f"seed {seed} hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check_staged(layout, raw, staged):
    """Every line of the file is stored as it stands or rejected, and nothing else is stored."""
    expected = lines_below_header(raw)
    del expected[1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, {', '.join(layout.columns)} FROM {layout.staging}")
        stored = {line: fields for line, *fields in cursor.fetchall()}
        assert cursor.rowcount == len(stored)
    rejected = [one.error.row for one in staged.rejected]
    assert staged.read == len(stored) + len(rejected) == len(expected)
    assert set(stored) | set(rejected) == set(expected)
    for number, fields in stored.items():
        line = expected[number]
        if b'"' not in line:
            assert line.rstrip(b"\r\n").decode() == ",".join(fields)


BLOCK = 500


@pytest.mark.parametrize(
    ("layout", "block"),
    [(STREET, block) for block in range(12)] + [(OUTCOMES, block) for block in range(5)],
    ids=lambda value: getattr(value, "kind", value),
)
def test_every_line_of_a_damaged_file_is_stored_or_rejected(tmp_path, layout, block):
    make_staging(layout)
    path = tmp_path / "file.csv"
    taken = refused = 0
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        chance = random.Random(f"{layout.kind} {seed}")
        month, raw = damaged_file(chance, layout)
        path.write_bytes(raw)
        try:
            with patience(seed):
                staged = stage(layout, Member(path), month)
                check_staged(layout, raw, staged)
            taken += 1
        except BadInput as error:
            named("file.csv", error, seed)
            refused += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}: {raw[:3000]!r}") from error
    # Both happen often, or the cases would say nothing.
    assert taken > BLOCK / 5
    assert refused > BLOCK / 20


NAMES = [
    "2021-03-west-mercia-street.csv",
    "2021-03/2021-03-west-mercia-street.csv",
    "2021-03-west-mercia-outcomes.csv",
    "2024-01/2024-01-west-mercia-street.csv",
    "2024-13-west-mercia-street.csv",
    "2999-01-west-mercia-street.csv",
    "2021-03-warwickshire-street.csv",
    "2021-03-WEST-MERCIA-STREET.CSV",
    "2021-03-west-mercia-stop-and-search.csv",
    "street.csv",
    "__MACOSX/._2021-03-west-mercia-street.csv",
    ".hidden.csv",
    "readme.txt",
    "../../2021-03-west-mercia-street.csv",
    "/2021-03-west-mercia-street.csv",
    "C:\\2021-03-west-mercia-street.csv",
    "inner.zip",
    "folder/",
    "n\u00fcll.csv",
    "a" * 300 + ".csv",
    ".csv",
    "2021-03-west-mercia-street.csv ",
    "",
]


def strange_archive(chance):
    """Return the bytes of an archive with real, damaged and strange members, damaged itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for __ in range(chance.randint(0, 4)):
            layout = chance.choice([STREET, STREET, OUTCOMES])
            month, lines, end = real_file(chance, layout, 4)
            name = (
                f"{month}-west-mercia-{layout.kind.value}.csv"
                if chance.random() < 0.8
                else chance.choice(NAMES)
            )
            raw = end.join([*lines, b""])
            info = zipfile.ZipInfo(name or "x", (2024, 1, 1, 0, 0, 0))
            info.filename = name
            info.compress_type = chance.choice(
                [zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2]
            )
            if chance.random() < 0.05:
                info.external_attr = 0o120777 << 16
            archive.writestr(info, damaged_bytes(chance, raw) if chance.random() < 0.3 else raw)
    raw = out.getvalue()
    for __ in range(chance.choice([0, 0, 0, 1, 2])):
        at = chance.randrange(len(raw) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            raw = raw[:at]
        elif kind == 1:
            raw = raw[:at] + struct.pack("<I", chance.getrandbits(32)) + raw[at + 4 :]
        elif kind == 2:
            raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        elif kind == 3:
            raw = raw[:at] + raw[at + chance.randint(1, 60) :]
        else:
            raw = bytes(chance.randrange(256) for __ in range(20)) + raw
    return raw


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("block", range(3))
def test_a_strange_archive_is_placed_or_refused_in_words(tmp_path, block):
    path = tmp_path / "archive.zip"
    placed = refused = 0
    for seed in range(block * 400, (block + 1) * 400):
        path.write_bytes(strange_archive(random.Random(f"zip {seed}")))
        try:
            with patience(seed):
                plan = make_plan([path])
            assert plan.files
            placed += 1
        except BadInput as error:
            named("archive.zip", error, seed)
            refused += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    assert placed > 40
    assert refused > 40


class UndoError(Exception):
    """Ends a case without a trace."""


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("block", range(3))
def test_what_an_import_says_is_what_the_database_holds(tmp_path, block):
    taken = 0
    for seed in range(block * 100, (block + 1) * 100):
        chance = random.Random(f"whole {seed}")
        if chance.random() < 0.5:
            path = tmp_path / "archive.zip"
            path.write_bytes(strange_archive(chance))
        else:
            layout = chance.choice([STREET, STREET, OUTCOMES])
            month, raw = damaged_file(chance, layout)
            path = tmp_path / f"{month}-west-mercia-{layout.kind.value}.csv"
            path.write_bytes(raw)
        try:
            with patience(seed), transaction.atomic():
                result = import_street_crime([path], keep_good=chance.random() < 0.7)
                check_held(result)
                raise UndoError
        except UndoError:
            taken += 1
        except BadInput as error:
            named(path.name, error, seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        assert not Incident.objects.exists()
        assert not Outcome.objects.exists()
    assert taken > 20


def check_held(result):
    """The account adds up, line by line of each file taken in, and so do the tables."""
    lines = {STREET: 0, OUTCOMES: 0}
    for file in result.plan.files:
        with file.member.open() as stream:
            lines[file.layout] += len(lines_below_header(stream.read())) - 1
    for layout, sums, model in (
        (STREET, result.files, Incident),
        (OUTCOMES, result.outcomes, Outcome),
    ):
        assert sum(one.read for one in sums) == lines[layout]
        assert all(one.read == one.stored + one.rejected for one in sums)
        assert sum(one.stored for one in sums) == model.objects.count()
        assert sum(one.without_location for one in sums) == model.objects.filter(point=None).count()
