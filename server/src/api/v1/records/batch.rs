//! Many records at once: what an app collected offline.

use axum::{Json, extract::State};
use domain::{access::Action, records::RawRecord};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::batch::{Outcome, store_each},
    body::NewRecordBody,
};
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, FieldProblem, Refusals},
        input::{Body, item},
    },
    state::AppState,
};

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

impl From<Outcome> for RecordBatchResult {
    fn from(outcome: Outcome) -> Self {
        let Outcome { client_id, status, id, errors } = outcome;
        Self { client_id, status, id, errors }
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
    let now = app.now();
    let parse = |value| item::<NewRecordBody>(value).and_then(|body| RawRecord::from(body).parse(now));
    let store = |record| async {
        let (stored, created) = app.services.records.log(&actor, record).await?;
        Ok((stored.id.0, created))
    };
    let outcomes = store_each(body.items, (&actor, Action::WriteRecords), parse, store).await?;
    Ok(Json(RecordBatchAnswer { items: outcomes.into_iter().map(Into::into).collect() }))
}
