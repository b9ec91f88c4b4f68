//! Many things in one call, each judged by itself: a bad one never spoils the rest.

use domain::{
    Error,
    access::{Action, Relation, may},
    field::{FieldErrors, Problem},
    people::Actor,
};
use serde_json::Value;
use uuid::Uuid;

use crate::api::error::{ApiError, ApiResult, FieldProblem};

/// Most things of a batch.
const MOST: u32 = 1000;

/// What became of one thing.
pub(super) struct Outcome {
    /// The id that the client made.
    pub client_id: Option<String>,
    /// `created`, `exists` or `rejected`.
    pub status: &'static str,
    /// Its id, unless it was rejected.
    pub id: Option<Uuid>,
    /// What is wrong with it.
    pub errors: Option<Vec<FieldProblem>>,
}

impl Outcome {
    fn rejected(client_id: Option<String>, errors: FieldErrors) -> Self {
        let errors = errors.0.into_iter().map(Into::into).collect();
        Self { client_id, status: "rejected", id: None, errors: Some(errors) }
    }
}

/// Goes on only with as many things as one call may have.
pub(super) fn within(items: &[Value]) -> ApiResult<()> {
    if items.len() > MOST as usize {
        return Err(ApiError::field("items", Problem::ItemCount { min: 0, max: MOST }));
    }
    Ok(())
}

/// The id that the client made of a thing, told back even if the rest of it cannot be read.
pub(super) fn client_id(item: &Value) -> Option<String> {
    item.get("clientId").and_then(Value::as_str).map(str::to_owned)
}

/// Parses and stores one thing after the other. What is refused for its fields is told so; a refusal of the whole call (signed
/// out meanwhile, database gone) ends it: repeated, what is stored "exists".
pub(super) async fn store_each<New, Fut>(
    items: Vec<Value>,
    (actor, action): (&Actor, Action),
    parse: impl Fn(Value) -> Result<New, FieldErrors>,
    store: impl Fn(New) -> Fut,
) -> ApiResult<Vec<Outcome>>
where
    Fut: Future<Output = domain::Result<(Uuid, bool)>>,
{
    // Asked here too, as a batch without a good thing reaches no use case.
    if !may(actor.role, &Relation::Own, action) {
        return Err(Error::Forbidden.into());
    }
    within(&items)?;
    let mut outcomes = Vec::with_capacity(items.len());
    for item in items {
        let client_id = client_id(&item);
        let stored = match parse(item) {
            Ok(new) => store(new).await,
            Err(errors) => Err(errors.into()),
        };
        outcomes.push(match stored {
            Ok((id, created)) => {
                let status = if created { "created" } else { "exists" };
                Outcome { client_id, status, id: Some(id), errors: None }
            }
            Err(Error::Invalid(errors)) => Outcome::rejected(client_id, errors),
            Err(error) => return Err(error.into()),
        });
    }
    Ok(outcomes)
}
