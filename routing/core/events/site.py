"""Facts about the site and about requests."""

from dataclasses import dataclass

from routing.model.ids import RequestId
from routing.model.site import Site
from routing.model.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecorded:
    """A request id was used: its payload hash and the subject of its answer are remembered; older ones are forgotten."""

    request_id: RequestId
    payload_hash: str
    subject: str
    forget_before: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteApplied:
    """The site came into force."""

    site: Site
    site_hash: str
