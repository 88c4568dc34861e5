"""`careroute bench imports`: every importer on a million rows, some damaged, by the command in its own process."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.import_fuzz import SAMPLES, Sample, write_damaged_log
from benchmarks.result import Result

PACKAGES = ("msgspec", "polars")

ROWS = 1_000_000
ROWS_QUICK = 20_000
DAMAGED_SHARE = 0.02
SEED = 1

_SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "simulation" / "importers" / "samples"
_COMMAND = "import sys; from routing.cli import main; main(sys.argv[1:])"


def run(*, quick: bool) -> Iterator[Result]:
    """Seconds, peak memory and every reason of the report, for each format."""
    for sample in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            yield from _measured(sample, Path(folder), ROWS_QUICK if quick else ROWS)


def _measured(sample: Sample, folder: Path, rows: int) -> Iterator[Result]:
    log, mapping, report = folder / "log", folder / "mapping.toml", folder / "report.json"
    write_damaged_log(log, _SAMPLES, sample, rows=rows, seed=SEED, share=DAMAGED_SHARE)
    least = f'schema = "careroute/mapping/1"\nformat = "{sample.log_format}"\ntrust = {{ dirty_share_max = 1.0 }}\n'
    mapping.write_text((_SAMPLES / sample.mapping).read_text(encoding="utf-8") if sample.mapping else least, encoding="utf-8")
    command = [
        "import",
        str(log),
        "--mapping",
        str(mapping),
        "--out",
        str(folder / "out.csv.gz"),
        "--roster",
        str(folder / "who.toml"),
        "--json",
    ]
    started = time.perf_counter()
    with report.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", _COMMAND, *command], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)  # wait4 has waited, of which Popen knows nothing
    seconds = time.perf_counter() - started
    if status:
        raise RuntimeError(f"the import of {sample.name} ended with status {status}")
    told = json.loads(report.read_bytes())
    case = sample.log_format
    yield Result(case=case, metric="log", value=log.stat().st_size / 1e6, unit="MB")
    yield Result(case=case, metric="wall clock", value=seconds, unit="s")
    yield Result(case=case, metric="processor", value=usage.ru_utime + usage.ru_stime, unit="s")
    yield Result(case=case, metric="peak memory", value=usage.ru_maxrss / 1024, unit="MiB")
    for key in ("read", "used", "filtered", "dirty"):
        yield Result(case=case, metric=key, value=told[key], unit="rows")
    yield Result(case=case, metric="written", value=told["written"], unit="interactions")
    for reason in told["reasons"]:
        lines = ", ".join(str(line) for line in reason["first_lines"])
        yield Result(case=case, metric=f"{reason['treatment']}: {reason['reason']} (first in {lines})", value=reason["count"], unit="rows")
