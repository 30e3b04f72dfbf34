"""A chart as SVG text: lines over a number of layers on the left, bars on the right."""

from dataclasses import dataclass
from html import escape

COLOURS = ("#0b6e4f", "#c8553d", "#5c6b8a", "#b08900", "#7b4b94", "#333333")
WIDTH, HEIGHT = 900, 360
LEFT, RIGHT = (60, 60, 330, 230), (600, 60, 230, 230)
"""Where the two plots are: x, y, width, height."""


@dataclass(frozen=True)
class Line:
    """A named line of (x, y) points."""

    name: str
    points: list[tuple[float, float]]


def chart(lines: list[Line], top: float, bars: list[tuple[str, float]], titles: tuple[str, str]) -> str:
    """Return the drawing. A line that rises above *top* leaves the plot there."""
    body = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        '<clipPath id="plot"><rect x="{}" y="{}" width="{}" height="{}"/></clipPath>'.format(*LEFT),
        _text(LEFT[0], 34, titles[0], size=14),
        _text(RIGHT[0] - 190, 34, titles[1], size=14),
        *_axes(max(x for line in lines for x, _ in line.points), top),
        *(part for number, line in enumerate(lines) for part in _line(line, number, top)),
        *(part for number, bar in enumerate(bars) for part in _bar(bar, number, max(v for _, v in bars))),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    return "\n".join([head, f"<title>{escape(' / '.join(titles))}</title>", *body, "</svg>"]) + "\n"


def _axes(last: float, top: float) -> list[str]:
    x, y, width, height = LEFT
    parts = [f'<path d="M{x} {y}V{y + height}H{x + width}" fill="none" stroke="#333333"/>']
    for step in range(5):
        value = top * step / 4
        at = y + height - height * step / 4
        parts.append(f'<path d="M{x} {at:.1f}H{x + width}" stroke="#dddddd"/>')
        parts.append(_text(x - 8, at + 4, f"{value:g}", anchor="end"))
        parts.append(_text(x + width * step / 4, y + height + 18, f"{last * step / 4:g}", anchor="middle"))
    return parts


def _line(line: Line, number: int, top: float) -> list[str]:
    x, y, width, height = LEFT
    last = line.points[-1][0]
    points = " ".join(
        f"{x + width * a / last:.1f},{y + height - height * b / top:.1f}" for a, b in line.points
    )
    colour = COLOURS[number]
    legend = y + height + 42 + 18 * number
    return [
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
        'clip-path="url(#plot)"/>',
        f'<path d="M{x} {legend - 4}h24" stroke="{colour}" stroke-width="3"/>',
        _text(x + 32, legend, line.name),
    ]


def _bar(bar: tuple[str, float], number: int, longest: float) -> list[str]:
    name, value = bar
    x, y, width, _ = RIGHT
    at = y + 40 * number
    length = width * value / longest
    return [
        f'<rect x="{x}" y="{at}" width="{length:.1f}" height="24" fill="{COLOURS[number]}"/>',
        _text(x - 8, at + 17, name, anchor="end"),
        _text(x + length + 6, at + 17, f"{value:.2g}"),
    ]


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="#222222">'
        f"{escape(text)}</text>"
    )
