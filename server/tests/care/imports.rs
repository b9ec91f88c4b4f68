//! `services::imports`.

use std::time::Instant;

use chrono::{NaiveDateTime, TimeDelta};
use domain::{
    Error,
    clock::Clock,
    field::{FieldErrors, Problem},
    glucose::{Clip, Source},
    ids::ImportId,
    ports::{DateOrder, FileFormat, ImportAnswers, ImportQuestion, ImportStatus, Imports, ListQuery, Readings},
};
use server::{imports::sample, services::imports::forget_old_previews};
use uuid::Uuid;

use crate::support::{World, on_both_engines};

/// The last day and a half of a sensor's export, made now.
fn clarity(world: &World, days: u32) -> Vec<u8> {
    let wish = sample::Wish { days, ..sample::Wish::fortnight(7, local(world)) };
    sample::clarity(&wish).into_bytes()
}

fn local(world: &World) -> NaiveDateTime {
    world.clock.now().with_timezone(&domain::clock::DEFAULT_ZONE).naive_local()
}

async fn stored(world: &World) -> usize {
    let query = ListQuery { limit: Some(1000), ..ListQuery::default() };
    let (mut count, mut cursor) = (0, None);
    loop {
        let page = world.readings.list(&world.patient, &ListQuery { cursor, ..query.clone() }).await.unwrap();
        count += page.items.len();
        cursor = page.next_cursor;
        if cursor.is_none() {
            return count;
        }
    }
}

const NO_ANSWERS: ImportAnswers = ImportAnswers { date_order: None, unit: None, time_zone: None };

on_both_engines!(an_undone_import_is_gone_and_the_same_file_brings_it_back, |db| async {
    let world = World::new(&db.store).await;
    let preview = world.imports.preview(&world.patient, clarity(&world, 2)).await.unwrap();
    let added = world.imports.confirm(&world.patient, preview.id, NO_ANSWERS).await.unwrap();
    assert_eq!(world.imports.undo(&world.other, preview.id).await, Err(Error::NotFound));
    assert_eq!(world.imports.undo(&world.patient, preview.id).await, Ok(added));
    assert_eq!(world.imports.undo(&world.patient, preview.id).await, Ok(0), "asked twice, it is undone");
    assert_eq!(stored(&world).await, 0);
    assert_eq!(world.imports.confirm(&world.patient, preview.id, NO_ANSWERS).await, Err(Error::Conflict));
    let status = world.imports.get(&world.patient, preview.id).await.map(|p| p.status);
    assert_eq!(status, Ok(ImportStatus::Undone));

    let again = world.imports.preview(&world.patient, clarity(&world, 2)).await.unwrap();
    assert_eq!((again.accepted, again.duplicates), (preview.accepted, preview.duplicates));
    assert_eq!(world.imports.confirm(&world.patient, again.id, NO_ANSWERS).await, Ok(added));
    assert_eq!(stored(&world).await, usize::try_from(added).unwrap());
    assert_eq!(world.imports.undo(&world.patient, again.id).await, Ok(added));
});

on_both_engines!(a_preview_stores_nothing_and_can_be_forgotten, |db| async {
    let world = World::new(&db.store).await;
    let preview = world.imports.preview(&world.patient, clarity(&world, 1)).await.unwrap();
    assert_eq!((preview.format, preview.status), (FileFormat::Clarity, ImportStatus::Preview));
    assert!(preview.accepted > 200 && preview.from < preview.to, "{preview:?}");
    assert_eq!(preview.rows, preview.accepted + preview.duplicates + u32::try_from(preview.rejected.len()).unwrap());
    assert_eq!(stored(&world).await, 0);
    assert_eq!(world.imports.list(&world.patient).await, Ok(vec![preview.clone()]));
    assert_eq!(world.imports.list(&world.other).await, Ok(vec![]));
    assert_eq!(world.imports.get(&world.other, preview.id).await, Err(Error::NotFound));
    assert_eq!(world.imports.confirm(&world.other, preview.id, NO_ANSWERS).await, Err(Error::NotFound));
    for actor in [world.doctor, world.follower, world.admin] {
        assert_eq!(world.imports.preview(&actor, clarity(&world, 1)).await, Err(Error::Forbidden));
        assert_eq!(world.imports.get(&actor, preview.id).await, Err(Error::Forbidden));
    }
    assert_eq!(world.imports.undo(&world.patient, preview.id).await, Ok(0));
    assert_eq!(world.imports.get(&world.patient, preview.id).await, Err(Error::NotFound));
    let unknown = ImportId(Uuid::now_v7());
    assert_eq!(world.imports.undo(&world.patient, unknown).await, Err(Error::NotFound));
});

on_both_engines!(confirming_twice_or_the_same_file_again_adds_nothing, |db| async {
    let world = World::new(&db.store).await;
    let first = world.imports.preview(&world.patient, clarity(&world, 2)).await.unwrap();
    let trail = world.trail().await;
    let (a, b) = tokio::join!(
        world.imports.confirm(&world.patient, first.id, NO_ANSWERS),
        world.imports.confirm(&world.patient, first.id, NO_ANSWERS),
    );
    assert_eq!(a, b);
    assert_eq!(a, Ok(first.accepted));
    let after = world.trail().await;
    assert_eq!((after.0 - trail.0, after.1 - trail.1), (1, 1), "one line and one event for the whole batch");
    assert_eq!(world.imports.confirm(&world.patient, first.id, NO_ANSWERS).await, Ok(first.accepted));

    let longer = world.imports.preview(&world.patient, clarity(&world, 2)).await.unwrap();
    assert_eq!((longer.accepted, longer.duplicates), (0, first.rows - u32::try_from(first.rejected.len()).unwrap()));
    assert_eq!(world.imports.confirm(&world.patient, longer.id, NO_ANSWERS).await, Ok(0));
    assert_eq!(stored(&world).await, usize::try_from(first.accepted).unwrap());
});

on_both_engines!(an_ambiguous_file_is_not_stored_before_its_questions_are_answered, |db| async {
    let world = World::new(&db.store).await;
    let file = b"Time,Glucose,Unit\n03-04-2026 08:00,126,mg/dL\n05-04-2026 08:00,LO,mg/dL\n".to_vec();
    let preview = world.imports.preview(&world.patient, file).await.unwrap();
    assert_eq!(preview.questions, [ImportQuestion::DateOrder]);
    let refused = world.imports.confirm(&world.patient, preview.id, NO_ANSWERS).await;
    assert_eq!(refused, Err(FieldErrors::one("dateOrder", Problem::Required).into()));
    assert_eq!(stored(&world).await, 0);

    let month_first = ImportAnswers { date_order: Some(DateOrder::MonthDay), ..NO_ANSWERS };
    let answered = world.imports.answer(&world.patient, preview.id, month_first.clone()).await.unwrap();
    assert_eq!(answered.questions, []);
    assert_eq!(answered.from.map(|m| m.local().to_string()).as_deref(), Some("2026-03-04 08:00:00"));
    assert_eq!(world.imports.answer(&world.other, preview.id, month_first).await, Err(Error::NotFound));
    // Answers given before count; the day order is not asked again.
    assert_eq!(world.imports.confirm(&world.patient, preview.id, NO_ANSWERS).await, Ok(2));
    let readings = world.readings.list(&world.patient, &ListQuery::default()).await.unwrap().items;
    assert_eq!(
        readings.iter().map(|r| (r.clip, r.source)).collect::<Vec<_>>(),
        [(Some(Clip::Low), Source::Import), (None, Source::Import)]
    );
    let late = world.imports.answer(&world.patient, preview.id, NO_ANSWERS).await;
    assert_eq!(late, Err(Error::Conflict));
    let zone = ImportAnswers { time_zone: Some("Mars/Base".into()), ..NO_ANSWERS };
    let other = world.imports.preview(&world.patient, clarity(&world, 1)).await.unwrap();
    let refused = world.imports.answer(&world.patient, other.id, zone).await;
    assert_eq!(refused, Err(FieldErrors::one("timeZone", Problem::TimeZone).into()));
});

on_both_engines!(a_file_that_is_too_large_or_of_no_known_form_is_refused, |db| async {
    let world = World::new(&db.store).await;
    let refused = world.imports.preview(&world.patient, vec![b'a'; 20 * 1024 * 1024 + 1]).await;
    assert_eq!(refused, Err(FieldErrors::one("file", Problem::FileTooLarge { max_mib: 20 }).into()));
    let refused = world.imports.preview(&world.patient, b"\x89PNG\r\n\x1a\n".to_vec()).await;
    assert_eq!(refused, Err(FieldErrors::one("file", Problem::FileFormat).into()));
    assert_eq!(world.imports.list(&world.patient).await, Ok(vec![]));
});

on_both_engines!(a_preview_that_nobody_confirmed_is_forgotten_after_a_day, |db| async {
    let world = World::new(&db.store).await;
    let old = world.imports.preview(&world.patient, clarity(&world, 1)).await.unwrap();
    assert_eq!(forget_old_previews(&world.deps).await, Ok(0));
    world.clock.forward(TimeDelta::hours(25));
    let fresh = world.imports.preview(&world.patient, clarity(&world, 1)).await.unwrap();
    assert_eq!(forget_old_previews(&world.deps).await, Ok(1));
    assert_eq!(world.imports.get(&world.patient, old.id).await, Err(Error::NotFound));
    assert_eq!(world.imports.get(&world.patient, fresh.id).await, Ok(fresh));
});

on_both_engines!(a_year_of_five_minute_values_is_stored_while_one_waits, |db| async {
    let world = World::new(&db.store).await;
    let file = clarity(&world, 360);
    let begin = Instant::now();
    let preview = world.imports.preview(&world.patient, file).await.unwrap();
    assert!(preview.accepted > 100_000, "{}", preview.accepted);
    let looked = begin.elapsed();
    assert_eq!(world.imports.confirm(&world.patient, preview.id, NO_ANSWERS).await, Ok(preview.accepted));
    let confirmed = begin.elapsed().saturating_sub(looked);
    // A build without optimisation on a busy machine; a release needs a fraction.
    assert!(confirmed.as_secs() < 120, "{confirmed:?}");
});
