"""The style sheet of the report page: one column of text, wide tables that scroll, and a page that prints."""

STYLE = """
:root { --ink: #22282d; --quiet: #5b6770; --rule: #d9dee2; --good: #00664a; --bad: #a33b00; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
.kicker { margin: 0; color: var(--quiet); }
h1 { margin: 4px 0 24px; font-size: 28px; line-height: 1.25; max-width: 34em; text-wrap: balance; }
h2 { margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--rule); font-size: 20px; }
h3 { margin: 20px 0 4px; font-size: 16px; }
p, li { max-width: 46em; }
ul { padding-left: 1.2em; }
li { margin: 4px 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 8px 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child { text-align: left; font-weight: 400; white-space: normal; min-width: 11em; }
th:first-child { position: sticky; left: 0; background: #fff; }
thead th { font-weight: 600; color: var(--ink); white-space: normal; vertical-align: bottom; }
.stacked .interval, .stacked .alike { display: block; color: var(--quiet); font-size: 12px; line-height: 1.3; }
.stacked .alike { margin-left: 16px; }
thead th:first-child { color: var(--quiet); }
.interval { color: var(--quiet); }
.dot { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 50%; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.good .interval, .bad .interval { color: inherit; font-weight: 400; }
.plot { margin: 8px 0 16px; }
code { font-size: 0.92em; }
@media (max-width: 700px) { dl { grid-template-columns: 1fr; } h1 { font-size: 23px; } }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid-page; } h2 { border: 0; } body { font-size: 12px; } }
"""
