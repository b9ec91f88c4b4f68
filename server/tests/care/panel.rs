//! `services::panel` and `services::standing`.

use chrono::TimeDelta;
use domain::{
    Error,
    clock::{Clock, DEFAULT_ZONE, local_date},
    consent::{DataType, LinkKind},
    field::Problem,
    glucose::{NewReading, Source},
    ids::PatientId,
    people::{Actor, Preset, Role},
    ports::{Panel, PanelFilter, PanelQuery, PanelSort, Readings},
    triage::Priority,
};
use server::services::standing::recompute;
use uuid::Uuid;

use super::readings::value;
use crate::support::{World, on_both_engines};

/// A patient of the world's doctor with meter values of the last days.
async fn patient(world: &World, name: &str, days_ago: i64, values: &[f64]) -> Actor {
    let actor = world.person(Role::Patient, Some(name)).await;
    world.link(&actor, &world.doctor, LinkKind::Care, DataType::ALL).await;
    let items = (0..).zip(values).map(|(n, v)| Ok(value(world, days_ago * 1440 + n * 90, *v))).collect();
    world.readings.log_many(&actor, items).await.unwrap();
    recompute(&world.deps, actor.user.into()).await.unwrap();
    actor
}

async fn names(world: &World, query: PanelQuery) -> Vec<String> {
    let page = world.panel.list(&world.doctor, &query).await.unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

fn sorted(sort: PanelSort) -> PanelQuery {
    PanelQuery { sort, ..PanelQuery::default() }
}

fn filtered(filter: PanelFilter) -> PanelQuery {
    PanelQuery { filter, ..PanelQuery::default() }
}

/// Asha (of the world) has no reading.
async fn ward(world: &World) {
    patient(world, "Steady Sita", 0, &[100.0; 6]).await;
    patient(world, "Low Lata", 1, &[45.0, 110.0, 50.0]).await;
    patient(world, "Silent Sunil", 9, &[100.0; 6]).await;
    patient(world, "High Hari", 0, &[260.0; 6]).await;
}

on_both_engines!(only_a_linked_doctor_sees_a_patient_in_the_work_list, |db| async {
    let world = World::new(&db.store).await;
    assert_eq!(names(&world, PanelQuery::default()).await, ["Asha Verma"]);
    let stranger = world.panel.list(&world.stranger, &PanelQuery::default()).await.unwrap();
    assert_eq!((stranger.items, stranger.total), (vec![], 0));
    for actor in [world.patient, world.other, world.follower, world.limited, world.admin] {
        assert_eq!(world.panel.list(&actor, &PanelQuery::default()).await.map(|_| ()), Err(Error::Forbidden));
    }
    let id = world.asha();
    for (actor, read, write) in [
        (world.doctor, Ok(()), Ok(())),
        (world.patient, Ok(()), Err(Error::Forbidden)),
        (world.follower, Err(Error::Forbidden), Err(Error::Forbidden)),
        (world.stranger, Err(Error::NotFound), Err(Error::NotFound)),
        (world.other, Err(Error::NotFound), Err(Error::NotFound)),
        (world.admin, Err(Error::NotFound), Err(Error::NotFound)),
    ] {
        let role = actor.role;
        assert_eq!(world.panel.patient(&actor, id).await.map(|_| ()), read, "{role:?}");
        assert_eq!(world.panel.review(&actor, id, true).await, write, "{role:?}");
        let day = local_date(world.clock.now(), DEFAULT_ZONE) + chrono::Days::new(7);
        assert_eq!(world.panel.review_until(&actor, id, day).await, write, "{role:?}");
        assert_eq!(world.panel.set_targets(&actor, id, Preset::Adult.into()).await, write, "{role:?}");
        let unknown = PatientId(Uuid::now_v7());
        assert_eq!(world.panel.patient(&actor, unknown).await.map(|_| ()), Err(Error::NotFound));
    }
});

on_both_engines!(the_list_is_ordered_filtered_and_searched, |db| async {
    let world = World::new(&db.store).await;
    ward(&world).await;
    let by_need = names(&world, PanelQuery::default()).await;
    assert_eq!(by_need[..2], ["Low Lata", "High Hari"]);
    assert_eq!(by_need.last().map(String::as_str), Some("Steady Sita"));
    let by_name = names(&world, sorted(PanelSort::Name)).await;
    assert_eq!(by_name, ["Asha Verma", "High Hari", "Low Lata", "Silent Sunil", "Steady Sita"]);
    let by_age_of_data = names(&world, sorted(PanelSort::LastReading)).await;
    assert_eq!(by_age_of_data[..3], ["Asha Verma", "Silent Sunil", "Low Lata"]);
    assert_eq!(names(&world, filtered(PanelFilter::NoData)).await.len(), 2);
    let attention = names(&world, filtered(PanelFilter::NeedsAttention)).await;
    assert!(!attention.contains(&"Steady Sita".to_owned()) && attention.len() == 4, "{attention:?}");
    for (q, found) in [("lata LOW", vec!["Low Lata"]), ("zzz", vec![])] {
        assert_eq!(names(&world, PanelQuery { q: Some(q.into()), ..PanelQuery::default() }).await, found);
    }
    let page = world.panel.list(&world.doctor, &PanelQuery::default()).await.unwrap();
    assert_eq!((page.items[0].priority, page.total), (Priority::Urgent, 5));
    assert_eq!(page.items[0].age, Some(56));
});

on_both_engines!(pages_follow_each_other_in_every_order_even_if_the_last_row_moves, |db| async {
    let world = World::new(&db.store).await;
    ward(&world).await;
    for sort in [PanelSort::Need, PanelSort::Name, PanelSort::LastReading, PanelSort::InRange] {
        let whole = names(&world, sorted(sort)).await;
        let mut query = PanelQuery { limit: Some(2), ..sorted(sort) };
        let mut pages = Vec::new();
        loop {
            let page = world.panel.list(&world.doctor, &query).await.unwrap();
            assert_eq!(page.total, 5);
            pages.extend(page.items.into_iter().map(|row| row.name));
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(pages, whole, "{sort:?}");
    }

    let first = PanelQuery { limit: Some(2), ..PanelQuery::default() };
    let page = world.panel.list(&world.doctor, &first).await.unwrap();
    let last = page.items[1].id;
    let moved = Actor { user: last.into(), ..world.patient };
    let items = (0..30).map(|n| Ok(value(&world, n, 40.0))).collect();
    world.readings.log_many(&moved, items).await.unwrap();
    recompute(&world.deps, last).await.unwrap();
    let next = PanelQuery { cursor: page.next_cursor.clone(), ..first.clone() };
    let rest = names(&world, PanelQuery { limit: None, ..next.clone() }).await;
    assert_eq!(rest.len(), 3, "nobody is shown twice or skipped: {rest:?}");

    let cursor = page.next_cursor.unwrap();
    assert!(!cursor.contains("Lata") && cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    let other_order = PanelQuery { sort: PanelSort::Name, ..next.clone() };
    for query in [other_order, PanelQuery { cursor: Some("x".into()), ..next.clone() }] {
        let Err(Error::Invalid(errors)) = world.panel.list(&world.doctor, &query).await else { panic!("accepted") };
        assert_eq!(errors.of("cursor"), Some(&Problem::Malformed));
    }
    let stolen = world.panel.list(&world.stranger, &next).await;
    assert!(matches!(stolen, Err(Error::Invalid(_))), "a cursor is good for its doctor only");
    let too_many = PanelQuery { limit: Some(201), ..PanelQuery::default() };
    assert!(matches!(world.panel.list(&world.doctor, &too_many).await, Err(Error::Invalid(_))));
});

on_both_engines!(a_review_holds_until_the_next_reading_and_can_be_undone, |db| async {
    let world = World::new(&db.store).await;
    let sita = patient(&world, "Sita", 0, &[100.0]).await;
    let open = || names(&world, filtered(PanelFilter::NotReviewed));
    assert_eq!(open().await.len(), 2);
    let trail = world.trail().await;
    world.panel.review(&world.doctor, sita.user.into(), true).await.unwrap();
    let after = world.trail().await;
    assert_eq!((after.0 - trail.0, after.1 - trail.1), (1, 1));
    assert_eq!(open().await, ["Asha Verma"]);
    let head = world.panel.patient(&world.doctor, sita.user.into()).await.unwrap();
    assert_eq!(head.reviewed_at.map(|m| m.at), Some(world.clock.now()));

    world.panel.review(&world.doctor, sita.user.into(), false).await.unwrap();
    world.panel.review(&world.doctor, sita.user.into(), false).await.unwrap();
    assert_eq!(open().await.len(), 2);
    world.panel.review(&world.doctor, sita.user.into(), true).await.unwrap();
    world.clock.forward(TimeDelta::minutes(5));
    world.readings.log(&sita, value(&world, 0, 100.0)).await.unwrap();
    recompute(&world.deps, sita.user.into()).await.unwrap();
    assert_eq!(open().await.len(), 2, "a newer reading is not reviewed");
});

on_both_engines!(a_reviewed_patient_is_due_again_on_the_day_that_was_named, |db| async {
    let world = World::new(&db.store).await;
    let sita = patient(&world, "Sita", 0, &[100.0]).await;
    let id: PatientId = sita.user.into();
    let list = |filter| names(&world, filtered(filter));
    let today = local_date(world.clock.now(), DEFAULT_ZONE);
    for days in [-1, 0, 367] {
        let answer = world.panel.review_until(&world.doctor, id, today + TimeDelta::days(days)).await;
        assert!(matches!(answer, Err(Error::Invalid(errors)) if errors.of("due").is_some()), "{days}");
    }
    let due = today + TimeDelta::days(2);
    world.panel.review_until(&world.doctor, id, due).await.unwrap();
    assert_eq!(
        (list(PanelFilter::Due).await, list(PanelFilter::NotReviewed).await),
        (vec![], vec!["Asha Verma".into()])
    );
    let head = world.panel.patient(&world.doctor, id).await.unwrap();
    assert_eq!((head.due_on, head.reviewed_at.map(|m| m.at)), (Some(due), Some(world.clock.now())));
    // By the patient's calendar: two days later at the same time it is that day.
    world.clock.forward(TimeDelta::days(2));
    assert_eq!(list(PanelFilter::Due).await, ["Sita"]);
    assert_eq!(list(PanelFilter::NotReviewed).await.len(), 2, "due again, though there is nothing new");
    // A review without a day ends it; taken back, the day is due again.
    world.panel.review(&world.doctor, id, true).await.unwrap();
    assert_eq!(list(PanelFilter::Due).await.len(), 0);
    world.panel.review(&world.doctor, id, false).await.unwrap();
    assert_eq!(list(PanelFilter::Due).await, ["Sita"]);
});

on_both_engines!(other_targets_judge_the_same_data_anew, |db| async {
    let world = World::new(&db.store).await;
    let sensor = |n: i64| NewReading { source: Source::Sensor, ..value(&world, n * 5, 150.0) };
    let actor = world.patient;
    for hour in 0..4 {
        let items = (hour * 288..(hour + 1) * 288).map(|n| Ok(sensor(n))).collect();
        world.readings.log_many(&actor, items).await.unwrap();
    }
    recompute(&world.deps, world.asha()).await.unwrap();
    recompute(&world.deps, world.asha()).await.unwrap();
    let in_range = || async {
        let page = world.panel.list(&world.doctor, &PanelQuery::default()).await.unwrap();
        page.items[0].ranges.map(|r| r.in_range)
    };
    assert_eq!(in_range().await, Some(100.0));
    world.panel.set_targets(&world.doctor, world.asha(), Preset::PregnancyType1.into()).await.unwrap();
    assert_eq!(in_range().await, Some(0.0), "140 mg/dL is the upper end in pregnancy");
    let head = world.panel.patient(&world.doctor, world.asha()).await.unwrap();
    assert_eq!(
        (head.goals, head.age, head.time_zone.as_str()),
        (Preset::PregnancyType1.into(), Some(56), "Asia/Kolkata")
    );
    assert_eq!(recompute(&world.deps, PatientId(Uuid::now_v7())).await, Ok(()), "nobody has no standing");
});

on_both_engines!(silence_becomes_a_reason_without_any_new_data, |db| async {
    let world = World::new(&db.store).await;
    patient(&world, "Sita", 0, &[100.0; 3]).await;
    let reasons = || async {
        let page =
            world.panel.list(&world.doctor, &PanelQuery { q: Some("sita".into()), ..PanelQuery::default() }).await;
        page.unwrap().items[0].reasons.iter().map(domain::triage::Reason::code).collect::<Vec<_>>()
    };
    assert_eq!(reasons().await, Vec::<&str>::new());
    world.clock.forward(TimeDelta::days(3));
    assert_eq!(reasons().await, ["noDataFor"]);
});
