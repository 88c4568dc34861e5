"""What the rules draw from, and the phases they ask for."""

from hypothesis import strategies as st

from routing.core.lifecycle import InteractionPhase
from tests.routing.machine.everything import SITES_OF_EVERYTHING
from tests.routing.machine.sites import NEEDS, SITES, SKILLS

WAITING, HANDLING, HELD, WRAP_UP = InteractionPhase.WAITING, InteractionPhase.HANDLING, InteractionPhase.HELD, InteractionPhase.WRAP_UP
INTERRUPTED = InteractionPhase.INTERRUPTED


PLAIN = range(len(SITES) - len(SITES_OF_EVERYTHING))
EVERYTHING = range(len(SITES) - len(SITES_OF_EVERYTHING), len(SITES))
"""Where capabilities meet, and so drawn more often."""

numbers = st.integers(min_value=0, max_value=50)
request_ids = st.sampled_from((None, None, None, None, None, None, None, "r1", "r2"))
needs = st.sampled_from(NEEDS)
skills = st.sampled_from(SKILLS)
FIRST_SITES = (*range(len(SITES)), *(tuple(EVERYTHING) * 4))
site_numbers = st.sampled_from(FIRST_SITES)
durations = st.sampled_from((0, 1, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 15_000, 60_000))
