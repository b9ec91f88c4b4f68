"""The inputs of the test vectors."""

import math
from datetime import datetime, timedelta, timezone

V1 = [54, 70, 100, 120, 150, 180, 181, 250, 251, 300]
KOLKATA, BERLIN, NEW_YORK = "Asia/Kolkata", "Europe/Berlin", "America/New_York"
NOV_1 = "2026-10-31T18:30:00Z"  # midnight of 2026-11-01 in Kolkata


def series(start, minutes, values, device="sensor", unit="mg/dL", clip=None):
    s = {"device": device, "unit": unit, "start": start, "everySeconds": round(minutes * 60), "values": list(values)}
    return {**s, "clip": clip} if clip else s


def vector(file, about, *parts, days=("2026-11-01", "2026-11-01"), zone=KOLKATA, preset="ADULT", force=True):
    return {
        "file": file, "about": about, "zone": zone, "preset": preset, "force": force,
        "period": {"from": days[0], "to": days[1]}, "series": list(parts),
    }


def after(minutes, start=NOV_1):
    at = datetime.fromisoformat(start.replace("Z", "+00:00")) + timedelta(minutes=minutes)
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def wave(n, per_day, middle=140, first=60, second=25):
    turn = 2 * math.pi
    return [
        round(middle + first * math.sin(turn * i / per_day) + second * math.sin(turn * 4 * i / per_day)) for i in range(n)
    ]


def life(n, per_day):
    """Days that differ from each other: three meals, a slow drift and a night that sinks."""
    out = []
    for i in range(n):
        day, t = divmod(i, per_day)
        hour = 24 * t / per_day
        meals = sum(
            (45 + 9 * ((day * 5 + k) % 7)) * math.exp(-(((hour - at) / 1.6) ** 2)) for k, at in enumerate((9, 14, 21))
        )
        night = -(28 + 6 * (day % 5)) * math.exp(-(((hour - 3.5) / 1.8) ** 2))
        out.append(round(112 + 6 * math.sin(day) + meals + night + 5 * math.sin(i * 0.7)))
    return out


def without(values, *gaps):
    """The values with those of the half-open index ranges missing."""
    return [None if any(a <= i < b for a, b in gaps) else v for i, v in enumerate(values)]


def vectors():
    two_weeks = ("2026-11-01", "2026-11-14")
    low_runs = [110] * 12 + [60] * 2 + [110] * 12 + [60] * 3 + [110] * 2 + [60] * 2 + [110] * 3 + [50] * 4 + [110] * 12
    yield vector("ten-values", "One value in or beside every range; the sums are checked by hand.", series(NOV_1, 5, V1))
    yield vector("one-day-wave", "A day of a 5-minute sensor as a sum of two sines.", series(NOV_1, 5, wave(288, 288)))
    yield vector("one-reading", "One value has a mean and no spread.", series(NOV_1, 5, [100]))
    yield vector("no-reading", "Nothing at all: every figure is absent.")
    yield vector(
        "all-equal", "Two weeks without any variation: spread, CV and MAGE are 0, 0 and none.",
        series(NOV_1, 15, [154] * (14 * 96)), days=two_weeks, force=False,
    )
    yield vector(
        "limits-mg", "Each limit and its neighbours in mg/dL: 54 is low, 70 and 180 are in range, 250 is high.",
        series(NOV_1, 5, [53, 54, 69, 70, 71, 139, 140, 141, 179, 180, 181, 249, 250, 251]),
    )
    yield vector(
        "limits-mmol", "The same in mmol/L: judged by 3.0, 3.9, 7.8, 10.0 and 13.9, not by converted values.",
        series(NOV_1, 5, [2.9, 3.0, 3.8, 3.9, 4.0, 7.7, 7.8, 7.9, 9.9, 10.0, 10.1, 13.8, 13.9, 14.0], unit="mmol/L"),
    )
    yield vector(
        "halves-mg", "Values between two whole numbers are judged as shown, halves to the even number.",
        series(NOV_1, 5, [53.4, 53.5, 54.5, 69.4, 69.5, 69.6, 70.5, 180.4, 180.5, 180.6, 181.5, 250.5, 250.6, 251.5]),
    )
    yield vector(
        "halves-mmol", "The same between two tenths of mmol/L.",
        series(NOV_1, 5, [2.94, 2.95, 3.05, 3.84, 3.85, 3.86, 3.95, 10.04, 10.05, 10.06, 13.95, 13.94], unit="mmol/L"),
    )
    yield vector(
        "two-units", "A sensor that reported mg/dL until noon and mmol/L from then on.",
        series(NOV_1, 15, life(48, 96)),
        series(after(720), 15, [round(v / 18.01559, 1) for v in life(96, 96)[48:]], unit="mmol/L"),
    )
    yield vector(
        "sensor-1-minute", "A day of a sensor that stores every minute.", series(NOV_1, 1, life(1440, 1440))
    )
    yield vector("sensor-3-minutes", "A day of a sensor that stores every 3 minutes.", series(NOV_1, 3, life(480, 480)))
    yield vector(
        "sensor-15-minutes", "Two weeks of a sensor that stores every 15 minutes.",
        series(NOV_1, 15, life(14 * 96, 96)), days=two_weeks, force=False,
    )
    yield vector(
        "two-weeks", "Two weeks of a 5-minute sensor: everything is shown.",
        series(NOV_1, 5, life(14 * 288, 288)), days=two_weeks, force=False,
    )
    yield vector(
        "uneven-clock", "Values 4 min 58 s apart: nothing is missing, and three of them are an episode.",
        series(NOV_1, 298 / 60, [110] * 20 + [60] * 3 + [110] * 40 + [200] * 3 + [110] * 40),
    )
    yield vector(
        "change-of-sensor", "A week of a 15-minute sensor, then a week of a 5-minute one: each day has its own interval.",
        series(NOV_1, 15, life(7 * 96, 96)), series(after(7 * 1440), 5, life(7 * 288, 288)), days=two_weeks, force=False,
    )
    yield vector(
        "every-other-lost", "A 5-minute sensor of which every other value was lost: half active, not a 10-minute sensor.",
        series(NOV_1, 5, [v if i % 2 == 0 else None for i, v in enumerate(life(14 * 288, 288))]),
        days=two_weeks, force=False,
    )
    yield vector(
        "gaps", "Gaps of 45 and of 50 minutes within lows, and one of 3 h 5 min: episodes and MAGE are cut.",
        series(NOV_1, 5, without([60] * 20 + [110] * 20 + [60] * 20 + wave(228, 144), (5, 13), (45, 54), (120, 156))),
    )
    yield vector(
        "thirteen-days", "One day too few: GMI, GRI and profile are withheld, ranges are not.",
        series(NOV_1, 5, life(13 * 288, 288)), days=two_weeks, force=False,
    )
    yield vector(
        "sixty-nine-percent", "Fourteen days, but 69 of 100 values: withheld.",
        series(NOV_1, 15, [v if i % 100 < 69 else None for i, v in enumerate(life(14 * 96, 96))]),
        days=two_weeks, force=False,
    )
    yield vector(
        "seventy-one-percent", "Fourteen days and 71 of 100 values: shown.",
        series(NOV_1, 15, [v if i % 100 < 71 else None for i, v in enumerate(life(14 * 96, 96))]),
        days=two_weeks, force=False,
    )
    yield vector(
        "clipped", "A sensor that says LO and HI: counted as its limits, 40 and 500 mg/dL.",
        series(NOV_1, 15, [90, 60, "LO", "LO", 55, 80, 200, 300, "HI", "HI", 400, 180], clip={"LO": 40, "HI": 500}),
    )
    yield vector(
        "clipped-mmol", "The same in mmol/L, 2.2 and 27.8.",
        series(NOV_1, 15, [5.0, 3.3, "LO", 3.0, 11.1, "HI", 10.0], unit="mmol/L", clip={"LO": 2.2, "HI": 27.8}),
    )
    yield vector(
        "extremes", "The values of the risk function's table, and those where the indices are greatest.",
        series(NOV_1, 5, [10, 20, 40, 54, 70, 100, 112, 113, 120, 140, 150, 180, 200, 250, 300, 400, 600, 1000]),
    )
    yield vector(
        "day-of-23-hours", "Clocks set forward in Berlin: hour 2 of the profile is empty, the day has 23 hours.",
        series("2026-03-28T23:00:00Z", 5, life(276, 288)), zone=BERLIN, days=("2026-03-29", "2026-03-29"),
    )
    yield vector(
        "day-of-25-hours", "Clocks set back in Berlin: hour 2 holds two hours' values.",
        series("2026-10-24T22:00:00Z", 5, life(300, 288)), zone=BERLIN, days=("2026-10-25", "2026-10-25"),
    )
    yield vector(
        "new-york-in-november", "Two weeks around the change of clocks: every local day is whole.",
        series("2026-10-25T04:00:00Z", 15, life(14 * 96 + 4, 96)), zone=NEW_YORK,
        days=("2026-10-25", "2026-11-07"), force=False,
    )
    yield vector(
        "other-days", "Values a second before the period's first midnight and on the one after its last are left out.",
        series("2026-10-31T18:29:59Z", 5, [400]), series(NOV_1, 5, V1), series("2026-11-01T18:30:00Z", 5, [400]),
    )
    yield vector(
        "same-instant", "Two values of one instant both count; the second stands for no time.",
        series(NOV_1, 5, [100] * 20), series(after(30), 5, [60, 60, 60]),
    )
    yield vector(
        "episodes", "10 minutes are no episode, 15 are; 10 minutes back do not end one; a deeper level is one of both.",
        series(NOV_1, 5, low_runs + [190] * 4 + [110] * 4 + [260] * 3 + [200] * 3 + [110] * 6),
    )
    yield vector(
        "meter", "Finger-sticks: mean, spread and risk indices alone.",
        *(series(after(1440 * d + 420), 300, [95 + 3 * d, 150 + d, 171 - d], device="meter") for d in range(14)),
        days=two_weeks, force=False,
    )
    yield vector(
        "meter-forced", "The same with every figure, for those who check the arithmetic.",
        *(series(after(1440 * d + 420), 300, [95 + 3 * d, 150 + d, 171 - d], device="meter") for d in range(14)),
        days=two_weeks,
    )
    yield vector(
        "sensor-and-meter", "Calibrating finger-sticks beside a sensor are left out of its figures.",
        series(NOV_1, 15, life(14 * 96, 96)),
        *(series(after(1440 * d + 425), 300, [300, 310], device="meter") for d in range(14)), days=two_weeks, force=False,
    )
    yield vector(
        "hour-of-sensor", "An hour of sensor in two weeks of finger-sticks: the figures are the meter's.",
        *(series(after(1440 * d + 420), 300, [110, 160, 170], device="meter") for d in range(14)),
        series(after(3000), 5, [120] * 12), days=two_weeks, force=False,
    )
    yield vector(
        "pregnancy-type-1", "63 to 140 mg/dL, no very high.",
        series(NOV_1, 5, [53, 54, 62, 63, 140, 141, 251, 300]), preset="PREGNANCY_TYPE_1",
    )
    yield vector(
        "pregnancy-mmol", "3.5 to 7.8 mmol/L.",
        series(NOV_1, 15, [2.9, 3.0, 3.4, 3.5, 7.8, 7.9, 14.0], unit="mmol/L"), preset="PREGNANCY_TYPE_2_OR_GDM",
    )
    yield vector(
        "older", "The older person's ranges are the adult's; only the targets differ.",
        series(NOV_1, 5, V1), preset="OLDER_HIGH_RISK",
    )
