"""From a command to the events it causes, or a refusal. Nothing here changes the state."""

from routing.core.decide.command import decide, recall
from routing.core.decide.deadline import decide_deadline

__all__ = ["decide", "decide_deadline", "recall"]
