"""Who stands in the line and wants an agent: the one place that says how many live offers a waiting interaction may have."""

from routing.core.state import InteractionRow, State
from routing.model.callback import CallbackStage
from routing.model.site import Site


def offers_max(state: State, site: Site, row: InteractionRow) -> int:
    """How many live offers a waiting interaction may have at once: its queue's number, with two exceptions.

    What waits for its queue to open may have none. Of the call-backs, one that is put off, or that would exceed the site's number of
    running call-backs, may have none; one whose customer is rung up first needs a single agent in reserve.
    """
    callback = row.callback
    if row.awaits_opening:
        return 0
    queue_max = site.queues[row.route.queue_id].max_live_offers
    if callback is None or not callback.is_pending:
        return queue_max
    if callback.stage is CallbackStage.DEFERRED or not _may_run(state, site, row):
        return 0
    return 1 if callback.is_reserving else queue_max


def _may_run(state: State, site: Site, row: InteractionRow) -> bool:
    limit, in_flight = site.running_callbacks_max, state.callbacks.in_flight
    return not limit or len(in_flight) < limit or row.interaction.id in in_flight
