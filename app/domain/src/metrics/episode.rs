//! Episodes: at least 15 minutes beyond a level, until at least 15 minutes back (Battelino et al. 2023, Lancet Diabetes
//! Endocrinol 11(1):42-57, doi:10.1016/S2213-8587(22)00319-9; Danne et al. 2017, doi:10.2337/dc17-1600).
//!
//! A value stands for its sensor's interval: three values of a 5-minute sensor, one of a 15-minute sensor are 15
//! minutes. A gap of more than 45 minutes ends whatever was going on: nobody knows what happened in it.

use super::{
    Episode, EpisodeLevel,
    range::{Limit, Thresholds},
    series::{MINUTE_MS, Point, Series},
};

/// Time beyond a level that makes an episode, and time back that ends it, ms.
const LEAST_MS: i64 = 15 * MINUTE_MS;
/// A longer gap between two values ends a segment, ms.
const MAX_GAP_MS: i64 = 45 * MINUTE_MS;

/// The episodes of a series at every level of the thresholds, oldest first, of one start the deeper level first. A level
/// includes the deeper one: a spell at 50 mg/dL is an episode below 54 and one below 70.
pub(crate) fn episodes(series: &Series, thresholds: &Thresholds) -> Vec<Episode> {
    let levels = [
        (EpisodeLevel::VeryLow, Some(thresholds.very_low)),
        (EpisodeLevel::Low, Some(thresholds.low)),
        (EpisodeLevel::VeryHigh, thresholds.very_high),
        (EpisodeLevel::High, Some(thresholds.high)),
    ];
    let mut found: Vec<Episode> = Vec::new();
    for (level, limit) in levels {
        if let Some(limit) = limit {
            for segment in series.points.chunk_by(|a, b| b.at_ms - a.at_ms <= MAX_GAP_MS) {
                of_segment(segment, level, limit, &mut found);
            }
        }
    }
    found.sort_by_key(|e| e.from); // stable: the order of `levels` decides between equals
    found
}

/// A stretch of values on one side of a limit.
struct Stretch<'a> {
    beyond: bool,
    points: &'a [Point],
}

impl Stretch<'_> {
    /// Whether it is 15 minutes long. A fifth of an interval is forgiven: a sensor's clock is uneven, and 14 minutes between
    /// two values of a 15-minute sensor, or three times 4:58, are meant.
    fn lasts(&self) -> bool {
        let forgiven = self.points.last().map_or(0, |p| p.interval_ms / 5);
        self.points.iter().map(|p| p.covers_ms).sum::<i64>() + forgiven >= LEAST_MS
    }
}

fn of_segment(segment: &[Point], level: EpisodeLevel, limit: Limit, found: &mut Vec<Episode>) {
    let is_low = matches!(level, EpisodeLevel::VeryLow | EpisodeLevel::Low);
    let beyond = |p: &Point| if is_low { limit.is_above(p.glucose) } else { limit.is_below(p.glucose) };
    let stretches = segment
        .chunk_by(|a, b| beyond(a) == beyond(b))
        .map(|points| Stretch { beyond: points.first().is_some_and(beyond), points });
    let mut open: Option<Episode> = None;
    for stretch in stretches {
        if stretch.beyond {
            let extreme = extreme_of(stretch.points, is_low);
            let (Some(first), Some(last)) = (stretch.points.first(), stretch.points.last()) else { continue };
            match &mut open {
                Some(episode) => {
                    episode.to = last.at();
                    episode.extreme_mg_dl =
                        if is_low { episode.extreme_mg_dl.min(extreme) } else { episode.extreme_mg_dl.max(extreme) };
                }
                None if stretch.lasts() => {
                    open = Some(Episode { level, from: first.at(), to: last.at(), extreme_mg_dl: extreme });
                }
                None => {}
            }
        } else if stretch.lasts() {
            found.extend(open.take());
        }
    }
    found.extend(open);
}

fn extreme_of(points: &[Point], is_low: bool) -> f64 {
    let values = points.iter().map(|p| p.mg_dl);
    if is_low { values.fold(f64::INFINITY, f64::min) } else { values.fold(f64::NEG_INFINITY, f64::max) }
}
