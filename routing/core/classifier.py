"""What the core asks of classification."""

from typing import Protocol

from routing.model.interaction import Interaction
from routing.model.route import Route
from routing.model.site import Site
from routing.model.time import Instant


class Classifier(Protocol):
    """Decides the route of an interaction, on arrival and again when it or the site changes."""

    def __call__(self, interaction: Interaction, eligible_since: Instant, site: Site) -> Route | None:
        """The route with absolute step times counted from `eligible_since`, or `None` where no rule matches.

        The same arguments must always give an equal route.
        """
        ...
