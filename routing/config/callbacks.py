"""The call-backs of a queue as a site file writes them."""

from typing import Annotated

from pydantic import Field

from routing.config.defaults import first_given
from routing.config.document import FileModel
from routing.config.values import DurationMs, PositiveDurationMs
from routing.core.validate import ATTEMPTS_MAX, CLASS_RANK_MAX
from routing.model.callback import NO_CALLBACKS, CallbackRule


class CallbackFile(FileModel):
    """How often customers are tried, how far apart, and what a promise does; a queue without `attempts` takes no call-backs."""

    attempts: Annotated[int, Field(ge=0, le=ATTEMPTS_MAX)] | None = None
    spacing: DurationMs | None = None
    answer_timeout: PositiveDurationMs | None = None
    promise_lead: DurationMs | None = None
    promise_class: Annotated[int, Field(ge=0, le=CLASS_RANK_MAX)] | None = None

    def to_model(self, defaults: "CallbackFile") -> CallbackRule:
        """The rule as the router takes it."""
        return CallbackRule(
            attempts_max=first_given(self.attempts, defaults.attempts, NO_CALLBACKS.attempts_max),
            spacing_ms=first_given(self.spacing, defaults.spacing, NO_CALLBACKS.spacing_ms),
            answer_timeout_ms=first_given(self.answer_timeout, defaults.answer_timeout, NO_CALLBACKS.answer_timeout_ms),
            promise_lead_ms=first_given(self.promise_lead, defaults.promise_lead, NO_CALLBACKS.promise_lead_ms),
            promise_class_rank=defaults.promise_class if self.promise_class is None else self.promise_class,
        )
