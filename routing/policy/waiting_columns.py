"""Waiting interactions as columns: those that want an offer, packed without holes.

Derived from the state's rows. A row number has no meaning outside this index: removing an interaction moves the last one into its place.
"""

from collections.abc import Mapping

import numpy as np

from routing.core.state import InteractionRow
from routing.model.ids import AgentId, InteractionId
from routing.policy.arrays import IntArray, grown

# Rows of the table; one column per waiting interaction. What urgency reads (BASE to AGED_FROM) and what orders pairs (AGED_FROM to
# CLASS_RANK) stand together, so that one read fetches them.
_FIELDS = 18
CHANNEL, PROFILE, LIVE_OFFERS, IS_BARRED, IS_PREFERRING, IS_RESERVED, EXPECTED = range(7)
BASE, SLOPE, CAP, WEIGHT, TARGET, COARSENESS, ENQUEUED_AT, AGED_FROM, SEQUENCE, CLASS_RANK, QUEUE = range(7, _FIELDS)

_PRODUCT_BITS_MAX = 62


class WaitingColumns:
    """The interactions that want an offer. `table` has shape (18, rows), int64; the module's constants name its rows.

    Times are ms. `AGED_FROM` is the instant from which routing age counts (enqueued, less the credit). `IS_BARRED` marks rows with an entry
    in `barred`: agents who must not be offered the interaction now, because of a cooldown, because it is ringing at them already,
    or because they handed it on;
    `IS_PREFERRING` marks rows with an entry in `preferred`, `IS_RESERVED` those with one in `reserved`: the agents who alone may have it,
    and for whom it is worth more wait. `TARGET` is in units of `2**COARSENESS` ms, so that its product with `WEIGHT`
    fits 64 bits. `QUEUE` is the queue's place in the site.
    `EXPECTED` is how long before an agent's commitment the interaction must begin, ms.
    """

    def __init__(self) -> None:
        self.count = 0
        self.extra_count = 0
        self.ids: list[InteractionId] = []
        self.row_of: dict[InteractionId, int] = {}
        self.barred: dict[InteractionId, tuple[AgentId, ...]] = {}
        self.preferred: dict[InteractionId, Mapping[AgentId, int]] = {}
        self.reserved: dict[InteractionId, tuple[AgentId, ...]] = {}
        self.table: IntArray = np.zeros((_FIELDS, 16), dtype=np.int64)

    def put(self, row: InteractionRow, *, channel: int, profile: int, queue: int, expected_ms: int) -> None:
        """Enter or refresh an interaction that wants an offer."""
        interaction = row.interaction
        index = self.row_of.get(interaction.id)
        if index is None:
            index = self._new_row(interaction.id)
        else:
            self.extra_count -= int(self.table[LIVE_OFFERS, index]) > 0
        if interaction.preferred_agents:
            self.preferred[interaction.id] = interaction.preferred_agents
        else:  # between two refreshes an interaction may end and another arrive under its forgotten id
            self.preferred.pop(interaction.id, None)
        barred: tuple[AgentId, ...] = ()
        if row.exclusions or row.offers or row.apart:
            barred = (*row.exclusions, *row.offers.values(), *row.apart)
        if interaction.leg is not None:
            barred += interaction.leg.barred
        if barred:
            self.barred[interaction.id] = barred
        else:
            self.barred.pop(interaction.id, None)
        reserved = row.route.reserved
        expedite_ms = 0
        if reserved is not None:
            self.reserved[interaction.id] = reserved.agents
            expedite_ms = reserved.expedite_ms
        elif self.reserved:
            self.reserved.pop(interaction.id, None)
        urgency = row.route.urgency
        eligible_since = row.eligible_since
        live_offers = len(row.offers)
        self.extra_count += live_offers > 0
        coarseness = max(0, urgency.pressure_weight_ms.bit_length() + urgency.target_ms.bit_length() - _PRODUCT_BITS_MAX)
        self.table[:, index] = (
            channel,
            profile,
            live_offers,
            len(barred) > 0,
            interaction.id in self.preferred,
            reserved is not None,
            expected_ms,
            urgency.base_ms + expedite_ms,
            urgency.slope_per_mille,
            urgency.cap_ms + expedite_ms,
            urgency.pressure_weight_ms,
            urgency.target_ms >> coarseness,
            coarseness,
            eligible_since,
            eligible_since - interaction.routing_credit_ms,
            row.sequence,
            row.class_rank,
            queue,
        )

    def remove(self, interaction_id: InteractionId) -> None:
        """Take an interaction out if it is here."""
        index = self.row_of.pop(interaction_id, None)
        if index is None:
            return
        self.barred.pop(interaction_id, None)
        self.preferred.pop(interaction_id, None)
        self.reserved.pop(interaction_id, None)
        self.extra_count -= int(self.table[LIVE_OFFERS, index]) > 0
        self.count -= 1
        last = self.ids.pop()
        if last != interaction_id:
            self.ids[index] = last
            self.row_of[last] = index
            self.table[:, index] = self.table[:, self.count]

    def _new_row(self, interaction_id: InteractionId) -> int:
        index = self.count
        if index == self.table.shape[1]:
            self.table = grown(self.table, 2 * index, 0).astype(np.int64, copy=False)
        self.count += 1
        self.ids.append(interaction_id)
        self.row_of[interaction_id] = index
        return index
