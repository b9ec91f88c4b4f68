//! What is an episode: 15 minutes beyond a level, 15 minutes back, no gap of more than 45.

use chrono::TimeDelta;
use domain::{
    glucose::Sample,
    metrics::{Episode, EpisodeLevel, report},
};

use crate::support::{days, every, midnight, nov, terms};

/// Minutes from midnight of the first and last reading, and the extreme.
fn spells(samples: &[Sample], level: EpisodeLevel) -> Vec<(i64, i64, f64)> {
    let minutes = |e: &Episode| {
        let start = midnight(nov(1));
        ((e.from - start).num_minutes(), (e.to - start).num_minutes(), e.extreme_mg_dl)
    };
    let got = report(samples, days(nov(1), nov(2)), terms(false));
    got.episodes.iter().filter(|e| e.level == level).map(minutes).collect()
}

/// A 5-minute sensor at 120 mg/dL for six hours, with other values from an index on.
fn trace(changes: &[(usize, &[f64])]) -> Vec<Sample> {
    let mut values = vec![120.0; 72];
    for (from, new) in changes {
        values[*from..from + new.len()].copy_from_slice(new);
    }
    every(5, midnight(nov(1)), values)
}

#[test]
fn fifteen_minutes_are_three_values_of_a_five_minute_sensor() {
    assert_eq!(spells(&trace(&[(10, &[69.0, 65.0])]), EpisodeLevel::Low), []);
    assert_eq!(spells(&trace(&[(10, &[69.0, 65.0, 68.0])]), EpisodeLevel::Low), [(50, 60, 65.0)]);
    assert_eq!(spells(&trace(&[(10, &[70.0, 70.0, 70.0])]), EpisodeLevel::Low), []);
}

#[test]
fn a_return_shorter_than_fifteen_minutes_does_not_end_it() {
    let low = [60.0; 3];
    assert_eq!(spells(&trace(&[(10, &low), (15, &[66.0])]), EpisodeLevel::Low), [(50, 75, 60.0)]);
    assert_eq!(spells(&trace(&[(10, &low), (16, &low)]), EpisodeLevel::Low), [(50, 60, 60.0), (80, 90, 60.0)]);
}

#[test]
fn short_dips_do_not_add_up_to_an_episode() {
    assert_eq!(spells(&trace(&[(10, &[60.0; 2]), (13, &[60.0; 2])]), EpisodeLevel::Low), []);
}

#[test]
fn a_spell_counts_at_every_level_it_passes_and_the_deeper_comes_first() {
    let samples = trace(&[(10, &[60.0, 50.0, 45.0, 50.0, 60.0]), (40, &[200.0, 260.0, 270.0, 255.0, 190.0])]);
    assert_eq!(spells(&samples, EpisodeLevel::VeryLow), [(55, 65, 45.0)]);
    assert_eq!(spells(&samples, EpisodeLevel::Low), [(50, 70, 45.0)]);
    assert_eq!(spells(&samples, EpisodeLevel::VeryHigh), [(205, 215, 270.0)]);
    assert_eq!(spells(&samples, EpisodeLevel::High), [(200, 220, 270.0)]);
    let at_once = report(&trace(&[(10, &[45.0; 4])]), days(nov(1), nov(1)), terms(false));
    assert_eq!(
        at_once.episodes.iter().map(|e| e.level).collect::<Vec<_>>(),
        [EpisodeLevel::VeryLow, EpisodeLevel::Low]
    );
}

#[test]
fn a_gap_of_more_than_45_minutes_ends_it() {
    let with_gap = |minutes: i64| {
        let mut samples = every(5, midnight(nov(1)), [vec![120.0; 20], vec![60.0; 4]].concat());
        let after = samples[23].at + TimeDelta::minutes(minutes);
        samples.extend(every(5, after, [vec![60.0; 4], vec![120.0; 20]].concat()));
        spells(&samples, EpisodeLevel::Low)
    };
    assert_eq!(with_gap(45), [(100, 115 + 45 + 15, 60.0)]);
    assert_eq!(with_gap(46), [(100, 115, 60.0), (161, 176, 60.0)]);
}

#[test]
fn each_sensor_counts_by_its_own_interval() {
    let minute = |n: usize| every(1, midnight(nov(1)), [vec![120.0; 60], vec![60.0; n], vec![120.0; 60]].concat());
    assert_eq!(spells(&minute(14), EpisodeLevel::Low), []);
    assert_eq!(spells(&minute(15), EpisodeLevel::Low), [(60, 74, 60.0)]);
    let quarter = |n: usize| every(15, midnight(nov(1)), [vec![120.0; 20], vec![60.0; n], vec![120.0; 20]].concat());
    assert_eq!(spells(&quarter(1), EpisodeLevel::Low), [(300, 300, 60.0)]);
}

#[test]
fn a_clock_that_runs_a_little_fast_hides_no_episode() {
    let fast = |samples: Vec<Sample>| -> Vec<Sample> {
        let start = midnight(nov(1));
        samples.into_iter().map(|s| Sample { at: start + (s.at - start) * 98 / 100, ..s }).collect()
    };
    assert_eq!(spells(&fast(trace(&[(10, &[60.0; 3])])), EpisodeLevel::Low).len(), 1);
    let quarter = every(15, midnight(nov(1)), [vec![120.0; 20], vec![60.0], vec![120.0; 20]].concat());
    assert_eq!(spells(&fast(quarter), EpisodeLevel::Low).len(), 1);
}

#[test]
fn an_episode_that_the_data_ends_in_is_there() {
    assert_eq!(spells(&trace(&[(69, &[60.0; 3])]), EpisodeLevel::Low), [(345, 355, 60.0)]);
}
