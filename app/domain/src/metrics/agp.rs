//! The ambulatory glucose profile: a standard day from many (Bergenstal et al. 2013, Diabetes Technol Ther 15(3):198-211,
//! doi:10.1089/dia.2013.0051; percentiles 5, 25, 50, 75, 95 after Battelino et al. 2019, doi:10.2337/dci19-0028).
//!
//! Values are gathered by the hour of the wall clock, so an hour that the clocks skip or repeat twice a year is simply
//! thinner or fuller. Percentiles are of type 7 (Hyndman and Fan 1996, doi:10.2307/2684934) and smoothed around the clock.

use super::{ProfilePoint, series::Series};

/// The percentiles of a profile, as fractions.
const FRACTIONS: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];
/// Hours of the day.
const HOURS: usize = 24;

/// The quantile of type 7: linear between the order statistics around (n - 1) p. `sorted` ascends; none if it is empty.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let h = last as f64 * p.clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= h <= a slice's length")]
    let below = (h.floor() as usize).min(last);
    let (low, high) = (*sorted.get(below)?, *sorted.get((below + 1).min(last))?);
    Some(low + (h - below as f64) * (high - low))
}

/// Smooths one percentile around the clock: (previous + 4 x own + next) / 6; with one empty neighbour the rest over 5;
/// with none unchanged. Empty hours stay empty.
pub fn smooth(hours: &[Option<f64>; HOURS]) -> [Option<f64>; HOURS] {
    let at = |hour: usize| hours.get(hour % HOURS).copied().flatten();
    std::array::from_fn(|hour| {
        let own = at(hour)?;
        Some(match (at(hour + HOURS - 1), at(hour + 1)) {
            (Some(previous), Some(next)) => (previous + 4.0 * own + next) / 6.0,
            (Some(one), None) | (None, Some(one)) => (one + 4.0 * own) / 5.0,
            (None, None) => own,
        })
    })
}

/// The profile, one point per hour with data.
pub(super) fn profile(series: &Series) -> Vec<ProfilePoint> {
    let mut hours: [Vec<f64>; HOURS] = std::array::from_fn(|_| Vec::new());
    for point in &series.points {
        if let Some(hour) = hours.get_mut(usize::from(point.minute / 60)) {
            hour.push(point.mg_dl);
        }
    }
    for hour in &mut hours {
        hour.sort_unstable_by(f64::total_cmp);
    }
    let [p5, p25, p50, p75, p95] =
        FRACTIONS.map(|p| smooth(&std::array::from_fn(|hour| hours.get(hour).and_then(|values| quantile(values, p)))));
    let curves = p5.into_iter().zip(p25).zip(p50).zip(p75).zip(p95);
    (0u16..)
        .zip(curves)
        .filter_map(|(hour, ((((p5, p25), p50), p75), p95))| {
            Some(ProfilePoint { minute: hour * 60, p5: p5?, p25: p25?, p50: p50?, p75: p75?, p95: p95? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_type_7() {
        let sorted = [54.0, 70.0, 100.0, 120.0, 150.0, 180.0, 181.0, 250.0, 251.0, 300.0];
        for (p, expected) in FRACTIONS.into_iter().zip([61.2, 105.0, 165.0, 232.75, 277.95]) {
            assert!((quantile(&sorted, p).unwrap() - expected).abs() < 1e-9, "{p}");
        }
        assert_eq!((quantile(&sorted, 0.0), quantile(&sorted, 1.0)), (Some(54.0), Some(300.0)));
        assert_eq!((quantile(&[], 0.5), quantile(&[7.0], 0.95)), (None, Some(7.0)));
    }

    const HOURLY: [f64; 24] = [
        100.0, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0, 240.0, 230.0, 210.0, 190.0, 170.0, 150.0, 140.0, 130.0, 120.0,
        110.0, 105.0, 100.0, 98.0, 96.0, 95.0, 97.0, 99.0,
    ];

    #[test]
    fn smoothing_goes_around_midnight() {
        let expected = [
            103.1667, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0, 235.0, 228.3333, 210.0, 190.0, 170.0, 151.6667, 140.0,
            130.0, 120.0, 110.8333, 105.0, 100.5, 98.0, 96.1667, 95.5, 97.0, 98.8333,
        ];
        for (hour, (got, expected)) in smooth(&HOURLY.map(Some)).into_iter().zip(expected).enumerate() {
            assert!((got.unwrap() - expected).abs() < 5e-5, "hour {hour}: {got:?}");
        }
    }

    #[test]
    fn an_empty_hour_is_left_out_and_never_replaced_by_the_far_end() {
        let mut hours = HOURLY.map(Some);
        hours[1] = None;
        let got = smooth(&hours);
        assert_eq!(got[1], None);
        assert_eq!(got[0], Some((99.0 + 4.0 * 100.0) / 5.0));
        assert_eq!(got[2], Some((160.0 + 4.0 * 140.0) / 5.0));
        hours[23] = None;
        assert_eq!(smooth(&hours)[0], Some(100.0), "both neighbours empty: unchanged");
    }
}
