//! `services::readings`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error,
    clock::Clock,
    field::{FieldErrors, Problem},
    forms::TypedReading,
    glucose::{Clip, Glucose, MealState, NewReading, Source, Unit},
    ids::ReadingId,
    people::Actor,
    ports::{BatchOutcome, ListQuery, ReadingChange, Readings},
};
use uuid::Uuid;

use crate::support::{World, on_both_engines};

/// A meter's value so many minutes ago.
pub fn value(world: &World, minutes_ago: i64, mg_dl: f64) -> NewReading {
    NewReading {
        client_id: None,
        glucose: Glucose::new(mg_dl, Unit::MgDl).unwrap(),
        clip: None,
        state: MealState::Random,
        source: Source::Manual,
        recorded_at: world.clock.now() - TimeDelta::minutes(minutes_ago),
        notes: None,
    }
}

fn from_client(world: &World, id: &str) -> NewReading {
    NewReading { client_id: Some(id.into()), ..value(world, 1, 120.0) }
}

async fn all(world: &World, actor: &Actor) -> Vec<domain::glucose::Reading> {
    world.readings.list(actor, &ListQuery::default()).await.unwrap().items
}

on_both_engines!(a_deleted_reading_can_be_restored_by_its_owner_only, |db| async {
    let world = World::new(&db.store).await;
    let (reading, _) = world.readings.log(&world.patient, value(&world, 1, 120.0)).await.unwrap();
    assert_eq!(world.readings.delete(&world.other, reading.id).await, Err(Error::NotFound));
    assert_eq!(world.readings.delete(&world.patient, reading.id).await, Ok(()));
    assert_eq!(world.readings.delete(&world.patient, reading.id).await, Err(Error::NotFound));
    assert_eq!(world.readings.get(&world.patient, reading.id).await, Err(Error::NotFound));
    assert_eq!(all(&world, &world.patient).await, []);
    assert_eq!(world.readings.restore(&world.other, reading.id).await, Err(Error::NotFound));
    for _ in 0..2 {
        assert_eq!(world.readings.restore(&world.patient, reading.id).await, Ok(()), "asked twice, it is there");
    }
    assert_eq!(all(&world, &world.patient).await.len(), 1);
    assert_eq!(world.readings.restore(&world.patient, ReadingId(Uuid::now_v7())).await, Err(Error::NotFound));
});

on_both_engines!(only_a_patient_logs_and_reads_own_readings, |db| async {
    let world = World::new(&db.store).await;
    let (reading, created) = world.readings.log(&world.patient, value(&world, 1, 120.0)).await.unwrap();
    assert!(created);
    for actor in world.everybody_else() {
        let (read, change, listed) = (
            world.readings.get(&actor, reading.id).await,
            world.readings.change(&actor, reading.id, ReadingChange::default()).await,
            world.readings.list(&actor, &ListQuery::default()).await.map(|page| page.items),
        );
        if actor.user == world.other.user {
            assert_eq!((read, change, listed), (Err(Error::NotFound), Err(Error::NotFound), Ok(vec![])));
        } else {
            assert_eq!((read, change, listed), (Err(Error::Forbidden), Err(Error::Forbidden), Err(Error::Forbidden)));
            assert_eq!(world.readings.log(&actor, value(&world, 1, 99.0)).await, Err(Error::Forbidden));
            assert_eq!(world.readings.log_many(&actor, vec![]).await, Err(Error::Forbidden));
        }
    }
});

on_both_engines!(every_write_leaves_one_line_in_the_trail_and_one_event, |db| async {
    let world = World::new(&db.store).await;
    let mut before = world.trail().await;
    let mut step = async |what: &str, expected: i64| {
        let after = world.trail().await;
        assert_eq!((after.0 - before.0, after.1 - before.1), (expected, expected), "{what}");
        before = after;
    };
    let (reading, _) = world.readings.log(&world.patient, from_client(&world, "a")).await.unwrap();
    step("log", 1).await;
    world.readings.log(&world.patient, from_client(&world, "a")).await.unwrap();
    step("log the same again", 0).await;
    let batch = (0..50).map(|n| Ok(from_client(&world, &format!("b{n}")))).collect();
    world.readings.log_many(&world.patient, batch).await.unwrap();
    step("a batch", 1).await;
    let change = ReadingChange { state: Some(MealState::Bedtime), ..ReadingChange::default() };
    world.readings.change(&world.patient, reading.id, change).await.unwrap();
    step("change", 1).await;
    world.readings.delete(&world.patient, reading.id).await.unwrap();
    step("delete", 1).await;
    world.readings.restore(&world.patient, reading.id).await.unwrap();
    step("restore", 1).await;
});

on_both_engines!(the_same_client_id_twice_is_the_same_reading, |db| async {
    let world = World::new(&db.store).await;
    let (first, _) = world.readings.log(&world.patient, from_client(&world, "a")).await.unwrap();
    let changed = NewReading { glucose: Glucose::new(99.0, Unit::MgDl).unwrap(), ..from_client(&world, "a") };
    let (again, created) = world.readings.log(&world.patient, changed).await.unwrap();
    assert_eq!((again, created), (first, false));
    let (_, created) = world.readings.log(&world.other, from_client(&world, "a")).await.unwrap();
    assert!(created, "another patient's client may use the same id");
});

on_both_engines!(a_bad_reading_never_spoils_the_rest_of_a_batch, |db| async {
    let world = World::new(&db.store).await;
    let (known, _) = world.readings.log(&world.patient, from_client(&world, "known")).await.unwrap();
    let bad = FieldErrors::one("value", Problem::Required);
    let outcomes = world
        .readings
        .log_many(
            &world.patient,
            vec![
                Ok(from_client(&world, "new")),
                Err((Some("bad".into()), bad.clone())),
                Ok(from_client(&world, "known")),
                Ok(from_client(&world, "new")),
                Ok(value(&world, 3, 30.0)),
            ],
        )
        .await
        .unwrap();
    let BatchOutcome::Created { client_id: Some(first), id: new } = &outcomes[0] else { panic!("{outcomes:?}") };
    assert_eq!(first, "new");
    assert_eq!(outcomes[1], BatchOutcome::Rejected { client_id: Some("bad".into()), errors: bad });
    assert_eq!(outcomes[2], BatchOutcome::Exists { client_id: Some("known".into()), id: known.id });
    assert_eq!(outcomes[3], BatchOutcome::Exists { client_id: Some("new".into()), id: *new });
    assert!(matches!(outcomes[4], BatchOutcome::Created { client_id: None, .. }), "a severe low is never dropped");
    assert_eq!(all(&world, &world.patient).await.len(), 3);

    let many = (0..1001).map(|_| Ok(value(&world, 1, 100.0))).collect();
    assert!(matches!(world.readings.log_many(&world.patient, many).await, Err(Error::Invalid(_))));
});

on_both_engines!(a_change_keeps_what_is_not_named_and_refuses_an_old_version, |db| async {
    let world = World::new(&db.store).await;
    let new = NewReading {
        clip: Some(Clip::Low),
        notes: Some("felt dizzy".into()),
        source: Source::Sensor,
        ..value(&world, 10, 40.0)
    };
    let (reading, _) = world.readings.log(&world.patient, new).await.unwrap();
    assert_eq!(reading.notes.as_deref(), Some("felt dizzy"));
    let change = |change| world.readings.change(&world.patient, reading.id, change);

    let state = ReadingChange { state: Some(MealState::Bedtime), version: Some(1), ..ReadingChange::default() };
    let changed = change(state.clone()).await.unwrap();
    let expected = domain::glucose::Reading { state: MealState::Bedtime, version: 2, ..reading.clone() };
    assert_eq!(changed, expected);
    assert_eq!(world.readings.get(&world.patient, reading.id).await, Ok(expected));
    assert_eq!(change(state).await, Err(Error::Conflict));

    let glucose = Glucose::new(4.4, Unit::MmolL).unwrap();
    let change_value = ReadingChange { glucose: Some(glucose), notes: Some(None), ..ReadingChange::default() };
    let changed = change(change_value).await.unwrap();
    assert_eq!((changed.glucose, changed.clip, changed.notes, changed.version), (glucose, None, None, 3));

    let future =
        ReadingChange { recorded_at: Some(world.clock.now() + TimeDelta::minutes(6)), ..ReadingChange::default() };
    assert_eq!(change(future).await, Err(FieldErrors::one("recordedAt", Problem::InFuture).into()));
});

on_both_engines!(a_form_is_read_on_the_patients_wall_clock_and_leaves_what_was_not_touched, |db| async {
    let world = World::new(&db.store).await;
    let local = |text: &str| text.parse().unwrap();
    let typed = |glucose, recorded_local| TypedReading {
        glucose,
        state: MealState::MorningFasting,
        recorded_local,
        notes: None,
    };
    let mg_dl = |value| Glucose::new(value, Unit::MgDl).unwrap();
    let logged =
        world.readings.log_typed(&world.patient, typed(mg_dl(126.0), local("2026-11-24T07:30:00"))).await.unwrap();
    assert_eq!(logged.recorded_at, "2026-11-24T02:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(logged.source, Source::Manual);
    let late = world.readings.log_typed(&world.patient, typed(mg_dl(126.0), local("2026-11-24T12:06:00"))).await;
    assert_eq!(late, Err(FieldErrors::one("recordedAt", Problem::InFuture).into()));

    let exact = NewReading {
        glucose: Glucose::new(7.0, Unit::MmolL).unwrap(),
        recorded_at: "2026-11-24T02:00:31Z".parse().unwrap(),
        ..value(&world, 0, 100.0)
    };
    let (exact, _) = world.readings.log(&world.patient, exact).await.unwrap();
    // 7.0 mmol/L is shown as 126 mg/dL, 07:30:31 as 07:30.
    let untouched = typed(mg_dl(126.0), local("2026-11-24T07:30:00"));
    let changed = world.readings.change_typed(&world.patient, exact.id, untouched).await.unwrap();
    assert_eq!((changed.glucose, changed.recorded_at), (exact.glucose, exact.recorded_at));
    let touched = typed(mg_dl(127.0), local("2026-11-24T07:31:00"));
    let changed = world.readings.change_typed(&world.patient, exact.id, touched).await.unwrap();
    assert_eq!(changed.glucose, mg_dl(127.0));
    assert_eq!(changed.recorded_at, "2026-11-24T02:01:00Z".parse::<DateTime<Utc>>().unwrap());
});

on_both_engines!(pages_follow_each_other_within_the_asked_period, |db| async {
    let world = World::new(&db.store).await;
    let batch = (0..25).map(|n| Ok(value(&world, n, 100.0))).collect();
    world.readings.log_many(&world.patient, batch).await.unwrap();
    let mut query = ListQuery {
        from: Some(world.clock.now() - TimeDelta::minutes(22)),
        to: Some(world.clock.now() - TimeDelta::minutes(2)),
        limit: Some(8),
        cursor: None,
    };
    let (mut ages, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let page = world.readings.list(&world.patient, &query).await.unwrap();
        sizes.push(page.items.len());
        ages.extend(page.items.iter().map(|r| (world.clock.now() - r.recorded_at).num_minutes()));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [8, 8, 4]);
    assert_eq!(ages, (3..=22).collect::<Vec<_>>());
});

on_both_engines!(the_longest_note_fits_into_the_index_that_answers_the_list, |db| async {
    let world = World::new(&db.store).await;
    let longest = "\u{1f375}".repeat(domain::glucose::MAX_NOTES);
    let new = NewReading { notes: Some(longest.clone()), ..from_client(&world, &"x".repeat(64)) };
    world.readings.log(&world.patient, new).await.unwrap();
    assert_eq!(all(&world, &world.patient).await[0].notes, Some(longest));
});
