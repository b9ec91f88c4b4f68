//! The last seven days in sentences.

use axum::{Json, extract::State, http::HeaderMap};
use domain::{ids::PatientId, insights::Insight};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::report::PeriodBody;
use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        words,
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(weekly))
}

/// A week in sentences.
#[derive(Serialize, ToSchema)]
struct WeeklyBody {
    period: PeriodBody,
    /// Readings in it.
    readings: u32,
    /// The sentences, weightiest first.
    insights: Vec<InsightBody>,
}

/// One sentence: its code, and the numbers behind it.
#[derive(Serialize, ToSchema)]
struct InsightBody {
    /// Which sentence: `inRange`, `meterMean`, `highAfter`, `lowNights`, `lows`, `noLows`, `bestDay`, `hardestDay`, `noReadings`.
    code: String,
    /// The sentence in the reader's language.
    text: String,
    /// The numbers, by code.
    #[serde(flatten)]
    #[schema(additional_properties)]
    numbers: serde_json::Map<String, serde_json::Value>,
}

impl InsightBody {
    fn new(insight: &Insight, text: String) -> Self {
        let mut numbers = match serde_json::to_value(insight) {
            Ok(serde_json::Value::Object(map)) => map,
            _ => serde_json::Map::new(),
        };
        let code = match numbers.remove("code") {
            Some(serde_json::Value::String(code)) => code,
            _ => String::new(),
        };
        Self { code, text, numbers }
    }
}

/// The last seven days in sentences.
#[utoipa::path(get, path = "/insights/weekly", tag = "report", security(("bearer" = [])),
    responses((status = 200, description = "The week.", body = WeeklyBody), Refusals))]
async fn weekly(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
) -> ApiResult<Json<WeeklyBody>> {
    let weekly = app.services.reports.weekly(&actor, PatientId::from(actor.user)).await?;
    let reader = words::reader(&app, &actor, &headers).await?;
    Ok(Json(WeeklyBody {
        period: weekly.period.into(),
        readings: weekly.readings,
        insights: weekly.insights.iter().map(|insight| InsightBody::new(insight, reader.insight(insight))).collect(),
    }))
}
