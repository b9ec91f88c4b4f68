//! `services::meals`.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error,
    clock::Clock,
    field::{FieldErrors, Problem},
    meal::{MealType, NewMeal},
    ports::{ListQuery, Meals},
};

use crate::support::{World, on_both_engines};

/// A lunch so many minutes ago.
pub fn lunch(world: &World, minutes_ago: i64) -> NewMeal {
    NewMeal {
        client_id: None,
        food_items: vec!["2 roti".into(), "दाल".into()],
        meal_type: MealType::Lunch,
        estimated_carbs: Some(58.0),
        recorded_at: world.clock.now() - TimeDelta::minutes(minutes_ago),
    }
}

on_both_engines!(a_deleted_meal_can_be_restored_by_its_owner_only, |db| async {
    let world = World::new(&db.store).await;
    let (meal, _) = world.meals.log(&world.patient, lunch(&world, 5)).await.unwrap();
    assert_eq!(world.meals.delete(&world.other, meal.id).await, Err(Error::NotFound));
    assert_eq!(world.meals.delete(&world.patient, meal.id).await, Ok(()));
    assert_eq!(world.meals.delete(&world.patient, meal.id).await, Err(Error::NotFound));
    assert_eq!(world.meals.get(&world.patient, meal.id).await, Err(Error::NotFound));
    assert_eq!(world.meals.restore(&world.other, meal.id).await, Err(Error::NotFound));
    for _ in 0..2 {
        assert_eq!(world.meals.restore(&world.patient, meal.id).await, Ok(()));
    }
    assert_eq!(world.meals.get(&world.patient, meal.id).await.map(|m| m.food_items), Ok(meal.food_items));
});

on_both_engines!(only_a_patient_logs_and_reads_own_meals, |db| async {
    let world = World::new(&db.store).await;
    let (meal, _) = world.meals.log(&world.patient, lunch(&world, 5)).await.unwrap();
    for actor in world.everybody_else() {
        let refusal = if actor.user == world.other.user { Error::NotFound } else { Error::Forbidden };
        assert_eq!(world.meals.get(&actor, meal.id).await, Err(refusal.clone()));
        assert_eq!(world.meals.change(&actor, meal.id, lunch(&world, 1), None).await, Err(refusal.clone()));
        assert_eq!(world.meals.delete(&actor, meal.id).await, Err(refusal));
    }
    let page = world.meals.list(&world.patient, &ListQuery::default()).await.unwrap();
    assert_eq!((page.items, page.next_cursor), (vec![meal], None));
});

on_both_engines!(a_meal_is_logged_once_for_each_client_id_and_changed_as_a_whole, |db| async {
    let world = World::new(&db.store).await;
    let from_client = || NewMeal { client_id: Some("m1".into()), ..lunch(&world, 5) };
    let (meal, created) = world.meals.log(&world.patient, from_client()).await.unwrap();
    assert!(created);
    assert_eq!(world.meals.log(&world.patient, from_client()).await, Ok((meal.clone(), false)));

    let change = NewMeal { estimated_carbs: None, meal_type: MealType::Snack, ..lunch(&world, 30) };
    let changed = world.meals.change(&world.patient, meal.id, change.clone(), Some(1)).await.unwrap();
    assert_eq!((changed.meal_type, changed.estimated_carbs, changed.version), (MealType::Snack, None, 2));
    assert_eq!(changed.client_id, meal.client_id);
    assert_eq!(world.meals.change(&world.patient, meal.id, change, Some(1)).await, Err(Error::Conflict));
    let trail = world.trail().await;
    assert_eq!(world.meals.delete(&world.patient, meal.id).await, Ok(()));
    let after = world.trail().await;
    assert_eq!((after.0 - trail.0, after.1 - trail.1), (1, 1));
});

on_both_engines!(a_meal_typed_into_the_form_is_at_the_patients_wall_clock, |db| async {
    let world = World::new(&db.store).await;
    let at = |text: &str| world.meals.log_typed(&world.patient, lunch(&world, 0), text.parse().unwrap());
    let meal = at("2026-11-23T13:15:00").await.unwrap();
    assert_eq!(meal.recorded_at, "2026-11-23T07:45:00Z".parse::<DateTime<Utc>>().unwrap());
    let tomorrow = at("2026-11-25T13:15:00").await;
    assert_eq!(tomorrow, Err(FieldErrors::one("recordedAt", Problem::InFuture).into()));
});
