"""`careroute bench imports` prints what it measures, format by format."""

import pytest

from benchmarks import imports
from benchmarks.import_fuzz import SAMPLES
from routing.cli import main


def test_every_format_is_measured_and_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """With few rows here; every reason of an import's report is a line, and counts are whole numbers."""
    monkeypatch.setattr(imports, "ROWS_QUICK", 200)
    with pytest.raises(SystemExit) as ended:
        main(["bench", "imports", "--quick"])
    assert not ended.value.code
    lines = capsys.readouterr().out.splitlines()
    for sample in SAMPLES:
        of_format = [line for line in lines if line.startswith(sample.log_format)]
        assert any("peak memory" in line and line.endswith("MiB") for line in of_format)
        assert any(line.split()[1:2] == ["read"] and line.split()[2].isdigit() for line in of_format)
        assert any("dirty: " in line for line in of_format)
