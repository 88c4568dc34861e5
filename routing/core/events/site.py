"""Facts about the site and about requests."""

from dataclasses import field

from routing.model.admission import Reception
from routing.model.ids import RequestId
from routing.model.later import LATER
from routing.model.record import record
from routing.model.site import Site
from routing.model.time import Instant


@record(frozen=True, slots=True, kw_only=True)
class RequestRecorded:
    """A request id was used: its payload hash and the subject of its answer are remembered; older ones are forgotten.

    `reception` is what an arrival was answered beyond "accepted", where there was anything.
    """

    request_id: RequestId
    payload_hash: str
    subject: str
    forget_before: Instant
    reception: Reception | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class SiteApplied:
    """The site came into force."""

    site: Site
    site_hash: str
