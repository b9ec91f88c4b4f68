#!/usr/bin/env python3
"""Computes the expected figures of the test vectors, by the definitions in README.md and with nothing of the project.

    python3 make.py           writes the files beside it
    python3 make.py --check   fails if a file is not what would be written
"""

import json
import math
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

FACTOR = 18.01559  # mg/dL in one mmol/L
MINUTE, HOUR = 60, 3600  # seconds

# Limits as (mg/dL, mmol/L): compared in the unit of the value.
VERY_LOW, LOW, PREGNANCY_LOW = ("54", "3.0"), ("70", "3.9"), ("63", "3.5")
TIGHT_HIGH, HIGH, VERY_HIGH = ("140", "7.8"), ("180", "10.0"), ("250", "13.9")
PRESETS = {
    "ADULT": (VERY_LOW, LOW, HIGH, VERY_HIGH),
    "OLDER_HIGH_RISK": (VERY_LOW, LOW, HIGH, VERY_HIGH),
    "PREGNANCY_TYPE_1": (VERY_LOW, PREGNANCY_LOW, TIGHT_HIGH, None),
    "PREGNANCY_TYPE_2_OR_GDM": (VERY_LOW, PREGNANCY_LOW, TIGHT_HIGH, None),
}


# Reading the input -----------------------------------------------------------------------------------------------------


class Value:
    """A reading: t in seconds since 1970, the number as text of its unit, and where it stands on the wall."""

    def __init__(self, t, number, unit, zone):
        self.t, self.unit = t, unit
        exact = Decimal(repr(number))
        step = Decimal("1") if unit == "mg/dL" else Decimal("0.1")
        self.shown = exact.quantize(step, rounding=ROUND_HALF_EVEN)
        self.mg = float(number) if unit == "mg/dL" else number * FACTOR
        local = datetime.fromtimestamp(t, timezone.utc).astimezone(zone)
        self.day, self.hour = local.date(), local.hour
        self.interval = self.covers = 0

    def below(self, limit):
        return self.shown < Decimal(limit[0 if self.unit == "mg/dL" else 1])

    def above(self, limit):
        return self.shown > Decimal(limit[0 if self.unit == "mg/dL" else 1])


def read(vector):
    """The values of the period's local days, by device, oldest first."""
    zone = ZoneInfo(vector["zone"])
    first, last = (date.fromisoformat(vector["period"][end]) for end in ("from", "to"))
    devices = {"sensor": [], "meter": []}
    for series in vector["series"]:
        start = datetime.fromisoformat(series["start"].replace("Z", "+00:00")).timestamp()
        for i, number in enumerate(series["values"]):
            if number is None:
                continue
            if isinstance(number, str):
                number = series["clip"][number]
            value = Value(start + i * series["everySeconds"], number, series["unit"], zone)
            if first <= value.day <= last:
                devices[series["device"]].append(value)
    for values in devices.values():
        values.sort(key=lambda v: (v.t, v.mg))
        give_time(values)
    return devices, zone, first, last


def interval(gaps):
    """The sensor's own interval from the gaps between its values: 1, 3, 5 or 15 minutes."""
    middle = sorted(gaps)[len(gaps) // 2]
    minutes = math.floor(middle / MINUTE + 0.5)
    if minutes >= 13:
        return 15 * MINUTE
    if minutes >= 4:
        return 5 * MINUTE
    return 3 * MINUTE if minutes >= 3 else MINUTE


def gaps_of(values):
    return [b.t - a.t for a, b in zip(values, values[1:]) if b.t > a.t]


def give_time(values):
    every = gaps_of(values)
    usual = interval(every) if every else 5 * MINUTE
    for day in {v.day for v in values}:
        of_day = [v for v in values if v.day == day]
        gaps = gaps_of(of_day)
        for v in of_day:
            v.interval = interval(gaps) if len(gaps) >= 12 else usual
    for i, v in enumerate(values):
        v.covers = v.interval
        if i + 1 < len(values) and values[i + 1].t - v.t <= 1.5 * v.interval:
            v.covers = values[i + 1].t - v.t


# Figures ---------------------------------------------------------------------------------------------------------------


def mean(numbers):
    return math.fsum(numbers) / len(numbers) if numbers else None


def sd(numbers):
    if len(numbers) < 2:
        return None
    if min(numbers) == max(numbers):
        return 0.0
    m = mean(numbers)
    return math.sqrt(math.fsum((x - m) ** 2 for x in numbers) / (len(numbers) - 1))


def quantile(numbers, p):
    ordered = sorted(numbers)
    h = (len(ordered) - 1) * p
    k = int(h)
    return ordered[k] + (h - k) * (ordered[min(k + 1, len(ordered) - 1)] - ordered[k])


def ranges(values, limits):
    very_low, low, high, very_high = limits
    counts = dict.fromkeys(["veryLow", "low", "inRange", "high", "veryHigh"], 0)
    for v in values:
        if v.below(very_low):
            band = "veryLow"
        elif v.below(low):
            band = "low"
        elif very_high and v.above(very_high):
            band = "veryHigh"
        else:
            band = "high" if v.above(high) else "inRange"
        counts[band] += 1
    return {band: 100 * n / len(values) for band, n in counts.items()}


def risk_indices(numbers):
    low = high = 0.0
    for x in numbers:
        f = 1.509 * (math.log(max(x, 1.0)) ** 1.084 - 5.381)
        if f < 0:
            low += 10 * f * f
        else:
            high += 10 * f * f
    return low / len(numbers), high / len(numbers)


def gri(values):
    r = ranges(values, PRESETS["ADULT"])
    return min(100.0, 3.0 * r["veryLow"] + 2.4 * r["low"] + 1.6 * r["veryHigh"] + 0.8 * r["high"])


def segments(values, longest):
    parts = []
    for v in values:
        if parts and v.t - parts[-1][-1].t <= longest:
            parts[-1].append(v)
        else:
            parts.append([v])
    return parts


def profile(values):
    hours = [[v.mg for v in values if v.hour == hour] for hour in range(24)]
    points = {}
    for name, p in [("p5", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95)]:
        raw = [quantile(hour, p) if hour else None for hour in hours]
        for hour in range(24):
            if raw[hour] is None:
                continue
            beside = [x for x in (raw[hour - 1], raw[(hour + 1) % 24]) if x is not None]
            points.setdefault(hour, {"minute": 60 * hour})[name] = (4 * raw[hour] + sum(beside)) / (
                4 + len(beside)
            ) if beside else raw[hour]
    return [points[hour] for hour in sorted(points)]


def episodes(values, limits):
    very_low, low, high, very_high = limits
    levels = [
        ("veryLow", lambda v: v.below(very_low), min),
        ("low", lambda v: v.below(low), min),
        ("veryHigh", lambda v: bool(very_high) and v.above(very_high), max),
        ("high", lambda v: v.above(high), max),
    ]
    found = []
    for order, (level, beyond, extreme) in enumerate(levels):
        for part in segments(values, 45 * MINUTE):
            runs = []
            for v in part:
                if runs and beyond(runs[-1][0]) == beyond(v):
                    runs[-1].append(v)
                else:
                    runs.append([v])
            current = None
            for run in runs:
                lasts = sum(v.covers for v in run) + run[-1].interval / 5 >= 15 * MINUTE
                if beyond(run[0]):
                    if current is not None:
                        current += run
                    elif lasts:
                        current = list(run)
                elif lasts and current is not None:
                    found.append((order, level, current, extreme))
                    current = None
            if current is not None:
                found.append((order, level, current, extreme))
    found.sort(key=lambda e: (e[2][0].t, e[0]))
    return [
        {"level": level, "from": stamp(run[0].t), "to": stamp(run[-1].t), "extremeMgDl": extreme(v.mg for v in run)}
        for _, level, run, extreme in found
    ]


def mage(values):
    parts = []
    for part in segments(values, 180 * MINUTE):
        grid = five_minutes(part)
        amplitude = excursions(grid)
        if amplitude is not None:
            parts.append((amplitude, len(grid)))
    return sum(a * n for a, n in parts) / sum(n for _, n in parts) if parts else None


def five_minutes(part):
    grid, t, i = [], part[0].t, 0
    while t <= part[-1].t:
        while i + 1 < len(part) - 1 and part[i + 1].t <= t:
            i += 1
        a, b = part[i], part[min(i + 1, len(part) - 1)]
        grid.append(a.mg if a.t == b.t else a.mg + (b.mg - a.mg) * (t - a.t) / (b.t - a.t))
        t += 5 * MINUTE
    return grid


def moving(numbers, width):
    means = [mean(numbers[i + 1 - width : i + 1]) for i in range(width - 1, len(numbers))]
    return [means[0]] * (width - 1) + means


def excursions(grid):
    if len(grid) < 32:
        return None
    spread = sd(grid)
    if spread <= 1e-7:
        return None
    side = []  # of the short average: +1 above the long one, -1 below, 0 together
    for short, long in zip(moving(grid, 5), moving(grid, 32)):
        side.append(0 if abs(short - long) <= 1e-7 else (1 if short > long else -1))
    turns, begin, now = [], 0, 0
    for i, s in enumerate(side + [None]):
        if s == 0:
            continue
        if now and s != now:
            stretch = grid[begin:] if s is None else grid[begin : i + 1]
            turn = max(stretch) if now > 0 else min(stretch)
            turns.append(turn)
            begin += stretch.index(turn)
        now = s
    both = [mean(x) for x in (climbs(turns, spread), climbs([-x for x in turns], spread)) if x]
    return mean(both)


def climbs(turns, least):
    found, foot, top = [], turns[0] if turns else None, None
    for x in turns:
        if top is None:
            if x - foot >= least:
                top = x
            else:
                foot = min(foot, x)
        elif x > top:
            top = x
        elif top - x > least:
            found.append(top - foot)
            foot, top = x, None
    if top is not None:
        found.append(top - foot)
    return found


def stamp(t):
    return datetime.fromtimestamp(t, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def sufficiency(kind, values, zone, first, last):
    days = len({v.day for v in values})
    if not values:
        return {"days": 0, "activePercent": None, "enough": False, "reasons": ["noReadings"]}
    few = ["tooFewReadings"] if len(values) < 30 else []
    if kind == "meter":
        return {"days": days, "activePercent": None, "enough": False, "reasons": ["meterOnly"] + few}
    begin = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone).timestamp()
    if values[-1].day == last:
        end = min(end, values[-1].t + values[-1].covers)
    covered = sum(v.covers for v in values)
    active = min(100.0, 100 * covered / (end - begin))
    reasons = [
        *(["tooFewDays"] if days < 14 else []),
        *(["tooLittleActive"] if active < 70 else []),
        *(["under24Hours"] if covered < 24 * HOUR else []),
        *few,
    ]
    return {"days": days, "activePercent": active, "enough": not reasons, "reasons": reasons}


def expected(vector):
    devices, zone, first, last = read(vector)
    sensor, meter = devices["sensor"], devices["meter"]
    is_sensor = bool(sensor) and (len(sensor) >= len(meter) or sum(v.covers for v in sensor) >= 24 * HOUR)
    kind, values = ("sensor", sensor) if is_sensor else ("meter", meter)
    limits, numbers = PRESETS[vector["preset"]], [v.mg for v in values]
    enough = sufficiency(kind, values, zone, first, last)
    judged = bool(values) and (enough["enough"] or vector["force"])
    by_time = bool(values) and (kind == "sensor" or vector["force"])
    m, s = mean(numbers), sd(numbers)
    low, high = risk_indices(numbers) if numbers else (None, None)
    tight = [v for v in values if not v.below(LOW) and not v.above(TIGHT_HIGH)]
    return {
        "period": {**vector["period"], "days": (last - first).days + 1},
        "kind": kind,
        "readings": len(values),
        "sufficiency": enough,
        "meanMgDl": m,
        "sdMgDl": s,
        "cvPercent": None if s is None else 100 * s / m,
        "gmiPercent": 3.31 + 0.02392 * m if judged else None,
        "ranges": ranges(values, limits) if by_time else None,
        "tightRangePercent": 100 * len(tight) / len(values) if by_time else None,
        "lbgi": low,
        "hbgi": high,
        "gri": gri(values) if judged else None,
        "mageMgDl": mage(values) if by_time else None,
        "episodes": episodes(values, limits) if by_time else [],
        "profile": profile(values) if judged else [],
    }


# Writing ---------------------------------------------------------------------------------------------------------------


def text(vector):
    """Every key on a line of its own, every list of values on one."""
    lines = ["{"]
    keys = list(vector)
    for key in keys:
        value = vector[key]
        end = "," if key != keys[-1] else ""
        if key == "expected":
            inner = [f'    {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}' for k, v in value.items()]
            lines.append('  "expected": {\n' + ",\n".join(inner) + "\n  }" + end)
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}{end}")
    return "\n".join(lines + ["}"]) + "\n"


def main():
    from inputs import vectors  # beside this file

    here, wrong = Path(__file__).parent, []
    for vector in vectors():
        name = vector.pop("file")
        content = text({**vector, "expected": expected(vector)})
        path = here / f"{name}.json"
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                wrong.append(path.name)
        else:
            path.write_text(content, encoding="utf-8")
    if wrong:
        sys.exit("not as computed: " + ", ".join(wrong))


if __name__ == "__main__":
    main()
