//! `services::panel`, targets: who may, what follows at once, who set what.

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    ids::PatientId,
    metrics::{Period, range::Band},
    people::Preset,
    ports::{ListQuery, Panel, PanelQuery, PeriodQuery, Readings, Reports},
    targets::{Goals, OWN, RawGoals},
};
use uuid::Uuid;

use super::{
    readings::value,
    reports::{log, sensor},
};
use crate::support::{World, on_both_engines};

fn own(low: f64, high: f64) -> Goals {
    let numbers = RawGoals {
        preset: Some(OWN.into()),
        unit: Some("mg/dL".into()),
        low: Some(low),
        high: Some(high),
        in_range_above: Some(60.0),
        low_below: Some(3.0),
        ..RawGoals::default()
    };
    numbers.parse().unwrap()
}

on_both_engines!(only_a_doctor_who_treats_the_patient_reads_and_sets_targets, |db| async {
    let world = World::new(&db.store).await;
    let id = world.asha();
    for (actor, answer) in [
        (world.doctor, Ok(())),
        (world.patient, Err(Error::Forbidden)),
        (world.follower, Err(Error::Forbidden)),
        (world.stranger, Err(Error::NotFound)),
        (world.other, Err(Error::NotFound)),
        (world.admin, Err(Error::NotFound)),
    ] {
        let role = actor.role;
        assert_eq!(world.panel.targets(&actor, id).await.map(|_| ()), answer, "{role:?}");
        assert_eq!(world.panel.set_targets(&actor, id, own(80.0, 160.0)).await, answer, "{role:?}");
    }
    let unknown = PatientId(Uuid::now_v7());
    assert_eq!(world.panel.set_targets(&world.doctor, unknown, own(80.0, 160.0)).await, Err(Error::NotFound));
});

on_both_engines!(the_history_says_who_set_which_targets_newest_first, |db| async {
    let world = World::new(&db.store).await;
    let id = world.asha();
    let before = world.panel.targets(&world.doctor, id).await.unwrap();
    assert_eq!((before.goals, before.history), (Preset::Adult.into(), vec![]));
    let began = world.clock.now();
    let set = [own(80.0, 160.0), Preset::OlderHighRisk.into(), own(70.0, 150.0)];
    for goals in set {
        world.clock.forward(TimeDelta::hours(1));
        world.panel.set_targets(&world.doctor, id, goals).await.unwrap();
        // The same again is no change.
        world.panel.set_targets(&world.doctor, id, goals).await.unwrap();
    }
    let after = world.panel.targets(&world.doctor, id).await.unwrap();
    assert_eq!(after.goals, set[2]);
    let history: Vec<_> = after.history.iter().map(|c| (c.goals, (c.at.at - began).num_hours())).collect();
    assert_eq!(history, [(set[2], 3), (set[1], 2), (set[0], 1)]);
    let me = world.panel.patient(&world.doctor, id).await.unwrap();
    assert_eq!((me.goals, me.name.as_str()), (set[2], after.name.as_str()));
    assert!(after.history.iter().all(|c| c.by == after.history[0].by && c.by.starts_with("Dr")), "{:?}", after.history);
});

on_both_engines!(own_numbers_judge_every_figure_range_flag_and_reason_at_once, |db| async {
    let world = World::new(&db.store).await;
    let (doctor, asha) = (world.doctor, world.asha());
    // Three days of finger-sticks, eight a day: six of 170 mg/dL, two of 75.
    let day = [170.0, 170.0, 170.0, 75.0, 170.0, 170.0, 170.0, 75.0];
    let items = (0..24).zip(day.iter().cycle()).map(|(n, v)| Ok(value(&world, n * 180, *v))).collect();
    world.readings.log_many(&world.patient, items).await.unwrap();
    let codes = || async {
        let page = world.panel.list(&doctor, &PanelQuery::default()).await.unwrap();
        page.items[0].reasons.iter().map(domain::triage::Reason::code).collect::<Vec<_>>()
    };
    world.panel.set_targets(&doctor, asha, Preset::OlderHighRisk.into()).await.unwrap();
    assert_eq!(codes().await, Vec::<&str>::new(), "170 is under 200 at any time");
    let goals = own(80.0, 160.0);
    world.panel.set_targets(&doctor, asha, goals).await.unwrap();
    assert_eq!(codes().await, ["meterOutOfTarget"], "all lie outside 80 to 160: the standing is computed anew");
    let report = world.reports.report(&doctor, asha, PeriodQuery::LastDays(14), true).await.unwrap();
    assert_eq!((report.goals, report.thresholds.low.mg_dl, report.thresholds.high.mg_dl), (goals, 80.0, 160.0));
    let ranges = report.report.ranges.unwrap();
    assert_eq!((ranges.low, ranges.in_range, ranges.high), (25.0, 0.0, 75.0));
    let today = Period::ending(report.now.local().date(), 4);
    let curve = world.reports.curve(&doctor, asha, today.from, today.to).await.unwrap();
    assert!(curve.points.iter().all(|p| p.band == if p.mg_dl > 100.0 { Band::High } else { Band::Low }));
    assert_eq!(curve.thresholds, report.thresholds);
    let history = world.reports.history(&world.patient, &ListQuery::default()).await.unwrap();
    assert!(history.items.iter().all(|r| r.band == Band::High || r.band == Band::Low));
    assert_eq!(history.items.len(), 24);
});

on_both_engines!(the_weeks_sentences_follow_from_one_set_of_own_numbers_to_the_next_at_once, |db| async {
    let world = World::new(&db.store).await;
    let (doctor, asha) = (world.doctor, world.asha());
    for day in 0..5 {
        log(&world, (0..288).map(|n| sensor(&world, (day * 288 + n) * 5, 170.0)).collect()).await;
    }
    let told = async |goals| {
        world.panel.set_targets(&doctor, asha, goals).await.unwrap();
        world.reports.weekly(&doctor, asha).await.unwrap()
    };
    let (strict, loose) = (told(own(80.0, 160.0)).await, told(own(80.0, 200.0)).await);
    assert_ne!(strict.insights, loose.insights, "170 is high by the one and in range by the other");
    assert_eq!(told(own(80.0, 160.0)).await, strict);
});
