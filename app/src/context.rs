//! What a page knows of its request, and (on the server) how server functions reach the use cases.
//!
//! The only callers of `use_context`: what a later Leptos changes is hidden here.

use domain::{
    clock::Moment,
    people::{Language, Me},
    ports::{CodeOwner, SecondFactorState},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::forms::{Flash, FormState};

/// What the server found out about the request before it rendered. The browser gets the same value with the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    /// Who is signed in.
    pub me: Option<Me>,
    /// The page's language.
    pub language: Language,
    /// The one present instant of this rendering, in the viewer's zone: nothing on a page reads another clock.
    pub now: Moment,
    /// A form that came back with errors.
    pub form: Option<FormState>,
    /// What the last post did, shown once.
    pub flash: Option<Flash>,
    /// The sign-in under way: to which (masked) number a code was sent, and seconds until another can be.
    pub sign_in: Option<SignInState>,
    /// The same for another phone number of one's account.
    pub new_phone: Option<SignInState>,
    /// The doctor whose code was typed, until the patient agrees.
    pub connection: Option<CodeOwner>,
    /// What the pages of the second factor and of a fresh proof show.
    pub identity: Option<IdentityView>,
    /// The name of the host that passkeys are bound to, if there are any.
    pub passkey_host: Option<String>,
    /// Whether this is a development server (shows the way to the outbox).
    pub development: bool,
}

/// What the pages of the second factor and of a fresh proof show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentityView {
    /// One's own second factor.
    State(SecondFactorState),
    /// A fresh proof is a code of the authenticator app.
    ByApp {
        /// Whether there is a passkey too.
        passkey: bool,
    },
    /// A fresh proof is a code sent to this number.
    ByPhone {
        /// To which number.
        phone_masked: String,
        /// Whether it was sent.
        sent: bool,
        /// Whether there is a passkey too.
        passkey: bool,
    },
}

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInState {
    /// To which number the code went.
    pub phone_masked: String,
    /// Seconds until another code can be sent.
    pub resend_in: u32,
}

impl PageContext {
    /// For the rendering at start-up that only lists the routes, and for tests: nobody, in English, in 1970.
    pub fn nobody() -> Self {
        Self {
            me: None,
            language: Language::English,
            now: Moment { at: chrono::DateTime::UNIX_EPOCH, offset_s: 19_800 },
            form: None,
            flash: None,
            sign_in: None,
            new_phone: None,
            connection: None,
            identity: None,
            passkey_host: None,
            development: false,
        }
    }
}

/// The address that was loaded, as against one navigated to inside the browser.
#[derive(Debug, Clone)]
struct FirstPath {
    path: String,
    present: Memo<String>,
    left: StoredValue<bool>,
}

/// Remembers the address that was loaded. Called once, inside the router.
pub(crate) fn provide_first_path() {
    let present = leptos_router::hooks::use_location().pathname;
    provide_context(FirstPath { path: present.get_untracked(), present, left: StoredValue::new(false) });
}

/// The page's context. Provided by [`crate::App`]; never panics.
///
/// On a page reached by a navigation inside the browser there is no last post, and now is now.
pub fn page() -> PageContext {
    let mut page =
        use_context::<StoredValue<PageContext>>().map_or_else(PageContext::nobody, |stored| stored.get_value());
    if !on_first_page() {
        page.flash = None;
        page.form = None;
        page.now.at = browser_now().unwrap_or(page.now.at);
    }
    page
}

/// Whether this is the page that was loaded: always on the server.
pub fn on_first_page() -> bool {
    use_context::<FirstPath>().is_none_or(|first| {
        cfg!(not(target_arch = "wasm32")) || (!first.left.get_value() && first.path == first.present.get_untracked())
    })
}

/// Called on a page reached by a navigation inside the browser: what the last post did is forgotten for good, and coming
/// back to the page that was loaded finds the present time.
pub fn leave_first_page() {
    if let Some(first) = use_context::<FirstPath>() {
        first.left.set_value(true);
    }
    if let Some(stored) = use_context::<StoredValue<PageContext>>() {
        stored.update_value(|page| {
            page.flash = None;
            page.form = None;
        });
    }
}

/// The browser's clock; none on the server.
pub fn browser_now() -> Option<chrono::DateTime<chrono::Utc>> {
    #[cfg(target_arch = "wasm32")]
    {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
        chrono::DateTime::from_timestamp_millis(js_sys::Date::now() as i64)
    }
    #[cfg(not(target_arch = "wasm32"))]
    None
}

/// The page's language.
pub fn language() -> Language {
    use_context::<StoredValue<PageContext>>()
        .map_or(Language::English, |stored| stored.with_value(|page| page.language))
}

/// The unit that the viewer reads glucose in.
pub fn unit() -> domain::glucose::Unit {
    use_context::<StoredValue<PageContext>>()
        .and_then(|stored| stored.with_value(|page| page.me.as_ref().map(|me| me.unit)))
        .unwrap_or_default()
}

/// Makes the context available to every component: on the server the one that the door provided, in the browser the
/// same one, read from the page.
pub(crate) fn provide_page() {
    let page = SharedValue::new(|| use_context::<PageContext>().unwrap_or_else(PageContext::nobody)).into_inner();
    provide_context(StoredValue::new(page));
}

/// The same for the document around the application, which the browser does not run: a value shared with the browser
/// here would shift the numbers by which it finds the data of all others.
pub(crate) fn provide_page_to_shell() {
    provide_context(StoredValue::new(use_context::<PageContext>().unwrap_or_else(PageContext::nobody)));
}

#[cfg(feature = "ssr")]
pub use on_server::{Anybody, SignedIn, actor, anybody, fail, services};

#[cfg(feature = "ssr")]
mod on_server {
    use axum::http::StatusCode;
    use domain::{Error, people::Actor, ports::Services};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use crate::error::AppError;

    /// Who the request acts as, if anybody. The door provides it.
    #[derive(Debug, Clone, Copy)]
    pub struct SignedIn(pub Option<Actor>);

    /// The same, even if all they may do is prove their second factor. The door provides it.
    #[derive(Debug, Clone, Copy)]
    pub struct Anybody(pub Option<Actor>);

    /// Who asks, even if all they may do is prove their second factor.
    pub fn anybody() -> Result<Actor, AppError> {
        use_context::<Anybody>().and_then(|a| a.0).ok_or_else(|| fail(Error::Unauthenticated))
    }

    /// The use cases. The door provides them; at start-up, when only routes are listed, there are none.
    pub fn services() -> Result<Services, AppError> {
        use_context::<Services>().ok_or(AppError::Domain(Error::Unavailable))
    }

    /// Who the request acts as.
    pub fn actor() -> Result<Actor, AppError> {
        use_context::<SignedIn>().and_then(|s| s.0).ok_or_else(|| fail(Error::Unauthenticated))
    }

    /// Turns a refusal into the answer of a server function or page, with its HTTP status.
    pub fn fail(error: Error) -> AppError {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.set_status(match &error {
                Error::NotFound => StatusCode::NOT_FOUND,
                Error::Unauthenticated => StatusCode::UNAUTHORIZED,
                Error::Forbidden | Error::StepUp => StatusCode::FORBIDDEN,
                Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Error::Conflict => StatusCode::CONFLICT,
                Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
                Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            });
        }
        AppError::Domain(error)
    }
}
