//! Forms that post natively, keep what was typed, and are judged in the browser by the server's own code first.
//!
//! ```ignore
//! view! {
//!     <Form name=names::READING action=routes::PATIENT_LOG validate=|fields| forms::reading(fields).err()>
//!         <Field name="value" label=tr!(patient.value) inputmode="decimal" />
//!         <SubmitButton label=tr!(common.save) />
//!     </Form>
//! }
//! ```
//! A field shows, in this order: what came back with the last post of this form, else its `value`.

mod browser;
mod fields;
mod submit;

use domain::{
    field::{FieldErrors, Problem},
    forms::Fields,
    people::Language,
};
use leptos::{context::Provider, html, prelude::*};

pub use fields::{CheckBox, Choices, Field, Hidden, Select, TextArea};
pub use submit::SubmitButton;

use super::problem::problem_text;
use crate::{context, tr};

/// Judges a form before it is posted; none is good.
pub type Validate = fn(&Fields) -> Option<FieldErrors>;

/// What a form's fields know of it.
#[derive(Clone, Copy)]
pub struct FormScope {
    name: &'static str,
    language: Language,
    typed: StoredValue<Option<Fields>>,
    first_wrong: StoredValue<Option<String>>,
    /// What is wrong now.
    pub errors: RwSignal<FieldErrors>,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
}

impl FormScope {
    fn new(name: &'static str) -> Self {
        let back = context::page().form.filter(|state| state.form == name);
        let errors = back.as_ref().map(|b| b.errors.clone()).unwrap_or_default();
        let first_wrong = errors.0.first().map(|e| e.field.clone());
        Self {
            name,
            language: context::language(),
            typed: StoredValue::new(back.map(|b| b.fields)),
            first_wrong: StoredValue::new(first_wrong),
            errors: RwSignal::new(errors),
            busy: RwSignal::new(false),
        }
    }

    /// The form around the caller; of no name, with nothing typed, where there is none.
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self::new(""))
    }

    /// The element id of a field.
    pub fn id(&self, field: &str) -> String {
        format!("{}-{field}", self.name)
    }

    /// What a field shows first.
    pub fn value(&self, field: &str, default: String) -> String {
        self.typed.with_value(|typed| match typed {
            Some(typed) => typed.0.get(field).cloned().unwrap_or_default(),
            None => default,
        })
    }

    /// What is wrong with a field, in words; follows the browser's checks.
    pub fn wrong(self, field: &'static str) -> Memo<Option<String>> {
        Memo::new(move |_| self.errors.with(|errors| errors.of(field).map(|p| problem_text(self.language, p))))
    }

    /// Whether a field has a given problem now.
    pub fn has(self, field: &'static str, problem: Problem) -> Memo<bool> {
        Memo::new(move |_| self.errors.with(|errors| errors.of(field) == Some(&problem)))
    }

    /// Whether a page that came back puts the focus here.
    pub fn is_first_wrong(&self, field: &str) -> bool {
        self.first_wrong.with_value(|first| first.as_deref() == Some(field))
    }
}

/// A form.
#[component]
pub fn Form(
    /// One of [`crate::forms::names`].
    name: &'static str,
    /// Where it posts.
    #[prop(into)]
    action: String,
    /// The check before the post.
    #[prop(optional)]
    validate: Option<Validate>,
    /// Holds a file.
    #[prop(optional)]
    multipart: bool,
    /// A class besides `form`.
    #[prop(optional)]
    class: &'static str,
    /// The fields and the button.
    children: Children,
) -> impl IntoView {
    let scope = FormScope::new(name);
    let form = NodeRef::<html::Form>::new();
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        if scope.busy.get_untracked() {
            event.prevent_default();
            return;
        }
        let wrong = form.get_untracked().zip(validate).and_then(|(form, validate)| validate(&browser::typed(&form)));
        match wrong {
            Some(errors) => {
                event.prevent_default();
                let first = errors.0.first().map(|e| scope.id(&e.field));
                scope.errors.set(errors);
                if let Some(first) = first {
                    browser::focus(&first);
                }
            }
            None => scope.busy.set(true),
        }
    };
    // Coming back with the browser's button finds the page as it was left: it must be possible to send again.
    browser::on_page_show(move || scope.busy.set(false));
    let whole = scope.wrong("");
    let class = format!("form {class}");
    view! {
        <form
            id=name
            class=class.trim_end().to_owned()
            method="post"
            action=action
            enctype=multipart.then_some("multipart/form-data")
            novalidate
            node_ref=form
            on:submit=on_submit
        >
            <Provider value=scope>
                {move || whole.get().map(|text| view! { <div class="form__error" role="alert">{text}</div> })}
                {children()}
            </Provider>
            <div class="visually-hidden" role="status">
                {move || scope.busy.get().then(|| busy_word(scope.language))}
            </div>
        </form>
    }
    .into_any()
}

fn busy_word(language: Language) -> &'static str {
    crate::tr_in!(language, common.sending)
}

/// `(optional)` behind a label.
fn optional_mark(optional: bool) -> Option<AnyView> {
    optional.then(|| view! { <span class="field__optional">" "{tr!(common.optional)}</span> }.into_any())
}
