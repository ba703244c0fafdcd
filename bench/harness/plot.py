"""Bars as SVG, legible on light and dark ground alike."""

import math
from html import escape

ROW, LABEL, BAR, VALUE = 22, 250, 420, 90
INK, OURS, LIMIT, OTHERS = "#808890", "#2f7fd6", "#35a06a", "#a8b0b8"
FONT = 'font-family="system-ui, sans-serif" font-size="13"'


def colour(name):
    if name.startswith("headrace"):
        return OURS
    return LIMIT if name == "limit" else OTHERS


def text(x, y, words, anchor="start", weight="normal"):
    return (f'<text x="{x}" y="{y}" fill="{INK}" text-anchor="{anchor}" font-weight="{weight}" '
            f'{FONT}>{escape(words)}</text>')


def bars(title, values, unit):
    """One picture: `values` are (name, value), the least on top. The scale is logarithmic when the
    values lie far apart, which the title says."""
    values = sorted(values, key=lambda pair: pair[1])
    least, most = values[0][1], values[-1][1]
    logarithmic = most > 30 * least
    def length(value):
        if not logarithmic:
            return BAR * value / most
        return BAR * (0.05 + 0.95 * math.log(value / least) / math.log(most / least))
    scale = ", logarithmic scale" if logarithmic else ""
    parts = [text(4, 18, f"{title} ({unit}{scale})", weight="bold")]
    for i, (name, value) in enumerate(values):
        top = 30 + ROW * i
        parts.append(text(LABEL - 8, top + 14, name, "end"))
        parts.append(f'<rect x="{LABEL}" y="{top + 2}" width="{length(value):.1f}" '
                     f'height="{ROW - 6}" rx="2" fill="{colour(name)}"/>')
        parts.append(text(round(LABEL + length(value) + 6), top + 14, f"{value:.3g}"))
    width, height = LABEL + BAR + VALUE, 38 + ROW * len(values)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">\n' + "\n".join(parts) + "\n</svg>\n")


def of_case(case, results):
    """The CPU time of a request, of every client that ran; None when none did."""
    values = [(name, result["cpu_us"]["median"]) for name, result in results.items()
              if "cpu_us" in result and result["cpu_us"]["median"] > 0]
    return bars(case.title, values, "client CPU per request, us") if values else None
