//! `services::reports` and `services::following`.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    Error,
    clock::Clock,
    consent::{DataType, LinkKind},
    glucose::{MealState, NewReading, Source},
    ids::PatientId,
    meal::MealType,
    metrics::{Kind, range::Band},
    people::{Preset, Role},
    ports::{ListQuery, Meals, Panel, PeriodQuery, Readings, Reports, Trend},
};
use server::services::following;
use uuid::Uuid;

use super::{meals::lunch, readings::value};
use crate::support::{World, on_both_engines};

const WEEK: PeriodQuery = PeriodQuery::LastDays(7);

/// A sensor's value so many minutes ago.
pub fn sensor(world: &World, minutes_ago: i64, mg_dl: f64) -> NewReading {
    NewReading { source: Source::Sensor, ..value(world, minutes_ago, mg_dl) }
}

pub async fn log(world: &World, readings: Vec<NewReading>) {
    let items = readings.into_iter().map(Ok).collect();
    world.readings.log_many(&world.patient, items).await.unwrap();
}

on_both_engines!(each_caller_reads_what_their_link_covers_and_strangers_find_nobody, |db| async {
    let world = World::new(&db.store).await;
    log(&world, vec![value(&world, 30, 120.0)]).await;
    world.meals.log(&world.patient, lunch(&world, 30)).await.unwrap();
    let today = "2026-11-24".parse::<NaiveDate>().unwrap();
    for (actor, report, glucose, meals) in [
        (world.patient, Ok(()), Ok(()), Ok(())),
        (world.doctor, Ok(()), Ok(()), Ok(())),
        (world.follower, Err(Error::Forbidden), Ok(()), Err(Error::Forbidden)),
        (world.limited, Err(Error::Forbidden), Err(Error::Forbidden), Ok(())),
        (world.other, Err(Error::NotFound), Err(Error::NotFound), Err(Error::NotFound)),
        (world.stranger, Err(Error::NotFound), Err(Error::NotFound), Err(Error::NotFound)),
        (world.admin, Err(Error::NotFound), Err(Error::NotFound), Err(Error::NotFound)),
    ] {
        let role = actor.role;
        let asked = &world.reports;
        let id = world.asha();
        assert_eq!(asked.report(&actor, id, WEEK, false).await.map(|_| ()), report, "{role:?} report");
        assert_eq!(asked.log_book(&actor, id, WEEK).await.map(|_| ()), report, "{role:?} log book");
        assert_eq!(asked.patterns(&actor, id, WEEK).await.map(|_| ()), report, "{role:?} patterns");
        assert_eq!(asked.weekly(&actor, id).await.map(|_| ()), report, "{role:?} weekly");
        assert_eq!(asked.curve(&actor, id, today, today).await.map(|_| ()), glucose, "{role:?} curve");
        assert_eq!(asked.days(&actor, id, WEEK).await.map(|_| ()), glucose, "{role:?} days");
        assert_eq!(asked.meals(&actor, id, WEEK).await.map(|_| ()), meals, "{role:?} meals");
        let unknown = PatientId(Uuid::now_v7());
        assert_eq!(asked.report(&actor, unknown, WEEK, false).await.map(|_| ()), Err(Error::NotFound));
    }
});

on_both_engines!(patterns_follow_the_patients_targets_and_days, |db| async {
    let world = World::new(&db.store).await;
    let stick = |minutes_ago, mg_dl, state| NewReading { state, ..value(&world, minutes_ago, mg_dl) };
    let pair = vec![
        stick(240, 110.0, MealState::MorningFasting),
        stick(120, 150.0, MealState::AfterBreakfast),
        // Eight days ago, and so not in the week.
        stick(8 * 1440, 300.0, MealState::AfterLunch),
    ];
    log(&world, pair).await;
    let found = world.reports.patterns(&world.doctor, world.asha(), WEEK).await.unwrap();
    let meals: Vec<_> =
        found.meals.iter().map(|m| (m.meal, m.pairs.len(), m.median_rise_mg_dl, m.met_percent)).collect();
    assert_eq!(meals, [(MealType::Breakfast, 1, 40.0, 100.0)]);
    assert_eq!((found.modal.len(), found.hours.len(), found.gri), (2, 0, None));
    // In pregnancy 150 after a meal is above target and above range.
    world.panel.set_targets(&world.doctor, world.asha(), Preset::PregnancyType1.into()).await.unwrap();
    let found = world.reports.patterns(&world.doctor, world.asha(), WEEK).await.unwrap();
    assert_eq!((found.meals[0].met_percent, found.modal[1].band), (0.0, Band::High));
});

on_both_engines!(a_look_is_one_line_in_the_trail_however_often_it_is_repeated, |db| async {
    let world = World::new(&db.store).await;
    let before = world.trail().await.0;
    world.reports.report(&world.patient, world.asha(), WEEK, false).await.unwrap();
    world.reports.today(&world.patient).await.unwrap();
    world.readings.list(&world.patient, &ListQuery::default()).await.unwrap();
    assert_eq!(world.trail().await.0, before + 1, "one's own");
    let before = before + 1;
    for _ in 0..3 {
        world.reports.report(&world.doctor, world.asha(), WEEK, false).await.unwrap();
        world.reports.days(&world.doctor, world.asha(), WEEK).await.unwrap();
    }
    assert_eq!(world.trail().await.0, before + 1);
    following::followed(&world.deps, &world.follower).await.unwrap();
    following::follow(&world.deps, &world.follower, world.asha()).await.unwrap();
    assert_eq!(world.trail().await.0, before + 2);
});

on_both_engines!(today_tells_the_newest_value_its_trend_the_streak_and_what_comes_next, |db| async {
    let world = World::new(&db.store).await;
    let nothing = world.reports.today(&world.patient).await.unwrap();
    assert_eq!((nothing.last, nothing.trend, nothing.streak_days, nothing.readings), (None, None, 0, 0));
    assert_eq!(nothing.care_team, 3);

    // Noon in India: today began 12 hours ago.
    let mut readings: Vec<_> = (0..4).map(|n| sensor(&world, 5 * n, 200.0 - 15.0 * n as f64)).collect();
    readings.push(NewReading { state: MealState::BeforeLunch, ..value(&world, 2, 110.0) });
    readings.extend((1..=3).map(|day| value(&world, day * 1440, 100.0)));
    readings.push(value(&world, 5 * 1440, 100.0));
    log(&world, readings).await;
    let today = world.reports.today(&world.patient).await.unwrap();
    let last = today.last.unwrap();
    assert_eq!((last.glucose.value(), last.band), (200.0, Band::High));
    assert_eq!((today.trend, today.streak_days, today.readings), (Some(Trend::RisingFast), 4, 5));
    assert_eq!(today.next_state, Some(MealState::AfterLunch));
    assert_eq!(today.curve.kind, Kind::Sensor);
    assert_eq!(today.in_range_percent, Some(50.0));
    for actor in [world.doctor, world.follower, world.admin] {
        assert_eq!(world.reports.today(&actor).await.map(|_| ()), Err(Error::Forbidden));
    }
});

on_both_engines!(a_day_ends_at_the_patients_midnight, |db| async {
    let world = World::new(&db.store).await;
    // 18:29 UTC is 23:59 in India, 18:31 UTC the next day.
    for at in ["2026-11-22T18:29:00Z", "2026-11-22T18:31:00Z"] {
        let new = NewReading { recorded_at: at.parse().unwrap(), ..value(&world, 0, 100.0) };
        world.readings.log(&world.patient, new).await.unwrap();
    }
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let period = PeriodQuery::Between(day("2026-11-22"), day("2026-11-23"));
    let days = world.reports.days(&world.doctor, world.asha(), period).await.unwrap();
    let days: Vec<_> = days.into_iter().map(|d| (d.date, d.readings)).collect();
    assert_eq!(days, [(day("2026-11-23"), 1), (day("2026-11-22"), 1)]);
    let curve = world.reports.curve(&world.doctor, world.asha(), day("2026-11-22"), day("2026-11-22")).await.unwrap();
    assert_eq!(curve.points.iter().map(|p| p.minute).collect::<Vec<_>>(), [1439]);
    let too_long = world.reports.curve(&world.doctor, world.asha(), day("2026-11-01"), day("2026-11-15")).await;
    assert!(matches!(too_long, Err(Error::Invalid(_))));
    let too_long = world.reports.report(&world.doctor, world.asha(), PeriodQuery::LastDays(367), false).await;
    assert!(matches!(too_long, Err(Error::Invalid(_))));
});

on_both_engines!(the_log_book_has_meter_values_by_meal_newest_day_first, |db| async {
    let world = World::new(&db.store).await;
    let at = |minutes, state, mg_dl| NewReading { state, notes: Some("n".into()), ..value(&world, minutes, mg_dl) };
    log(
        &world,
        vec![
            at(300, MealState::MorningFasting, 101.0),
            at(290, MealState::MorningFasting, 102.0),
            at(1440 + 300, MealState::Bedtime, 103.0),
            sensor(&world, 10, 150.0),
        ],
    )
    .await;
    let book = world.reports.log_book(&world.doctor, world.asha(), WEEK).await.unwrap();
    let values = |day: usize, state: MealState| {
        let column = MealState::ALL.iter().position(|s| *s == state).unwrap();
        book[day].cells[column].iter().map(|r| r.glucose.value()).collect::<Vec<_>>()
    };
    assert_eq!(book.len(), 2);
    assert_eq!(values(0, MealState::MorningFasting), [101.0, 102.0]);
    assert_eq!(values(1, MealState::Bedtime), [103.0]);
    assert!(book.iter().all(|day| day.cells.len() == MealState::ALL.len()));
    assert_eq!(book[1].cells.iter().flatten().count(), 1);

    let meals = world.reports.meals(&world.doctor, world.asha(), WEEK).await.unwrap();
    assert_eq!(meals, []);
    world.meals.log(&world.patient, lunch(&world, 60)).await.unwrap();
    let meals = world.reports.meals(&world.doctor, world.asha(), WEEK).await.unwrap();
    assert_eq!(meals[0].0.at, world.clock.now() - TimeDelta::minutes(60));
    assert_eq!(meals[0].1.food_items, ["2 roti", "दाल"]);
});

on_both_engines!(history_shows_band_and_local_time_in_pages, |db| async {
    let world = World::new(&db.store).await;
    let low = NewReading { notes: Some("काँपना".into()), ..value(&world, 1, 50.0) };
    log(&world, vec![low, value(&world, 2, 100.0)]).await;
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let page = world.reports.history(&world.patient, &query).await.unwrap();
    let first = &page.items[0];
    assert_eq!((first.band, first.notes.as_deref(), first.at.offset_s), (Band::VeryLow, Some("काँपना"), 19_800));
    let query = ListQuery { cursor: page.next_cursor, ..query };
    let page = world.reports.history(&world.patient, &query).await.unwrap();
    assert_eq!((page.items[0].band, page.next_cursor), (Band::InRange, None));
    assert_eq!(world.reports.history(&world.doctor, &query).await.map(|_| ()), Err(Error::Forbidden));
});

on_both_engines!(the_week_in_sentences_and_the_report_agree_on_the_number_of_readings, |db| async {
    let world = World::new(&db.store).await;
    log(&world, (0..40).map(|n| value(&world, n * 200, 150.0)).collect()).await;
    let weekly = world.reports.weekly(&world.patient, world.asha()).await.unwrap();
    let report = world.reports.report(&world.patient, world.asha(), WEEK, false).await.unwrap();
    assert_eq!(weekly.readings, report.report.readings);
    assert_eq!((report.report.kind, report.report.ranges, report.report.gmi_percent), (Kind::Meter, None, None));
    assert_eq!(report.report.period.days, 7);
});

on_both_engines!(a_follower_sees_values_only_if_glucose_is_granted, |db| async {
    let world = World::new(&db.store).await;
    log(&world, (0..5).map(|n| sensor(&world, 5 * n, 120.0)).collect()).await;
    log(&world, vec![sensor(&world, 600, 300.0)]).await;
    let seen = following::follow(&world.deps, &world.follower, world.asha()).await.unwrap();
    assert_eq!((seen.name.as_str(), seen.trend), ("Asha Verma", Some(Trend::Steady)));
    assert_eq!(seen.last.map(|r| r.glucose.value()), Some(120.0));
    assert_eq!(seen.recent.len(), 5, "three hours, not ten");
    assert_eq!(seen.data_types, [DataType::Glucose, DataType::Alerts]);

    let limited = following::followed(&world.deps, &world.limited).await.unwrap();
    assert_eq!(limited.len(), 1);
    assert_eq!((&limited[0].last, limited[0].trend, limited[0].recent.len()), (&None, None, 0));
    for actor in [world.doctor, world.stranger, world.admin, world.other] {
        assert_eq!(following::followed(&world.deps, &actor).await, Ok(vec![]));
        assert_eq!(following::follow(&world.deps, &actor, world.asha()).await.map(|_| ()), Err(Error::NotFound));
    }
    let nameless = world.person(Role::Patient, None).await;
    world.link(&nameless, &world.other, LinkKind::Family, &[DataType::Glucose]).await;
    let followed = following::followed(&world.deps, &world.other).await.unwrap();
    assert!(followed[0].name.starts_with("+91 ••••"), "a patient may follow, and a number is masked");
});
