"""What real pages cost a backfill: gold pages of `../shared` as a WARC file, all of them kept, or none."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from flows.backfill.drive import extract
from flows.backfill.jobs import FileJob
from flows.backfill.parts import ARCHIVE_FOLDER, DERIVED_FILE, TEXTS_FILE
from flows.codec import read_derived
from flows.rules import rules_version
from flows.story_file import read_story
from spiders.local_archives import ArchiveFile
from spiders.local_warc import read_warc
from tests.benchmarks.backfill_engines import MeteredEngine, engine_of, metered, peak_megabytes
from tests.benchmarks.bench_workers import SETS
from tests.benchmarks.page_scores import read_pages
from tests.flows.warc_press import response

TAKEN_AT = datetime(2024, 2, 1, tzinfo=UTC)
STORIES = {  # a word that all have, and one that none has
    "kept": '[story]\nname = "a"\ntitle = "All"\n[match]\nany = ["the|a|e|o|de|la|und|的|を"]\n',
    "not about the story": '[story]\nname = "b"\ntitle = "None"\n[match]\nall = ["zxqzxq"]\n',
}
WARM_UP_PAGES = 40


def measure_pages(folder: Path, pages: int) -> None:
    """Print what a page costs that is kept, and one that isn't; and what a kept one weighs."""
    rows = [row for name in SETS for row in islice(read_pages(name), pages // len(SETS))]
    if not rows:
        print("the gold pages are absent: real pages not measured")
        return
    warc, warm_up = folder / "gold.warc.gz", folder / "warm.warc.gz"
    bodies = [row["html"].encode("utf-8", "replace") for row in rows]
    for path, own in ((warc, bodies), (warm_up, bodies[:WARM_UP_PAGES])):
        path.write_bytes(
            b"".join(response(f"http://pages.example/{at}", body, TAKEN_AT) for at, body in enumerate(own))
        )
    size = sum(map(len, bodies)) / len(bodies)
    with metered() as reading:
        count = sum(1 for _ in read_warc(warc, "file:gold"))
    weight = warc.stat().st_size / count
    print(f"\n{count} real pages of {size / 1000:.0f} kB, {weight / 1000:.0f} kB in the WARC file\n")
    print("| pages | ms of processor time each | pages a processor s |")
    print("| --- | --- | --- |")
    print_pace("read and sifted alone", reading[0].processor, count)
    for name in STORIES:
        with engine_of("local", 1) as engine:
            extract([job_of(folder, warm_up, name, 1)], engine, lambda line: None)
            metering = MeteredEngine(engine)
            job = job_of(folder, warc, name, 2)
            extract([job], metering, lambda line: None)
            peaks = peak_megabytes()
        seconds = metering.costs["extract"].processor
        print_pace(name, seconds, count)
        if name == "kept":
            print_weights(job.part)
    print("\nMost memory of the processes of a worker, MB:", ", ".join(f"{peak:.0f}" for peak in peaks))


def print_pace(what: str, seconds: float, count: int) -> None:
    print(f"| {what} | {1000 * seconds / count:.1f} | {count / seconds:,.0f} |", flush=True)


def job_of(folder: Path, warc: Path, name: str, number: int) -> FileJob:
    parts = folder / f"parts of {name}"
    parts.mkdir(exist_ok=True)
    (folder / "story.toml").write_text(STORIES[name], encoding="utf-8")
    story = read_story(folder / "story.toml")
    state = ArchiveFile.of(warc).state
    return FileJob(
        "run-000001",
        number,
        str(warc),
        state,
        str(parts),
        json.dumps(story.definition()),
        TAKEN_AT.isoformat(),
        rules_version(story.clean),
    )


def print_weights(part: Path) -> None:
    """Bytes of a kept page: in the archive, derived, as fingerprints, and in the command's memory."""
    tracemalloc.start()
    derived = list(read_derived(part / DERIVED_FILE))
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    count = len(derived)
    archive = sum(path.stat().st_size for path in (part / ARCHIVE_FOLDER).iterdir())
    weights = {
        "in the archive": archive,
        "derived, JSON": (part / DERIVED_FILE).stat().st_size,
        "fingerprints, Parquet": (part / TEXTS_FILE).stat().st_size,
        "in the memory of the command": memory,
    }
    for what, weight in weights.items():
        print(f"| a kept page, kB {what} | {weight / count / 1000:.1f} | |")
