//! Native form posts. Each is: fields -> `domain::forms` -> one use case -> 303 with a message for the next page. A wrong
//! field renders the page again (422) with everything that was typed.

mod admin;
mod care_team;
mod connect;
mod desk;
mod doctor;
mod identity;
mod imports;
mod language;
mod login;
mod meals;
mod new_phone;
mod passkeys;
mod readings;
mod rights;
mod settings;

use app::{
    context::{Anybody, PageContext, SignedIn},
    forms::{Flash, FlashMessage, FormState},
    routes,
};
use axum::{
    Router,
    body::Body,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono_tz::Tz;
use domain::{
    Error,
    clock::{DEFAULT_ZONE, parse_zone},
    field::FieldErrors,
    forms::Fields,
    people::{Actor, Language},
    ports::{Origin, Services},
};
use tower_sessions::Session;
use uuid::Uuid;

use super::{pages, plain, session};
use crate::{edge::ClientAddress, state::AppState};

/// Every form but uploads.
pub fn router() -> Router<AppState> {
    Router::new()
        .merge(login::router())
        .merge(identity::router())
        .merge(passkeys::router())
        .merge(new_phone::router())
        .merge(settings::router())
        .merge(language::router())
        .merge(readings::router())
        .merge(meals::router())
        .merge(imports::router())
        .merge(care_team::router())
        .merge(connect::router())
        .merge(rights::router())
        .merge(desk::router())
        .merge(doctor::router())
        .merge(admin::router())
}

/// Forms that carry a file.
pub fn uploads() -> Router<AppState> {
    imports::uploads()
}

/// What a handler answers; both halves are answers.
type Answer = Result<Response, Response>;

/// A request that posts something, whatever its body.
struct Visit {
    app: AppState,
    session: Session,
    signed_in: Option<Actor>,
    page: PageContext,
    parts: Parts,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let session = parts.extensions.get::<Session>().cloned();
        let page = parts.extensions.get::<PageContext>().cloned();
        let (Some(session), Some(page)) = (session, page) else {
            return Err(plain::error(&crate::error::internal("a form outside the session layer"), Language::English));
        };
        let signed_in = parts.extensions.get::<SignedIn>().and_then(|signed_in| signed_in.0);
        Ok(Self { app: app.clone(), session, signed_in, page, parts: parts.clone() })
    }
}

impl Visit {
    fn services(&self) -> &Services {
        &self.app.services
    }

    /// Who posts, even if all they may do is prove or set up their second factor.
    #[expect(clippy::result_large_err, reason = "the error is the answer, made once and handed out at once")]
    fn anybody(&self) -> Result<Actor, Response> {
        let who = self.parts.extensions.get::<Anybody>().and_then(|anybody| anybody.0);
        who.ok_or_else(|| Redirect::to(routes::LOGIN).into_response())
    }

    /// Who posts; nobody is sent to sign in.
    #[expect(clippy::result_large_err, reason = "the error is the answer, made once and handed out at once")]
    fn actor(&self) -> Result<Actor, Response> {
        self.signed_in.ok_or_else(|| Redirect::to(routes::LOGIN).into_response())
    }

    fn origin(&self) -> Origin {
        session::origin(self.parts.extensions.get::<ClientAddress>(), &self.parts.headers)
    }

    /// The viewer's time zone.
    fn zone(&self) -> Tz {
        self.page.me.as_ref().and_then(|me| parse_zone(&me.time_zone).ok()).unwrap_or(DEFAULT_ZONE)
    }

    /// The path's id; one that is none answers as an unknown one.
    async fn id<T: From<Uuid>>(&self) -> Result<T, Response> {
        let mut parts = self.parts.clone();
        let path = Path::<String>::from_request_parts(&mut parts, &self.app).await;
        let id = path.ok().and_then(|Path(text)| Uuid::try_parse(&text).ok());
        id.map(Into::into).ok_or_else(|| plain::error(&Error::NotFound, self.page.language))
    }

    /// A value of the query.
    fn query(&self, name: &str) -> Option<String> {
        query_value(&self.parts.uri, name)
    }

    /// The path of this site that the browser came from.
    fn referrer(&self) -> Option<String> {
        let text = self.parts.headers.get(header::REFERER)?.to_str().ok()?;
        let uri: Uri = text.parse().ok()?;
        let host = self.parts.headers.get(header::HOST)?.to_str().ok()?;
        let path = uri.path_and_query()?.as_str().to_owned();
        (uri.authority()?.as_str() == host && session::is_local(&path)).then_some(path)
    }

    /// To a page, with what was done.
    async fn done(&self, to: &str, message: FlashMessage) -> Answer {
        self.done_with_undo(to, message, None).await
    }

    /// To a page, with what was done and a path that takes it back.
    async fn done_with_undo(&self, to: &str, message: FlashMessage, undo: Option<String>) -> Answer {
        session::flash(&self.session, &Flash { message, undo }).await.map_err(|error| self.failed(&error))?;
        Ok(Redirect::to(to).into_response())
    }

    /// The page again, with a form that is wrong. `page` is the address that was posted to, and is a page's too: the
    /// browser stays there, and the application that starts in it has to find the page under that address.
    async fn again(&self, page: &str, form: &str, fields: Fields, errors: FieldErrors) -> Response {
        let mut response = self.with_form(page, form, fields, errors).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        response
    }

    /// A page with a form that knows what was typed.
    async fn with_form(&self, page: &str, form: &str, fields: Fields, errors: FieldErrors) -> Response {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = page.parse().unwrap_or_else(|_| Uri::from_static(routes::HOME));
        *request.headers_mut() = self.parts.headers.clone();
        *request.extensions_mut() = self.parts.extensions.clone();
        let mut context = self.page.clone();
        context.form = Some(FormState { form: form.to_owned(), fields, errors });
        request.extensions_mut().insert(context);
        pages::render(&self.app, request).await
    }

    /// A refusal with no form to show it in.
    fn failed(&self, error: &Error) -> Response {
        match error {
            Error::Unauthenticated => Redirect::to(routes::LOGIN).into_response(),
            // Back to the page of the button, which is pressed again after the proof.
            Error::StepUp => session::to_step_up(self.referrer().as_deref()),
            error => plain::error(error, self.page.language),
        }
    }

    /// A refusal of a button: what changed meanwhile is said on the page.
    async fn refused(&self, page: &str, error: Error) -> Response {
        match error {
            Error::Conflict => self.done(page, FlashMessage::Conflict).await.unwrap_or_else(|response| response),
            Error::StepUp => session::to_step_up(Some(page)),
            error => self.failed(&error),
        }
    }
}

/// A posted form.
struct Post {
    visit: Visit,
    fields: Fields,
}

impl std::ops::Deref for Post {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequest<AppState> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let language = visit.page.language;
        let request = Request::from_parts(parts, body);
        // A button's form may have no body at all.
        let empty = !request.headers().contains_key(header::CONTENT_TYPE);
        let fields = if empty {
            Vec::new()
        } else {
            axum::Form::<Vec<(String, String)>>::from_request(request, app)
                .await
                .map_err(|rejection| plain::refused(rejection.status(), language))?
                .0
        };
        Ok(Self { visit, fields: Fields(fields.into_iter().collect()) })
    }
}

impl Post {
    /// What was typed, without what must not be shown again.
    fn shown(&self, secret: &[&str]) -> Fields {
        let mut fields = self.fields.clone();
        fields.0.retain(|name, _| !secret.contains(&name.as_str()));
        fields
    }

    /// The answer to a use case that refused a form: wrong fields are shown in it.
    async fn wrong(&self, page: &str, form: &str, error: Error) -> Response {
        match error {
            Error::Invalid(errors) => self.again(page, form, self.shown(&[]), errors).await,
            error => self.refused(page, error).await,
        }
    }

    /// A field, or the same name in the query: a button of a message has no fields.
    fn field_or_query(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(str::to_owned).or_else(|| self.query(name))
    }

    /// The form's `next`, if it is a page of this site.
    fn next(&self) -> Option<&str> {
        self.fields.get("next").filter(|next| session::is_local(next))
    }

    /// Where to go afterwards: the form's `next`, the page it was on, or a default.
    fn back_to(&self, default: &str) -> String {
        self.next().map(str::to_owned).or_else(|| self.referrer()).unwrap_or_else(|| default.to_owned())
    }
}

fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
