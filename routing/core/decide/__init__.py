"""From a command to the events it causes, or a refusal. Nothing here changes the state."""

from routing.core.decide.command import decide, recall
from routing.core.decide.deadline import decide_deadline
from routing.core.decide.ladders import decide_early_steps

__all__ = ["decide", "decide_deadline", "decide_early_steps", "recall"]
