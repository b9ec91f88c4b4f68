//! Many records at once: what an app collected offline.

use axum::{Json, extract::State};
use domain::{
    Error,
    access::{Action, Relation, may},
    field::{FieldErrors, Problem},
    records::RawRecord,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::NewRecordBody;
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiError, ApiResult, FieldProblem, Refusals},
        input::{Body, item},
    },
    state::AppState,
};

/// Most records of a batch.
const MAX_BATCH: usize = 1000;

/// Records to store.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordBatchBody {
    /// At most 1,000. Each is judged by itself.
    #[schema(value_type = Vec<NewRecordBody>)]
    items: Vec<serde_json::Value>,
}

/// What became of each, in the same order.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordBatchAnswer {
    /// One per item.
    items: Vec<RecordBatchResult>,
}

/// What became of one record.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecordBatchResult {
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

impl RecordBatchResult {
    fn rejected(client_id: Option<String>, errors: FieldErrors) -> Self {
        let errors = errors.0.into_iter().map(Into::into).collect();
        Self { client_id, status: "rejected", id: None, errors: Some(errors) }
    }
}

/// Stores many records. A bad one never spoils the rest; they are stored in order, so that a dose may follow its medicine once
/// that has an id.
#[utoipa::path(post, path = "/records/batch", tag = "records", security(("bearer" = [])),
    request_body = RecordBatchBody,
    responses((status = 200, description = "What became of each.", body = RecordBatchAnswer), Refusals))]
pub(super) async fn batch(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<RecordBatchBody>,
) -> ApiResult<Json<RecordBatchAnswer>> {
    // Asked here too, as a batch without a good record reaches no use case.
    if !may(actor.role, &Relation::Own, Action::WriteRecords) {
        return Err(Error::Forbidden.into());
    }
    if body.items.len() > MAX_BATCH {
        return Err(ApiError::field("items", Problem::ItemCount { min: 0, max: 1000 }));
    }
    let now = app.now();
    let mut items = Vec::with_capacity(body.items.len());
    for value in body.items {
        let client_id = value.get("clientId").and_then(|id| id.as_str()).map(str::to_owned);
        let parsed = item::<NewRecordBody>(value).and_then(|body| RawRecord::from(body).parse(now));
        let stored = match parsed {
            Ok(new) => app.services.records.log(&actor, new).await,
            Err(errors) => Err(errors.into()),
        };
        items.push(match stored {
            Ok((stored, created)) => {
                let status = if created { "created" } else { "exists" };
                RecordBatchResult { client_id, status, id: Some(stored.id.0), errors: None }
            }
            Err(Error::Invalid(errors)) => RecordBatchResult::rejected(client_id, errors),
            // A refusal of the whole call (signed out meanwhile, database gone) ends it: repeated, what is stored "exists".
            Err(error) => return Err(error.into()),
        });
    }
    Ok(Json(RecordBatchAnswer { items }))
}
