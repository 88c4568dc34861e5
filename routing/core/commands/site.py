"""Commands about the site."""

from dataclasses import dataclass

from routing.core.commands.request import Request
from routing.model.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplySite(Request):
    """Replace the site; waiting interactions are classified again."""

    site: Site
