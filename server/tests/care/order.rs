//! The work list, kept up to date change by change, against the same computed anew from everything that is stored.

use chrono::TimeDelta;
use domain::{
    clock::{Clock, DEFAULT_ZONE},
    consent::{DataType, LinkKind},
    glucose::{Glucose, NewReading, Source, Unit},
    people::{Actor, Preset, Role},
    ports::{ListQuery, Panel, PanelQuery, Readings},
    targets::{Goals, OWN, RawGoals},
    triage,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use server::{
    services::standing::recompute,
    storage::{readings, standing},
};

use super::readings::value;
use crate::support::{World, on_both_engines};

/// Patients of the ward.
const PATIENTS: usize = 5;

/// What happens on a ward. The first number says to whom.
#[derive(Debug, Clone)]
enum Step {
    /// Finger-sticks, minutes ago and mg/dL.
    Sticks(usize, Vec<(i64, f64)>),
    /// A run of sensor values at five minutes, hours ago and mg/dL.
    Sensor(usize, i64, f64),
    /// The newest reading is deleted.
    Delete(usize),
    /// A reading is changed.
    Change(usize, f64),
    Targets(usize, usize),
    /// Hours pass.
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PATIENTS;
    let mg_dl = || prop_oneof![40.0..60.0_f64, 60.0..180.0_f64, 180.0..400.0_f64].prop_map(f64::round);
    prop_oneof![
        3 => (who.clone(), prop::collection::vec((0_i64..40_000, mg_dl()), 1..6)).prop_map(|(w, s)| Step::Sticks(w, s)),
        2 => (who.clone(), 4_i64..700, mg_dl()).prop_map(|(w, ago, v)| Step::Sensor(w, ago, v)),
        1 => who.clone().prop_map(Step::Delete),
        1 => (who.clone(), mg_dl()).prop_map(|(w, v)| Step::Change(w, v)),
        1 => (who, 0..5_usize).prop_map(|(w, g)| Step::Targets(w, g)),
        2 => (1_i64..120).prop_map(Step::Wait),
    ]
}

fn goals(which: usize) -> Goals {
    match Preset::ALL.get(which) {
        Some(preset) => (*preset).into(),
        None => RawGoals {
            preset: Some(OWN.into()),
            unit: Some("mg/dL".into()),
            low: Some(80.0),
            high: Some(150.0),
            in_range_above: Some(80.0),
            ..RawGoals::default()
        }
        .parse()
        .unwrap(),
    }
}

/// Does a step, and what the consumer of its event does: the standing of that one patient is computed.
async fn happen(world: &World, ward: &[Actor], step: Step) {
    let newest = |who: usize| async move {
        let page = world.readings.list(&ward[who], &ListQuery::default()).await.unwrap();
        page.items.into_iter().next()
    };
    let who = match step {
        Step::Sticks(who, sticks) => {
            let items = sticks.into_iter().map(|(ago, v)| Ok(value(world, ago, v))).collect();
            world.readings.log_many(&ward[who], items).await.unwrap();
            who
        }
        Step::Sensor(who, hours, mg_dl) => {
            let run =
                (0..36).map(|n| Ok(NewReading { source: Source::Sensor, ..value(world, hours * 60 - n * 5, mg_dl) }));
            world.readings.log_many(&ward[who], run.collect()).await.unwrap();
            who
        }
        Step::Delete(who) => {
            if let Some(reading) = newest(who).await {
                world.readings.delete(&ward[who], reading.id).await.unwrap();
            }
            who
        }
        Step::Change(who, mg_dl) => {
            if let Some(reading) = newest(who).await {
                let glucose = Some(Glucose::new(mg_dl, Unit::MgDl).unwrap());
                let change = domain::ports::ReadingChange { glucose, ..domain::ports::ReadingChange::default() };
                world.readings.change(&ward[who], reading.id, change).await.unwrap();
            }
            who
        }
        Step::Targets(who, which) => {
            world.panel.set_targets(&world.doctor, ward[who].user.into(), goals(which)).await.unwrap();
            return; // computes the standing by itself
        }
        Step::Wait(hours) => return world.clock.forward(TimeDelta::hours(hours)),
    };
    recompute(&world.deps, ward[who].user.into()).await.unwrap();
}

/// Everybody's reasons from all their readings, in the order of need.
async fn naive(world: &World, ward: &[Actor]) -> Vec<(uuid::Uuid, Vec<triage::Reason>)> {
    let now = world.clock.now();
    let mut rows = Vec::new();
    for actor in ward {
        let patient = actor.user.into();
        let terms = standing::terms(&world.deps.store, patient).await.unwrap().unwrap();
        assert_eq!(terms.zone, DEFAULT_ZONE);
        let from = now - TimeDelta::days(4_000);
        let all = readings::samples(&world.deps.store, patient, from, now + TimeDelta::days(1)).await.unwrap();
        // Written and read as the kept one is: that may change a number's last digit.
        let anew = serde_json::to_string(&triage::standing(&all, terms.zone, terms.goals)).unwrap();
        rows.push((actor.user.0, triage::reasons_at(&serde_json::from_str(&anew).unwrap(), now)));
    }
    rows.sort_by(|(a, of_a), (b, of_b)| triage::need(of_b).cmp(&triage::need(of_a)).then(a.cmp(b)));
    rows
}

on_both_engines!(the_order_kept_by_each_change_is_that_of_computing_everything_anew, |db| async {
    let mut runner = TestRunner::deterministic();
    let stories = prop::collection::vec(step(), 12..20);
    let world = World::new(&db.store).await;
    for _ in 0..Config::default().cases.min(6) {
        let story = stories.new_tree(&mut runner).unwrap().current();
        let mut ward = vec![world.patient];
        while ward.len() < PATIENTS {
            let patient = world.person(Role::Patient, Some("Ward")).await;
            world.link(&patient, &world.doctor, LinkKind::Care, DataType::ALL).await;
            ward.push(patient);
        }
        let told = format!("{story:?}");
        for step in story {
            happen(&world, &ward, step).await;
            let page = world
                .panel
                .list(&world.doctor, &PanelQuery { limit: Some(200), ..PanelQuery::default() })
                .await
                .unwrap();
            let mine = |id: &uuid::Uuid| ward.iter().any(|actor| actor.user.0 == *id);
            let got: Vec<_> =
                page.items.into_iter().map(|row| (row.id.0, row.reasons)).filter(|(id, _)| mine(id)).collect();
            assert_eq!(got, naive(&world, &ward).await, "{told}");
        }
    }
});
