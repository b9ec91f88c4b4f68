//! A doctor's panel in figures.

use chrono::TimeDelta;
use domain::{
    Error,
    analytics::Group,
    clock::Clock,
    events::{Event, EventKind},
    glucose::{Glucose, NewReading, Source, Unit},
    ids::EventId,
    ports::{Panel, Readings},
};
use server::{services::standing, storage::links};
use uuid::Uuid;

use super::readings::value;
use crate::support::{World, on_both_engines, prove};

/// A sensor's days up to so many days ago, ten minutes apart, so many mg/dL.
async fn wear(world: &World, days: i64, ended: i64, mg_dl: f64) {
    for tick in 1..=days * 144 {
        let at = world.clock.now() - TimeDelta::days(ended) - TimeDelta::minutes(10 * tick);
        let glucose = Glucose::new(mg_dl, Unit::MgDl).unwrap();
        let reading = NewReading { glucose, source: Source::Sensor, recorded_at: at, ..value(world, 1, 100.0) };
        world.readings.log(&world.patient, reading).await.unwrap();
    }
    standing::recompute(&world.deps, world.asha()).await.unwrap();
}

async fn patients(world: &World, code: &str) -> u32 {
    let page = world.panel.analytics(&world.doctor, None).await.unwrap();
    page.figures.counts.iter().find(|count| count.group.to_string() == code).unwrap().patients
}

/// What the consumer of events does once the data of a patient changed.
async fn tell(world: &World) {
    let event = Event {
        id: EventId(Uuid::now_v7()),
        kind: EventKind::ReadingsChanged,
        patient: world.asha(),
        at: world.clock.now(),
    };
    for consumer in server::jobs::consumers(&world.deps).iter() {
        assert!(consumer.wants(event.kind));
        consumer.handle(&[event]).await.unwrap();
    }
}

on_both_engines!(figures_follow_a_patients_data_and_compare_with_ninety_days_before, |db| async {
    let world = World::new(&db.store).await;
    assert_eq!(patients(&world, "silent").await, 1);
    wear(&world, 2, 92, 250.0).await;
    wear(&world, 2, 0, 120.0).await;
    assert_eq!(patients(&world, "silent").await, 1, "cached until told");
    tell(&world).await;
    assert_eq!((patients(&world, "silent").await, patients(&world, "range-9").await), (0, 1));
    let page = world.panel.analytics(&world.doctor, Some(Group::Improved)).await.unwrap();
    assert_eq!(page.figures.median_in_range, Some(100.0));
    assert_eq!(page.figures.median_before, Some(0.0), "all above range then");
    let row = &page.rows[0];
    assert_eq!((row.name.as_str(), row.in_range, row.in_range_before), ("Asha Verma", Some(100.0), Some(0.0)));
    assert_eq!(world.panel.analytics(&world.doctor, Some(Group::Fell)).await.unwrap().rows, []);
    let theirs = world.panel.analytics(&world.stranger, Some(Group::Improved)).await.unwrap();
    assert_eq!((theirs.figures.patients, theirs.rows), (0, vec![]), "a panel of nobody");
    assert_eq!(links::doctors_of(&db.store, &[world.asha()]).await.unwrap(), [world.doctor.user]);
});

on_both_engines!(a_panels_figures_are_its_doctors_only, |db| async {
    let world = World::new(&db.store).await;
    for actor in [world.patient, world.other, world.follower, world.limited, world.admin] {
        assert_eq!(world.panel.analytics(&actor, None).await, Err(Error::Forbidden));
        assert_eq!(world.panel.analytics_file(&actor).await.map(|_| ()), Err(Error::Forbidden));
    }
    world.clock.forward(TimeDelta::minutes(6));
    assert_eq!(world.panel.analytics_file(&world.doctor).await.map(|_| ()), Err(Error::StepUp));
    prove(&world.deps, world.doctor.session, world.clock.now()).await;
    let before = world.trail().await.0;
    let file = world.panel.analytics_file(&world.doctor).await.unwrap();
    assert!(String::from_utf8(file.bytes).unwrap().contains("Asha Verma"));
    assert_eq!(world.trail().await.0, before + 1, "a line for each patient in the file");
});
