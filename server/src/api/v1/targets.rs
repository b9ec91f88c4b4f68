//! A patient's ranges and targets.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    ids::PatientId,
    metrics::range::{Limit, Targets, Thresholds},
    ports::PatientTargets,
    targets::{Goals, RawGoals},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::doctor::doctors_only;
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        input::{Body, Id},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(targets, set_targets))
}

/// A limit in both units: a value is compared in the unit it came in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LimitBody {
    /// mg/dL.
    mg_dl: f64,
    /// mmol/L.
    mmol_l: f64,
}

impl From<Limit> for LimitBody {
    fn from(limit: Limit) -> Self {
        Self { mg_dl: limit.mg_dl, mmol_l: limit.mmol_l }
    }
}

/// Ranges and targets.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GoalsBody {
    /// The preset's name, or `OWN`.
    preset: &'static str,
    /// Below it: very low.
    very_low: LimitBody,
    /// Below it: low.
    low: LimitBody,
    /// Above it: high.
    high: LimitBody,
    /// Above it: very high; null in pregnancy.
    very_high: Option<LimitBody>,
    /// Target of the time in range, %; null where there is none, as for the others.
    in_range_above: Option<f64>,
    /// Target of the time below range, %.
    low_below: Option<f64>,
    /// Target of the time below 54 mg/dL, %.
    very_low_below: Option<f64>,
    /// Target of the time above range, %.
    high_below: Option<f64>,
    /// Target of the time above 250 mg/dL, %.
    very_high_below: Option<f64>,
    /// Own upper end of finger-sticks before meals.
    before_meals_at_most: Option<LimitBody>,
    /// Own upper end of finger-sticks after meals.
    after_meals_below: Option<LimitBody>,
}

impl From<Goals> for GoalsBody {
    fn from(goals: Goals) -> Self {
        let (limits, targets, own) = (Thresholds::of(goals), Targets::of(goals), goals.own());
        Self {
            preset: goals.code(),
            very_low: limits.very_low.into(),
            low: limits.low.into(),
            high: limits.high.into(),
            very_high: limits.very_high.map(Into::into),
            in_range_above: targets.in_range_above,
            low_below: targets.low_below,
            very_low_below: targets.very_low_below,
            high_below: targets.high_below,
            very_high_below: targets.very_high_below,
            before_meals_at_most: own.and_then(|own| own.before_meals_at_most).map(Into::into),
            after_meals_below: own.and_then(|own| own.after_meals_below).map(Into::into),
        }
    }
}

/// Who set which targets, when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChangeBody {
    /// What was set.
    goals: GoalsBody,
    /// The name of who set it.
    set_by: String,
    /// When.
    set_at: DateTime<Utc>,
}

/// A patient's ranges and targets with their history.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TargetsBody {
    /// In force.
    goals: GoalsBody,
    /// Newest first; empty if nobody changed what a new patient gets.
    history: Vec<ChangeBody>,
}

impl From<PatientTargets> for TargetsBody {
    fn from(targets: PatientTargets) -> Self {
        let change = |change: domain::targets::GoalsChange<domain::clock::Moment>| ChangeBody {
            goals: change.goals.into(),
            set_by: change.by,
            set_at: change.at.at,
        };
        Self { goals: targets.goals.into(), history: targets.history.into_iter().map(change).collect() }
    }
}

/// A preset, or with `OWN` numbers of one's own: `unit`, `low` and `high` are needed then, the others are no target if absent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GoalsInput {
    /// `ADULT`, `OLDER_HIGH_RISK`, `PREGNANCY_TYPE_1`, `PREGNANCY_TYPE_2_OR_GDM` or `OWN`.
    preset: Option<String>,
    /// `mg/dL` or `mmol/L`.
    unit: Option<String>,
    /// Lower end of the range, 54 to 100 mg/dL (3.0 to 5.6 mmol/L).
    low: Option<f64>,
    /// Upper end of the range, 100 to 250 mg/dL (5.6 to 13.9 mmol/L).
    high: Option<f64>,
    /// More than this in range, %.
    in_range_above: Option<f64>,
    /// Less than this below range, very low included, %.
    low_below: Option<f64>,
    /// Less than this below 54 mg/dL, %.
    very_low_below: Option<f64>,
    /// Less than this above range, very high included, %.
    high_below: Option<f64>,
    /// Less than this above 250 mg/dL, %.
    very_high_below: Option<f64>,
    /// Finger-sticks before meals at most this.
    before_meals_at_most: Option<f64>,
    /// Finger-sticks after meals below this.
    after_meals_below: Option<f64>,
}

impl From<GoalsInput> for RawGoals {
    fn from(input: GoalsInput) -> Self {
        Self {
            preset: input.preset,
            unit: input.unit,
            low: input.low,
            high: input.high,
            in_range_above: input.in_range_above,
            low_below: input.low_below,
            very_low_below: input.very_low_below,
            high_below: input.high_below,
            very_high_below: input.very_high_below,
            before_meals_at_most: input.before_meals_at_most,
            after_meals_below: input.after_meals_below,
        }
    }
}

/// The ranges and targets of a linked patient, and who set which before.
#[utoipa::path(get, path = "/doctor/patients/{id}/targets", tag = "doctor", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The patient.")),
    responses((status = 200, description = "Ranges and targets.", body = TargetsBody), Refusals))]
async fn targets(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
) -> ApiResult<Json<TargetsBody>> {
    doctors_only(&actor)?;
    Ok(Json(app.services.panel.targets(&actor, id).await?.into()))
}

/// Sets the ranges and targets of a linked patient. All their figures, and their place on the work list, follow at once.
#[utoipa::path(put, path = "/doctor/patients/{id}/targets", tag = "doctor", security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The patient.")), request_body = GoalsInput,
    responses((status = 200, description = "As they are now.", body = TargetsBody), Refusals))]
async fn set_targets(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<PatientId>,
    Body(input): Body<GoalsInput>,
) -> ApiResult<Json<TargetsBody>> {
    doctors_only(&actor)?;
    app.services.panel.set_targets(&actor, id, RawGoals::from(input).parse()?).await?;
    Ok(Json(app.services.panel.targets(&actor, id).await?.into()))
}
