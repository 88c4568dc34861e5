"""The operations log: structured lines on standard error. What was routed is in the journal, not here."""

import sys

import structlog


def configure_log() -> structlog.typing.FilteringBoundLogger:
    """A logger that writes one JSON object a line, or readable lines where a person looks on."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False) if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return log
