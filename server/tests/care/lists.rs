//! Lists never ask the database once for each row.

use std::time::{Duration, Instant};

use domain::{
    consent::{DataType, LinkKind},
    glucose::NewReading,
    people::Role,
    ports::{ListQuery, Meals, Panel, PanelQuery, PeriodQuery, Readings, Reports},
};
use server::services::{following, standing::recompute};

use super::{meals::lunch, readings::value};
use crate::support::{World, on_both_engines, statements};

/// Statements of every list with the world as it is.
async fn counts(world: &World) -> Vec<(&'static str, usize)> {
    let (patient, doctor, follower, id) = (&world.patient, &world.doctor, &world.follower, world.asha());
    let query = ListQuery::default();
    let year = PeriodQuery::LastDays(366);
    let mut counts = Vec::new();
    macro_rules! count {
        ($name:literal, $work:expr) => {
            // The least of several: the first time opens names and notes a look, and a connection that the pool opens
            // meanwhile asks for its settings.
            let mut least = usize::MAX;
            for _ in 0..10 {
                least = least.min(statements(async { $work.await.unwrap() }).await.0);
            }
            counts.push(($name, least));
        };
    }
    count!("readings", world.readings.list(patient, &query));
    count!("meals", world.meals.list(patient, &query));
    count!("history", world.reports.history(patient, &query));
    count!("today", world.reports.today(patient));
    count!("report", world.reports.report(doctor, id, year, false));
    count!("days", world.reports.days(doctor, id, year));
    count!("log book", world.reports.log_book(doctor, id, year));
    count!("meals of a period", world.reports.meals(doctor, id, year));
    count!("weekly", world.reports.weekly(doctor, id));
    count!("work list", world.panel.list(doctor, &PanelQuery::default()));
    count!("followed", following::followed(&world.deps, follower));
    counts
}

on_both_engines!(fifty_rows_need_as_many_statements_as_one, |db| async {
    let world = World::new(&db.store).await;
    let noted = |n| NewReading { notes: Some("after a walk".into()), ..value(&world, n, 120.0) };
    world.readings.log(&world.patient, noted(1)).await.unwrap();
    world.meals.log(&world.patient, lunch(&world, 1)).await.unwrap();
    let one = counts(&world).await;
    assert_eq!(one[0], ("readings", 1), "the hot path is one statement");
    assert!(one.iter().all(|(_, count)| (1..=8).contains(count)), "{one:?}");

    let batch = (2..=50).map(|n| Ok(noted(n))).collect();
    world.readings.log_many(&world.patient, batch).await.unwrap();
    for n in 2..=50 {
        world.meals.log(&world.patient, lunch(&world, n)).await.unwrap();
        let other = world.person(Role::Patient, Some("Sita")).await;
        world.link(&other, &world.doctor, LinkKind::Care, DataType::ALL).await;
        world.link(&other, &world.follower, LinkKind::Family, &[DataType::Glucose]).await;
        world.readings.log(&other, noted(n)).await.unwrap();
    }
    assert_eq!(counts(&world).await, one);
});

on_both_engines!(a_work_list_of_many_patients_comes_at_once, |db| async {
    let world = World::new(&db.store).await;
    for n in 0..200 {
        let other = world.person(Role::Patient, Some(&format!("Patient {n}"))).await;
        world.link(&other, &world.doctor, LinkKind::Care, DataType::ALL).await;
        world.readings.log(&other, value(&world, n, 45.0)).await.unwrap();
        recompute(&world.deps, other.user.into()).await.unwrap();
    }
    let page = world.panel.list(&world.doctor, &PanelQuery::default()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (50, 201));
    let begin = Instant::now();
    world.panel.list(&world.doctor, &PanelQuery::default()).await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
});
