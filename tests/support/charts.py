"""A chart of a busy month, as jobs/charts.py counts it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def a_chart(**changes: Any) -> dict[str, Any]:
    """Return a chart of 31 days on which everything happened."""
    days = [(date(2025, 5, 1) + timedelta(days=number)).isoformat() for number in range(31)]
    chart: dict[str, Any] = {
        "days": days,
        "last": days[-1],
        "per_bar": 1,
        "decided": [number * 7 % 11 for number in range(31)],
        "backlog": [1240 - 9 * number for number in range(31)],
        "ratings": [["false", 61], ["mostly_false", 40], ["unverifiable", 5]],
        "ages": [12, 0, 20, 931],
        "at": "2025-06-01T03:00:00.000000+00:00",
        "zone": "Asia/Dhaka",
    }
    return {**chart, **changes}
