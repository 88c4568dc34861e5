"""Laws from what was observed: a column of a table, and quantiles as a report prints them."""

from pathlib import Path

import numpy as np
import pytest

from routing.config.errors import ConfigError
from routing.model.time import MINUTE_MS, SECOND_MS
from simulation import laws
from simulation.behaviour import Behaviour
from simulation.behaviour_file import load_behaviour

QUANTILES = 'law = "quantiles", points = [[0, "10s"], [0.5, "3min"], [1, "30min"]]'


def a_behaviour_with(folder: Path, draw: str) -> Behaviour:
    """The behaviour of a file whose work has this law."""
    path = folder / "behaviour.toml"
    path.write_text(
        'schema = "careroute/behaviour/1"\n\n'
        f'[[work]]\ndraw = {{ {draw} }}\nsource = "data: a test"\n\n'
        '[return_after]\ndraw = { law = "constant", value = "1min" }\nsource = "data: a test"\n'
    )
    return load_behaviour(path)


def test_a_column_of_a_table_is_a_law(tmp_path: Path) -> None:
    """Seconds with decimals, in any order, beside empty cells; the file is found beside the behaviour."""
    (tmp_path / "times.csv").write_text("agent,talk_s\nana,61.5\nben,\ncem,12\nana,600\n")
    law = a_behaviour_with(tmp_path, 'law = "empirical", table = "times.csv", column = "talk_s"').work[0].law
    assert law == laws.Empirical(values_ms=(12_000, 61_500, 600_000))
    law = a_behaviour_with(tmp_path, 'law = "empirical", table = "times.csv", column = "talk_s", unit = "min"').work[0].law
    assert law == laws.Empirical(values_ms=(12 * MINUTE_MS, 61_500 * 60, 600 * MINUTE_MS))


def test_quantiles_are_evenly_spread_between_their_points(tmp_path: Path) -> None:
    """Half of the durations up to three minutes, the others up to half an hour; mean, survival and quantiles fit together."""
    law = a_behaviour_with(tmp_path, QUANTILES).work[0].law
    assert isinstance(law, laws.Quantiles)
    draws = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    expected = [10, 95, 180, 990, 1_800]
    assert (laws.durations_ms(law, draws) / SECOND_MS).tolist() == expected
    assert laws.mean_ms(law) == pytest.approx(((10 + 180) / 2 + (180 + 1_800) / 2) / 2 * SECOND_MS)
    assert laws.survival(law, np.array(expected) * 1_000.0).tolist() == pytest.approx([1, 0.75, 0.5, 0.25, 0])
    assert laws.beyond_ms(law, np.array([180_000]), np.array([0.5])).tolist() == [990_000]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        ('law = "empirical"', "needs values, or table and column"),
        ('law = "empirical", table = "times.csv"', "needs values, or table and column"),
        ('law = "empirical", values = ["1s"], table = "times.csv", column = "talk_s"', "needs values, or table and column"),
        ('law = "empirical", table = "none.csv", column = "talk_s"', "cannot be read"),
        ('law = "empirical", table = "times.csv", column = "talks"', '"talks" is not a column of the table. Did you mean "talk_s"?'),
        ('law = "empirical", table = "times.csv", column = "talk_s"', 'times.csv, line 3, key talk_s: "-4" is not a duration.'),
        ('law = "empirical", table = "times.csv", column = "hold"', "has no durations"),
        (QUANTILES.replace('[1, "30min"]', '[0.9, "30min"]'), "the first share is not 0, or the last not 1"),
        (QUANTILES.replace("3min", "5s"), "shares and durations do not rise from point to point"),
        (QUANTILES.replace('[0.5, "3min"]', "0.5"), "is not a list of points"),
        (QUANTILES.replace('"3min"', "180"), "180 has no unit"),
    ],
)
def test_what_is_no_law_is_refused(tmp_path: Path, draw: str, message: str) -> None:
    """Each fault names the file, and the row where a table has it."""
    (tmp_path / "times.csv").write_text("agent,talk_s,hold\nana,61.5,\nben,-4,\n")
    with pytest.raises(ConfigError) as caught:
        a_behaviour_with(tmp_path, draw)
    assert message in str(caught.value).replace(f"{tmp_path}/", "")
