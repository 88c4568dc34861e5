"""A fitted behaviour as a behaviour file, as plain data, and in lines for a terminal."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, assert_never

from routing.config.errors import ConfigError
from routing.config.values import identifier_fault
from routing.model.ids import AgentId
from simulation import laws
from simulation.behaviour_file import BEHAVIOUR_SCHEMA, load_behaviour
from simulation.files import write_text
from simulation.fits.likelihood import Fit
from simulation.fits.observed import Waits
from simulation.fits.rules import AgentSpeed, BehaviourFit, FittedRule
from simulation.streams import Purpose

SCHEMA = "careroute/fit/1"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
TABLES = {Purpose.PATIENCE: "patience", Purpose.WORK: "work", Purpose.WRAP_UP: "wrap_up", Purpose.ANSWER: "answer"}
RETURN_AFTER = {"draw": {"law": "constant", "value": "1min"}, "source": "assumption: not in the log; agents return after a minute"}


def write_behaviour(fit: BehaviourFit, path: Path, *, of: Collection[AgentId] | None = None) -> Path:
    """Write the behaviour file and read it back, so that nothing is left that a scenario would refuse.

    `of` are the agents who get an entry of `[[pace]]` where theirs differs; all by default.

    Raises:
        ConfigError: the log tells nothing of how long work takes, or the file cannot be written.
    """
    if not fit.of(Purpose.WORK):
        remedy = "A behaviour file needs work: fit a log with answered_at_ms and ended_at_ms of those who were answered, or a journal."
        raise ConfigError("tells nothing of how long work takes", file=Path(fit.log), remedy=remedy)
    blocks = [f"schema = {_toml(BEHAVIOUR_SCHEMA)}"]
    for purpose, table in TABLES.items():
        blocks += [_block(f"[[{table}]]", _rule(rule, fit.log)) for rule in fit.of(purpose)]
    blocks += [_block("[[pace]]", _pace(one, fit.log)) for one in with_entry(fit, of)]
    written = write_text(path, "\n\n".join((*blocks, _block("[return_after]", RETURN_AFTER))) + "\n")
    load_behaviour(written)
    return written


def with_entry(fit: BehaviourFit, of: Collection[AgentId] | None) -> tuple[AgentSpeed, ...]:
    """The agents who get an entry of `[[pace]]`: whose pace differs, who are asked for, and whose name can be an id in a roster."""
    return tuple(one for one in fit.paced if (of is None or one.agent in of) and identifier_fault(one.agent) is None)


def _pace(one: AgentSpeed, log: str) -> dict[str, Any]:
    raw = f"{one.factor:.3g} ({one.low:.3g} to {one.high:.3g})"
    source = f"data: {log}, {one.handled:,} handled, factor {raw}, 99 % interval; drawn towards 1 by how much of it may be chance"
    return {"agents": [one.agent], "factor": one.pace, "source": source}


def _block(head: str, keys: Mapping[str, Any]) -> str:
    return "\n".join((head, *(f"{key} = {_toml(value)}" for key, value in keys.items())))


def _toml(value: Any) -> str:
    """A value as TOML on one line, which people can edit; the packages that write TOML spread small tables over many."""
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{json.dumps(key) if _BARE.fullmatch(key) is None else key} = {_toml(one)}" for key, one in value.items())
            + " }"
        )
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _rule(rule: FittedRule, log: str) -> dict[str, Any]:
    when = {"when": {name: list(values) for name, values in rule.when.items()}} if rule.when else {}
    return {**when, "draw": _draw(rule.law), "source": source_of(rule, log)}


def _draw(law: laws.Law | laws.Never) -> dict[str, Any]:
    match law:
        case laws.Exponential():
            return {"law": "exponential", "mean": _duration(law.mean_ms)}
        case laws.Weibull():
            return {"law": "weibull", "scale": _duration(law.scale_ms), "shape": round(law.shape, 6)}
        case laws.Lognormal():
            return {"law": "lognormal", "mean": _duration(law.mean_ms), "cv": round(law.cv, 6)}
        case laws.Gamma():
            return {"law": "gamma", "mean": _duration(law.mean_ms), "cv": round(law.cv, 6)}
        case laws.Empirical():
            return {"law": "empirical", "values": [_duration(value) for value in law.values_ms]}
        case laws.Never():
            return {"law": "never"}
        case laws.Constant() | laws.Uniform() | laws.Triangular() | laws.Quantiles():
            raise ValueError(f"{type(law).__name__} is not fitted")
    assert_never(law)


def _duration(milliseconds: float) -> str:
    return f"{f'{round(milliseconds) / 1_000:.3f}'.rstrip('0').rstrip('.')}s"


def source_of(rule: FittedRule, log: str) -> str:
    """The line that a behaviour file and every report carry: from what, how, and how sure."""
    told = f"data: {log}, {sample_text(rule)}; {rule.why}"
    chosen = rule.chosen
    if chosen is None:
        return told
    return f"{told}; {parameters_text(chosen)}; at most {rule.distance:.1%} from what was observed"


def parameters_text(fit: Fit) -> str:
    """Parameters with their intervals, in words."""
    return f"{', '.join(parameter_texts(fit))}, 99 % intervals"


def parameter_texts(fit: Fit) -> tuple[str, ...]:
    """Each parameter with its interval."""
    return tuple(
        f"{name.removesuffix('_s').replace('_', ' ')} {_figure(one.value, name)} ({_figure(one.low, name)} to {_figure(one.high, name)})"
        for name, one in fit.parameters.items()
    )


def sample_text(rule: FittedRule) -> str:
    """From how many, with what was handled by name."""
    sample = rule.sample
    if isinstance(sample, Waits):
        at_once = {"were answered at once": sample.answered_at_once, "left at once": sample.left_at_once}
        apart = "".join(f", apart from {count:,} who {what}" for what, count in at_once.items() if count)
        return f"{len(sample.waits_ms):,} waits of which {sample.left:,} ended with the customer leaving{apart}"
    count = len(sample.durations_ms)
    short = f", {sample.short:,} of them under 10 s" if rule.purpose is Purpose.WORK and sample.short else ""
    return f"{count:,} durations{short}" + (f", {sample.of_zero:,} of zero apart" if sample.of_zero else "")


def document_of(fit: BehaviourFit) -> dict[str, Any]:
    """The content of `careroute/fit/1`."""
    return {
        "schema": SCHEMA,
        "log": fit.log,
        "confidence": 0.99,
        "rows": dict(fit.counts),
        "rules": [_rule_document(rule, fit.log) for rule in fit.rules],
        "agents": [asdict(one) for one in fit.agents],
    }


def _rule_document(rule: FittedRule, log: str) -> dict[str, Any]:
    sample = rule.sample
    counted = (
        {
            "waits": len(sample.waits_ms),
            "left": sample.left,
            "answered_at_once": sample.answered_at_once,
            "left_at_once": sample.left_at_once,
        }
        if isinstance(sample, Waits)
        else {"durations": len(sample.durations_ms), "of_zero": sample.of_zero, "under_10_s": sample.short}
    )
    return {
        "table": TABLES[rule.purpose],
        "when": {name: list(values) for name, values in rule.when.items()},
        "law": _draw(rule.law),
        "source": source_of(rule, log),
        "sample": counted,
        "distance": rule.distance,
        "within_band": rule.within_band,
        "families": [
            {
                "law": fit.family.name,
                "aic": fit.aic,
                "log_likelihood": fit.log_likelihood,
                "parameters": {name: {"value": one.value, "low": one.low, "high": one.high} for name, one in fit.parameters.items()},
            }
            for fit in rule.fits
        ],
    }


def lines_of(fit: BehaviourFit, *, of: Collection[AgentId] | None = None) -> Iterator[str]:
    """The fit for a terminal; `of` as for `write_behaviour`."""
    yield f"{fit.log}: {sum(fit.counts.values()):,} rows"
    for word, count in fit.counts.items():
        yield f"  {count:,} {word}"
    for rule in fit.rules:
        yield f"{TABLES[rule.purpose]}{whom(rule)}: {source_of(rule, fit.log).removeprefix(f'data: {fit.log}, ')}"
    odd = [one for one in fit.agents if not one.low <= 1 <= one.high]
    if fit.agents:
        yield f"agents: {len(fit.agents)} with enough to compare, {len(odd)} whose handling differs from the others' at 99 %"
    if fit.paced:
        yield (
            f"pace: {len(with_entry(fit, of))} of {len(fit.paced)} agents who differ have an entry of [[pace]]; work is fitted "
            "at a common pace, with which theirs multiplies"
        )


def whom(rule: FittedRule) -> str:
    """For whom a rule holds, in brackets; empty for everybody."""
    parts = [f"{name} {', '.join(values)}" for name, values in rule.when.items()]
    return f" ({'; '.join(parts)})" if parts else ""


def _figure(value: float, name: str) -> str:
    return f"{value:,.1f} s" if name.endswith("_s") else f"{value:.3g}"
