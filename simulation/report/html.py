"""The parts of a page: one HTML file that needs nothing else, for a reader who was not there when it was computed."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from plotly.offline import get_plotlyjs

from simulation.report.page_style import STYLE

_CONFIG = {"displayModeBar": False, "responsive": True}


def page(kicker: str, title: str, sections: Iterable[str]) -> str:
    """The whole page: `kicker` says in small letters what it is about, `title` gives the answer."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(kicker)}: {escape(title)}</title>\n<style>{STYLE}</style>\n"
        f"<script>{get_plotlyjs()}</script>\n</head>\n<body>\n<main>\n"
        f'<p class="kicker">{escape(kicker)}</p>\n<h1>{escape(title)}</h1>\n'
        f"{''.join(sections)}</main>\n</body>\n</html>\n"
    )


def section(title: str, body: str) -> str:
    """A section of ready HTML under a heading."""
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>\n"


def plot(figure: Any, name: str) -> str:
    """A figure; `name` is unique on the page."""
    # A fixed id: the library would draw a random one, and no two pages would be alike.
    html: str = figure.to_html(full_html=False, include_plotlyjs=False, div_id=f"plot-{name}", config=_CONFIG)
    return f'<div class="plot">{html}</div>'


def items(lines: Iterable[str]) -> str:
    """A list of plain texts."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def table(header: Iterable[str], rows: Iterable[Iterable[str]], look: str = "wide") -> str:
    """A table of ready HTML cells; the first cell of a row names it. `look` names its classes in the style sheet."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    body = "".join(
        "<tr>" + "".join(f'<th scope="row">{cell}</th>' if not place else f"<td>{cell}</td>" for place, cell in enumerate(row)) + "</tr>\n"
        for row in rows
    )
    return f'<div class="{look}"><table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>'


def quiet_cell(text: str) -> str:
    """A value as ready HTML, its interval in a quieter hand."""
    value, bracket, interval = text.partition(" (")
    return escape(value) + (f'<span class="interval"> ({escape(interval)}</span>' if bracket else "")


def terms(pairs: Mapping[str, str]) -> str:
    """Terms and what they are, as plain texts."""
    return f"<dl>{''.join(f'<dt>{escape(term)}</dt><dd>{escape(text)}</dd>' for term, text in pairs.items())}</dl>"
