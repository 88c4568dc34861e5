"""Decisions as a table: one row an offer, with reasons and outcome, from a saved log."""

from contextlib import closing
from pathlib import Path

import pytest

import simulation
from routing.config.errors import ConfigError
from routing.core import events
from routing.store.codec import read_events
from routing.store.sqlite import read_journal
from tests.simulation.comparisons import a_busy_office


def test_every_offer_is_a_row(tmp_path: Path) -> None:
    """As many rows as offers, those accepted as often as the log says, each in the queue that its interaction stood in."""
    simulation.compare(a_busy_office(hours=1), policies=["least-cost"], replications=1, save_logs=tmp_path / "logs")
    frame = simulation.decisions(tmp_path / "logs" / "least-cost-r0000")
    with closing(read_journal(tmp_path / "logs" / "least-cost-r0000")) as journal:
        log = [recorded.event for recorded in read_events(journal)]
    offers = [event for event in log if isinstance(event, events.OfferMade)]
    assert frame["offer_id"].to_list() == [offer.offer_id for offer in offers]
    accepted = sum(isinstance(event, events.OfferAccepted) for event in log)
    assert frame.filter(outcome="accepted").height == accepted > 10
    assert set(frame.filter(channel="email")["queue"]) == {"letters"}
    assert frame["eligible"].to_list() == [offer.decision.eligible for offer in offers]
    assert (frame["waited_ms"] >= 0).all()
    runners_up = frame.filter(frame["next_net"].is_not_null())
    assert (runners_up["net"] >= runners_up["next_net"]).all()


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    """In one message."""
    with pytest.raises(ConfigError, match="journal"):
        simulation.decisions(tmp_path)
