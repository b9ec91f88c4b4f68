//! The button that has a passkey sign: a new one, a sign-in, or a proof.
//!
//! Only a browser can do that (W3C Web Authentication, level 3), so the button is there once the page runs in one that can.
//! What the passkey answers is posted as a form like any other.

use domain::ports::{Ceremony, CeremonyPurpose};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{components::ButtonKind, context, error::AppError, routes, server_fns::account::begin_passkey, tr, tr_in};

/// See the module.
#[component]
pub fn PasskeyButton(
    /// What for.
    purpose: CeremonyPurpose,
    /// What it says.
    label: &'static str,
    /// Where the answer is posted.
    action: &'static str,
    /// Where to go afterwards.
    #[prop(default = None)]
    next: Option<String>,
    /// As wide as the page's column.
    #[prop(optional)]
    wide: bool,
    /// Said instead where the browser cannot.
    #[prop(optional)]
    otherwise: Option<&'static str>,
) -> impl IntoView {
    let language = context::language();
    let host = context::page().passkey_host;
    let able = RwSignal::new(None::<bool>);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| able.set(Some(host.as_deref().is_some_and(is_able))));
    let sign = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(false);
        spawn_local(async move {
            let signed = match begin_passkey(purpose).await {
                Ok(ceremony) => answer(purpose, &ceremony).await.ok().map(|answer| (ceremony, answer)),
                Err(AppError::Domain(domain::Error::StepUp)) => {
                    // Whoever was asked for a proof presses the button again after it.
                    let _ = window().location().set_href(&format!("{}?next={}", routes::STEP_UP, routes::SECURITY));
                    return;
                }
                Err(_) => None,
            };
            if let Some(((ceremony, answer), form)) = signed.zip(form.get_untracked()) {
                post(&form, &ceremony, &answer);
            } else {
                busy.set(false);
                failed.set(true);
            }
        });
    };
    let mut class = ButtonKind::Plain.class().to_owned();
    if wide {
        class.push_str(" button--wide");
    }
    view! {
        <div class="passkey" class:passkey--unable=move || able.get() != Some(true)>
            <form method="post" action=action node_ref=form>
                <input type="hidden" name="ceremony" />
                <input type="hidden" name="credential" />
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <button type="button" class=class aria-disabled=move || busy.get().to_string() on:click=sign>
                    {label}
                </button>
            </form>
            <p class="small passkey__failed" role="status">
                {move || failed.get().then(|| tr_in!(language, auth.passkey_failed))}
            </p>
        </div>
        {otherwise
            .map(|words| {
                view! { <p class="small soft">{move || (able.get() == Some(false)).then_some(words)}</p> }
            })}
    }
    .into_any()
}

/// The line between two ways to do the same.
#[component]
pub fn PasskeyInstead(
    /// To sign in or to prove.
    purpose: CeremonyPurpose,
    /// Where the answer is posted.
    action: &'static str,
    /// Where to go afterwards.
    next: Option<String>,
) -> impl IntoView {
    let label = if purpose == CeremonyPurpose::SignIn { tr!(auth.passkey_sign_in) } else { tr!(auth.passkey_use) };
    context::page()
        .passkey_host
        .is_some()
        .then(|| {
            let next = next.filter(|next| !next.is_empty());
            view! { <PasskeyButton purpose label action next wide=true /> }
        })
        .into_any()
}

/// Whether this browser can sign for a host, and is at it.
fn is_able(host: &str) -> bool {
    let here = window().location().hostname().unwrap_or_default();
    let within = here == host || here.strip_suffix(host).is_some_and(|front| front.ends_with('.'));
    let reads = |name| field(&window(), "PublicKeyCredential").and_then(|class| field(&class, name)).is_ok();
    within && reads("parseCreationOptionsFromJSON") && reads("parseRequestOptionsFromJSON")
}

/// Asks the person for their passkey; what it signed, as JSON.
async fn answer(purpose: CeremonyPurpose, ceremony: &Ceremony) -> Result<String, JsValue> {
    let (read, act) = match purpose {
        CeremonyPurpose::Add => ("parseCreationOptionsFromJSON", "create"),
        CeremonyPurpose::Prove | CeremonyPurpose::SignIn => ("parseRequestOptionsFromJSON", "get"),
    };
    let options = field(&js_sys::JSON::parse(&ceremony.options)?, "publicKey")?;
    let options = call(&field(&window(), "PublicKeyCredential")?, read, &[options])?;
    let request = js_sys::Object::new();
    js_sys::Reflect::set(&request, &"publicKey".into(), &options)?;
    let credentials = field(&field(&window(), "navigator")?, "credentials")?;
    let promise: js_sys::Promise = call(&credentials, act, &[request.into()])?.dyn_into()?;
    let credential = JsFuture::from(promise).await?;
    let json = js_sys::JSON::stringify(&call(&credential, "toJSON", &[])?)?;
    Ok(json.into())
}

fn post(form: &web_sys::HtmlFormElement, ceremony: &Ceremony, answer: &str) {
    let fill = |name: &str, value: &str| {
        let input = form.query_selector(&format!("[name={name}]")).ok().flatten();
        if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            input.set_value(value);
        }
    };
    fill("ceremony", &ceremony.id.to_string());
    fill("credential", answer);
    // A browser that refuses leaves the page as it is.
    let _ = form.submit();
}

/// A value of an object; an error if there is none.
fn field(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    let value = js_sys::Reflect::get(object, &name.into())?;
    if value.is_undefined() || value.is_null() { Err(name.into()) } else { Ok(value) }
}

fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: js_sys::Function = field(object, name)?.dyn_into()?;
    js_sys::Reflect::apply(&function, object, &arguments.iter().collect::<js_sys::Array>())
}
