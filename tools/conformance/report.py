"""The report of the conformance run."""

from collections import Counter

from tools.conformance.examination import SHOWN

__all__ = ["table", "unexplained"]


def table(results):
    """The report, in Markdown: one row for each family of calls, then the deviations and the failures."""
    lines = [
        "| suite | operation | options | calls | values | equal | refusals predicted | known deviations | unexplained |"
    ]
    lines.append("|---|---|---|--:|--:|--:|--:|--:|--:|")
    total, seen = Counter(), Counter()
    for suite, result in results.items():
        for operation, family, row in result["rows"]:
            deviations = {n.removeprefix("deviation "): c for n, c in row.items() if n.startswith("deviation ")}
            seen.update(deviations)
            counts = [row.get(name, 0) for name in ("calls", "values", "equal", "refused")]
            counts += [sum(deviations.values()), row.get("unexplained", 0)]
            total.update(dict(enumerate(counts)))
            lines.append(f"| {suite} | {operation} | {family} | {' | '.join(f'{count:,}' for count in counts)} |")
    lines.append(f"| **all** | | | {' | '.join(f'**{total[n]:,}**' for n in range(6))} |")
    lines += ["", "Known deviations (`tools/conformance/deviations.py`):", ""]
    lines += [f"* {name}: {count:,}" for name, count in sorted(seen.items())] or ["* none"]
    lines += ["", "Versions and seconds:", ""]
    lines += [f"* {suite}: {result['version']}, {result['seconds']:.0f} s" for suite, result in results.items()]
    failures = [failure for result in results.values() for failure in result["failures"]]
    if failures:
        lines += ["", f"UNEXPLAINED (at most {SHOWN} a row):", "", *(f"* {failure}" for failure in failures)]
    return "\n".join(lines) + "\n"


def unexplained(results):
    """How many calls no rule and no deviation explains; a suite that did not finish counts as one."""
    return sum(row.get("unexplained", 0) for result in results.values() for *_, row in result["rows"]) + sum(
        not result["rows"] for result in results.values()
    )
