//! Meals.

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    ids::MealId,
    meal::{Meal, RawMeal},
    page::Page,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};
use uuid::Uuid;

use super::batch::{Outcome, store_each};
use crate::{
    api::{
        MAX_BATCH_BODY,
        bearer::SignedIn,
        error::{ApiResult, FieldProblem, Refusals},
        input::{Body, Id, ListParams, Params, item, present},
        openapi::meal_types,
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(batch).layer(DefaultBodyLimit::max(MAX_BATCH_BODY)))
        .routes(routes!(read, change, delete))
}

/// A meal to store.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMealBody {
    /// An id that the client made, 1 to 64 characters: the same one twice is the same meal.
    client_id: Option<String>,
    /// 1 to 20 items of at most 120 characters.
    #[serde(default)]
    #[schema(required, min_items = 1, max_items = 20)]
    food_items: Vec<String>,
    /// Which meal.
    #[schema(required, schema_with = meal_types)]
    meal_type: Option<String>,
    /// Carbohydrate, g, 0 to 500.
    estimated_carbs: Option<f64>,
    /// When it was eaten; at most 5 minutes in the future.
    #[schema(required, value_type = DateTime<Utc>)]
    recorded_at: Option<String>,
}

impl From<NewMealBody> for RawMeal {
    fn from(body: NewMealBody) -> Self {
        Self {
            client_id: body.client_id,
            food_items: body.food_items,
            meal_type: body.meal_type,
            estimated_carbs: body.estimated_carbs,
            recorded_at: body.recorded_at,
        }
    }
}

/// A stored meal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MealBody {
    /// Its id.
    id: Uuid,
    /// The id that the client made.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// What was eaten.
    food_items: Vec<String>,
    /// Which meal.
    #[schema(schema_with = meal_types)]
    meal_type: &'static str,
    /// Carbohydrate, g.
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_carbs: Option<f64>,
    /// An uploaded photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    photo_id: Option<String>,
    /// When it was eaten.
    recorded_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    version: i64,
}

impl From<Meal> for MealBody {
    fn from(meal: Meal) -> Self {
        Self {
            id: meal.id.0,
            client_id: meal.client_id,
            food_items: meal.food_items,
            meal_type: meal.meal_type.as_str(),
            estimated_carbs: meal.estimated_carbs,
            photo_id: meal.photo_id,
            recorded_at: meal.recorded_at,
            version: meal.version,
        }
    }
}

/// Meals, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MealPage {
    /// The meals.
    items: Vec<MealBody>,
    /// For the next page; null at the end.
    next_cursor: Option<String>,
}

impl From<Page<Meal>> for MealPage {
    fn from(page: Page<Meal>) -> Self {
        Self { items: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
    }
}

/// Stores a meal. A `clientId` that is known already answers 200 with the stored meal.
#[utoipa::path(post, path = "/meals", tag = "meals", security(("bearer" = [])), request_body = NewMealBody,
    responses(
        (status = 201, description = "Stored.", body = MealBody),
        (status = 200, description = "Was there already.", body = MealBody),
        Refusals))]
async fn create(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<NewMealBody>,
) -> ApiResult<Response> {
    let new = RawMeal::from(body).parse(app.now())?;
    let (meal, created) = app.services.meals.log(&actor, new).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(MealBody::from(meal))).into_response())
}

/// One's own meals, newest first.
#[utoipa::path(get, path = "/meals", tag = "meals", security(("bearer" = [])), params(ListParams),
    responses((status = 200, description = "A page of meals.", body = MealPage), Refusals))]
async fn list(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Params(params): Params<ListParams>,
) -> ApiResult<Json<MealPage>> {
    Ok(Json(app.services.meals.list(&actor, &params.parse()?).await?.into()))
}

/// One meal.
#[utoipa::path(get, path = "/meals/{id}", tag = "meals", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meal.")),
    responses((status = 200, description = "The meal.", body = MealBody), Refusals))]
async fn read(State(app): State<AppState>, SignedIn(actor): SignedIn, Id(id): Id<MealId>) -> ApiResult<Json<MealBody>> {
    Ok(Json(app.services.meals.get(&actor, id).await?.into()))
}

/// What to change; absent fields stay.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MealPatch {
    /// New items, all of them.
    food_items: Option<Vec<String>>,
    /// New type.
    #[schema(schema_with = meal_types)]
    meal_type: Option<String>,
    /// New carbohydrate, g; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<f64>)]
    #[expect(clippy::option_option, reason = "absent, null and a value are three things")]
    estimated_carbs: Option<Option<f64>>,
    /// New time.
    #[schema(value_type = Option<DateTime<Utc>>)]
    recorded_at: Option<String>,
    /// The version that was read: if it is not the present one, the answer is 409.
    version: Option<i64>,
}

/// Changes a meal.
#[utoipa::path(patch, path = "/meals/{id}", tag = "meals", security(("bearer" = [])), request_body = MealPatch,
    params(("id" = Uuid, Path, description = "The meal.")),
    responses((status = 200, description = "The meal, changed.", body = MealBody), Refusals))]
async fn change(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<MealId>,
    Body(patch): Body<MealPatch>,
) -> ApiResult<Json<MealBody>> {
    // The use case takes the whole meal: what the patch does not name stays as it is now. Without a version of the
    // client's, the one read here keeps a change made meanwhile from being undone.
    let present = app.services.meals.get(&actor, id).await?;
    let whole = RawMeal {
        client_id: None,
        food_items: patch.food_items.unwrap_or(present.food_items),
        meal_type: patch.meal_type.or_else(|| Some(present.meal_type.as_str().to_owned())),
        estimated_carbs: patch.estimated_carbs.unwrap_or(present.estimated_carbs),
        recorded_at: patch.recorded_at.or_else(|| Some(present.recorded_at.to_rfc3339())),
    };
    let change = whole.parse(app.now())?;
    let version = patch.version.unwrap_or(present.version);
    Ok(Json(app.services.meals.change(&actor, id, change, Some(version)).await?.into()))
}

/// Deletes a meal.
#[utoipa::path(delete, path = "/meals/{id}", tag = "meals", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The meal.")),
    responses((status = 204, description = "Deleted."), Refusals))]
async fn delete(State(app): State<AppState>, SignedIn(actor): SignedIn, Id(id): Id<MealId>) -> ApiResult<StatusCode> {
    app.services.meals.delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Meals to store.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MealBatchBody {
    /// At most 1,000. Each is judged by itself.
    #[schema(value_type = Vec<NewMealBody>)]
    items: Vec<serde_json::Value>,
}

/// What became of each, in the same order.
#[derive(Serialize, ToSchema)]
struct MealBatchAnswer {
    /// One per item.
    items: Vec<MealBatchResult>,
}

/// What became of one meal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MealBatchResult {
    /// The id that the client made.
    client_id: Option<String>,
    /// `created`, `exists` or `rejected`.
    status: &'static str,
    /// Its id, unless it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldProblem>>,
}

impl From<Outcome> for MealBatchResult {
    fn from(outcome: Outcome) -> Self {
        let Outcome { client_id, status, id, errors } = outcome;
        Self { client_id, status, id, errors }
    }
}

/// Stores many meals. A bad one never spoils the rest.
#[utoipa::path(post, path = "/meals/batch", tag = "meals", security(("bearer" = [])), request_body = MealBatchBody,
    responses((status = 200, description = "What became of each.", body = MealBatchAnswer), Refusals))]
async fn batch(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<MealBatchBody>,
) -> ApiResult<Json<MealBatchAnswer>> {
    let now = app.now();
    let parse = |value| item::<NewMealBody>(value).and_then(|body| RawMeal::from(body).parse(now));
    let store = |meal| async {
        let (stored, created) = app.services.meals.log(&actor, meal).await?;
        Ok((stored.id.0, created))
    };
    let outcomes = store_each(body.items, (&actor, Action::WriteMeals), parse, store).await?;
    Ok(Json(MealBatchAnswer { items: outcomes.into_iter().map(Into::into).collect() }))
}
