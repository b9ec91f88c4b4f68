//! Mean amplitude of glycemic excursions (Service et al. 1970, Diabetes 19(9):644-655, doi:10.2337/diab.19.9.644), found
//! by the crossings of a short and a long moving average (Fernandes et al. 2022, J Diabetes Sci Technol 16(2):576-577,
//! doi:10.1177/19322968211061165).
//!
//! On a 5-minute grid the two averages cross once between a peak and the nadir after it. Rises and falls of at least one
//! standard deviation between those turning points are the excursions; smaller ones are part of the swing around them.
//! The result is the mean of the mean rise and the mean fall. The trace is cut at gaps of more than 3 hours; the parts
//! are weighed by their length.

use super::{
    series::{MINUTE_MS, Series},
    variability,
};

const GRID_MS: i64 = 5 * MINUTE_MS;
const MAX_GAP_MS: i64 = 180 * MINUTE_MS;
/// Points of the short average, 25 minutes.
const SHORT: usize = 5;
/// Points of the long average, 160 minutes.
const LONG: usize = 32;
/// Averages closer than this have not crossed, mg/dL: it is the noise of the arithmetic.
const NOISE: f64 = 1e-7;

/// MAGE in mg/dL; none where no part of the trace is longer than the long average or has an excursion.
pub(super) fn mage(series: &Series) -> Option<f64> {
    let (mut weighted, mut weight) = (0.0, 0.0);
    for part in series.points.chunk_by(|a, b| b.at_ms - a.at_ms <= MAX_GAP_MS) {
        let trace: Vec<(i64, f64)> = part.iter().map(|p| (p.at_ms, p.mg_dl)).collect();
        let grid = on_grid(&trace);
        if let Some(amplitude) = of_trace(&grid) {
            weighted += amplitude * grid.len() as f64;
            weight += grid.len() as f64;
        }
    }
    (weight > 0.0).then(|| weighted / weight)
}

/// The trace every 5 minutes from its first value on, linear between values.
fn on_grid(trace: &[(i64, f64)]) -> Vec<f64> {
    let (Some(first), Some(last)) = (trace.first(), trace.last()) else { return Vec::new() };
    let mut grid = Vec::with_capacity(usize::try_from((last.0 - first.0) / GRID_MS + 1).unwrap_or(0));
    let mut at = first.0;
    for pair in trace.windows(2) {
        if let [(from, low), (to, high)] = *pair {
            while at < to {
                grid.push(low + (high - low) * (at - from) as f64 / (to - from) as f64);
                at += GRID_MS;
            }
        }
    }
    if at == last.0 {
        grid.push(last.1);
    }
    grid
}

/// The mean of the last `width` points at each point; the first mean also stands for the points before it.
fn moving_mean(values: &[f64], width: usize) -> Vec<f64> {
    let first = values.first().copied().unwrap_or_default();
    let mut sum = 0.0;
    let mut means = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        sum += value - first;
        if let Some(left) = i.checked_sub(width).and_then(|left| values.get(left)) {
            sum -= left - first;
        }
        if i + 1 >= width {
            let mean = first + sum / width as f64;
            if i + 1 == width {
                means.extend(std::iter::repeat_n(mean, width));
            } else {
                means.push(mean);
            }
        }
    }
    means
}

fn of_trace(values: &[f64]) -> Option<f64> {
    if values.len() < LONG {
        return None;
    }
    let sd = variability::sd(values).filter(|sd| *sd > NOISE)?;
    let turns = turning_points(values);
    let fallen: Vec<f64> = turns.iter().map(|v| -v).collect();
    let means = [variability::mean(&rises(&turns, sd)), variability::mean(&rises(&fallen, sd))];
    variability::mean(&means.into_iter().flatten().collect::<Vec<_>>())
}

/// Peaks and nadirs in turn: the greatest value of each stretch with the short average above the long one, the least of
/// each with it below, looked for from the turn before (the averages lag behind the values).
fn turning_points(values: &[f64]) -> Vec<f64> {
    let (short, long) = (moving_mean(values, SHORT), moving_mean(values, LONG));
    let mut turns = Vec::new();
    let mut from = 0;
    let mut above: Option<bool> = None;
    let take = |from: usize, to: usize, peak: bool| {
        let stretch = values.get(from..to)?.iter().copied().enumerate();
        let (offset, value) = if peak {
            stretch.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        } else {
            stretch.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
        }?;
        Some((from + offset, value))
    };
    for (i, (short, long)) in short.iter().zip(&long).enumerate() {
        let difference = short - long;
        if difference.abs() <= NOISE {
            continue;
        }
        let now = difference > 0.0;
        if let Some(before) = above.filter(|before| *before != now)
            && let Some((at, value)) = take(from, i + 1, before)
        {
            turns.push(value);
            from = at;
        }
        above = Some(now);
    }
    turns.extend(above.and_then(|last| take(from, values.len(), last)).map(|(_, value)| value));
    turns
}

/// The rises of at least `sd`: each from the lowest turn since the rise before to the highest before a fall of more than `sd`.
fn rises(turns: &[f64], sd: f64) -> Vec<f64> {
    let mut found = Vec::new();
    let Some(mut low) = turns.first().copied() else { return found };
    let mut high: Option<f64> = None;
    for &turn in turns {
        match high {
            None if turn - low >= sd => high = Some(turn),
            None => low = low.min(turn),
            Some(top) if turn > top => high = Some(turn),
            Some(top) if top - turn > sd => {
                found.push(top - low);
                (low, high) = (turn, None);
            }
            Some(_) => {}
        }
    }
    found.extend(high.map(|top| top - low));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wave that starts at its peak; 12 points are an hour.
    fn wave(n: usize, period: f64, amplitude: f64) -> Vec<f64> {
        (0..n).map(|i| 150.0 + amplitude * (i as f64 * std::f64::consts::TAU / period).cos()).collect()
    }

    #[test]
    fn the_amplitude_of_a_wave_is_its_height() {
        let mage = of_trace(&wave(16 * 72 + 1, 72.0, 60.0)).unwrap();
        assert!((mage - 120.0).abs() < 1e-9, "{mage}");
    }

    #[test]
    fn swings_within_one_standard_deviation_are_not_excursions() {
        let both: Vec<f64> = wave(8 * 144 + 1, 144.0, 60.0)
            .iter()
            .zip(wave(8 * 144 + 1, 36.0, 6.0))
            .map(|(a, b)| a + b - 150.0)
            .collect();
        let mage = of_trace(&both).unwrap();
        assert!((115.0..=134.0).contains(&mage), "the small swings ride on the large ones: {mage}");
    }

    #[test]
    fn an_excursion_ends_only_with_a_move_back_of_more_than_the_deviation() {
        assert_eq!(rises(&[100.0, 180.0, 170.0, 220.0, 90.0, 110.0, 100.0], 30.0), [120.0]);
        assert_eq!(rises(&[100.0, 180.0, 140.0, 220.0], 30.0), [80.0, 80.0]);
        assert!(rises(&[100.0, 110.0, 100.0], 30.0).is_empty());
    }

    #[test]
    fn a_flat_or_short_trace_has_no_amplitude() {
        assert_eq!(of_trace(&[120.0; 500]), None);
        assert_eq!(of_trace(&wave(LONG - 1, 12.0, 60.0)), None);
    }

    #[test]
    fn a_slower_sensor_is_read_between_its_values() {
        assert_eq!(on_grid(&[(0, 100.0), (15 * MINUTE_MS, 130.0)]), [100.0, 110.0, 120.0, 130.0]);
        assert_eq!(on_grid(&[(0, 100.0)]), [100.0]);
        assert_eq!(on_grid(&[(0, 100.0), (MINUTE_MS, 104.0), (5 * MINUTE_MS, 120.0)]), [100.0, 120.0]);
    }
}
