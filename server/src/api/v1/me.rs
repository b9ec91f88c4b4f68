//! Oneself and one's devices.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::{
    clock::parse_zone,
    contact::parse_name,
    field::FieldErrors,
    glucose::Unit,
    ids::SessionId,
    page::Page,
    people::{Actor, Language, Me, Role},
    ports::{Device, MeChange},
    trail::AccessLine,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    api::{
        bearer::SignedIn,
        error::{ApiResult, Refusals},
        input::{Body, Id, ListParams, Params},
    },
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me, change_me))
        .routes(routes!(sessions))
        .routes(routes!(end_session))
        .routes(routes!(access_log))
}

/// The signed-in person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MeAnswer {
    /// Their id.
    id: Uuid,
    /// `PATIENT`, `DOCTOR`, `CAREGIVER` or `ADMIN`.
    role: &'static str,
    /// Their name, once given.
    name: Option<String>,
    /// Their phone number with only the last digits.
    phone_masked: String,
    /// The unit they read glucose in.
    unit: &'static str,
    /// IANA time zone.
    #[schema(example = "Asia/Kolkata")]
    time_zone: String,
    /// `en` or `hi`.
    language: &'static str,
    /// Whether they follow somebody as a caregiver.
    follows: bool,
    /// When everything of them is going to be erased, if they asked for it.
    erase_at: Option<DateTime<Utc>>,
}

impl MeAnswer {
    async fn of(app: &AppState, actor: &Actor, me: Me) -> ApiResult<Json<Self>> {
        let erase_at = app.services.rights.erasure(actor).await?;
        Ok(Json(Self {
            id: me.id.0,
            role: me.role.as_str(),
            name: me.name,
            phone_masked: me.phone_masked,
            unit: me.unit.as_str(),
            time_zone: me.time_zone,
            language: me.language.as_str(),
            follows: me.follows,
            erase_at,
        }))
    }
}

/// Oneself.
#[utoipa::path(get, path = "/me", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "Oneself.", body = MeAnswer), Refusals))]
async fn me(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<Json<MeAnswer>> {
    let me = app.services.accounts.me(&actor).await?;
    MeAnswer::of(&app, &actor, me).await
}

/// Settings to change; absent ones stay.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MePatch {
    /// 1 to 80 characters.
    name: Option<String>,
    /// `mg/dL` or `mmol/L`.
    unit: Option<String>,
    /// IANA time zone.
    time_zone: Option<String>,
    /// `en` or `hi`.
    language: Option<String>,
}

/// Changes one's own settings.
#[utoipa::path(patch, path = "/me", tag = "me", security(("bearer" = [])), request_body = MePatch,
    responses((status = 200, description = "Oneself, changed.", body = MeAnswer), Refusals))]
async fn change_me(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(patch): Body<MePatch>,
) -> ApiResult<Json<MeAnswer>> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", patch.name.as_deref().map(parse_name).transpose());
    let unit = errors.take("unit", patch.unit.as_deref().map(Unit::parse).transpose());
    let time_zone = errors.take("timeZone", patch.time_zone.as_deref().map(parse_zone).transpose());
    let language = errors.take("language", patch.language.as_deref().map(Language::parse).transpose());
    let change = (|| Some(MeChange { name: name?, unit: unit?, time_zone: time_zone?, language: language? }))();
    let change = errors.into_result(change)?;
    let me = app.services.accounts.change_me(&actor, change).await?;
    MeAnswer::of(&app, &actor, me).await
}

/// A signed-in device.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionAnswer {
    /// Its id.
    id: Uuid,
    /// What it calls itself.
    name: Option<String>,
    /// When it signed in.
    signed_in_at: DateTime<Utc>,
    /// When it was last used.
    last_used_at: DateTime<Utc>,
    /// Whether it is the one asking.
    current: bool,
}

impl From<Device> for SessionAnswer {
    fn from(device: Device) -> Self {
        Self {
            id: device.id.0,
            name: device.name,
            signed_in_at: device.signed_in_at,
            last_used_at: device.last_used_at,
            current: device.current,
        }
    }
}

/// The signed-in devices.
#[derive(Serialize, ToSchema)]
struct Sessions {
    /// All of them.
    items: Vec<SessionAnswer>,
}

/// One's signed-in devices.
#[utoipa::path(get, path = "/me/sessions", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The devices.", body = Sessions), Refusals))]
async fn sessions(State(app): State<AppState>, SignedIn(actor): SignedIn) -> ApiResult<Json<Sessions>> {
    let items = app.services.accounts.devices(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Sessions { items }))
}

/// Signs a device out.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "me", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The device's session.")),
    responses((status = 204, description = "Signed out."), Refusals))]
async fn end_session(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Id(id): Id<SessionId>,
) -> ApiResult<StatusCode> {
    app.services.accounts.end_session(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One time that somebody else did something with one's data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccessBody {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// `DOCTOR`, `CAREGIVER` or `ADMIN`.
    role: Option<&'static str>,
    /// Their name: a doctor's own, a caregiver's as one calls them, of others none.
    name: Option<String>,
    /// Their clinic.
    clinic: Option<String>,
    /// `VIEWED`, `LISTED`, `REVIEWED`, `TARGETS_SET`, `LINK_CHANGED`, `REFUSED` or `OTHER`.
    what: &'static str,
}

impl From<AccessLine> for AccessBody {
    fn from(line: AccessLine) -> Self {
        Self {
            id: line.id,
            at: line.at,
            role: line.role.map(Role::as_str),
            name: line.name,
            clinic: line.clinic,
            what: line.what.as_str(),
        }
    }
}

/// A page of the access log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccessPage {
    /// What others did.
    items: Vec<AccessBody>,
    /// For the next page; null at the end.
    next_cursor: Option<String>,
}

/// Who looked at one's data, newest first.
#[utoipa::path(get, path = "/me/access-log", tag = "me", security(("bearer" = [])), params(ListParams),
    responses((status = 200, description = "A page of the access log.", body = AccessPage), Refusals))]
async fn access_log(
    State(app): State<AppState>,
    SignedIn(actor): SignedIn,
    Params(params): Params<ListParams>,
) -> ApiResult<Json<AccessPage>> {
    let Page { items, next_cursor } = app.services.trail.of_me(&actor, &params.parse()?).await?;
    Ok(Json(AccessPage { items: items.into_iter().map(Into::into).collect(), next_cursor }))
}
