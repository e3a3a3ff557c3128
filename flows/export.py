"""Taking a warehouse's content out: tables as files, or the archived responses."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.errors import ExitCode, Failure
from spiders.manifest import WARC_SUFFIX
from warehouse.export import ExportFormat, export_tables, export_tables_without_reserved_text
from warehouse.master import open_published
from warehouse.paths import WarehousePaths


def export_to(warehouse: Path, folder: Path, kind: str, *, full_text: bool) -> tuple[Path, ...]:
    """Write all public tables, or the archive's WARC files. Returns the files written.

    Raises:
        Failure: WARC files without full text are asked for.
        WarehouseError: there is no warehouse, or the folder can't be written.
    """
    if kind == "warc":
        if not full_text:
            raise Failure(
                "WARC files hold the pages as they came, texts included; "
                "choose parquet, csv or jsonl with --no-full-text",
                ExitCode.WRONG,
            )
        return _copy_archive(warehouse, folder)
    write = export_tables if full_text else export_tables_without_reserved_text
    return tuple(table.file for table in write(warehouse, folder, ExportFormat(kind)))


def _copy_archive(warehouse: Path, folder: Path) -> tuple[Path, ...]:
    with open_published(warehouse):
        archive = WarehousePaths.of(warehouse).archive
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(archive.glob(f"*{WARC_SUFFIX}"))
    return tuple(Path(shutil.copy2(file, folder / file.name)) for file in files)
