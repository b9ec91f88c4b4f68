//! The form of a reading, new or changed: the number first and large, the rest with a sane default.

use chrono::Datelike;
use domain::{
    clock::Moment,
    field::Problem,
    forms::reading,
    glucose::{Glucose, MealState, Unit},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{
    auth::unit_options,
    components::{
        CheckBox, Choices, Field, Form, Hidden, SubmitButton, TextArea, form::FormScope, fresh::on_return, state_word,
    },
    context, format,
    forms::names,
    tr,
};

/// What the form shows at first.
#[derive(Debug, Clone)]
pub(super) struct ReadingDefaults {
    /// The number, as typed.
    pub value: String,
    /// Its unit.
    pub unit: Unit,
    /// Before or after which meal.
    pub state: MealState,
    /// When, on the wall.
    pub at: Moment,
    /// Free text.
    pub notes: String,
    /// Of a reading to change.
    pub version: Option<i64>,
}

impl ReadingDefaults {
    /// A new reading, now.
    pub fn new(state: Option<MealState>) -> Self {
        let now = context::page().now;
        Self {
            value: String::new(),
            unit: context::unit(),
            state: state.unwrap_or_else(|| MealState::likely_at(now.minute_of_day())),
            at: now,
            notes: String::new(),
            version: None,
        }
    }
}

/// A number as it is typed: `126`, `7.2`.
pub(super) fn typed_value(glucose: Glucose) -> String {
    format!("{}", glucose.value())
}

/// As `<input type="datetime-local">` wants it.
pub(super) fn local_text(at: Moment) -> String {
    at.local().format("%Y-%m-%dT%H:%M").to_string()
}

/// The form.
#[component]
pub(super) fn ReadingForm(
    /// Where it posts.
    #[prop(into)]
    action: String,
    /// What it shows at first.
    defaults: ReadingDefaults,
) -> impl IntoView {
    let states = MealState::ALL.iter().map(|s| (s.as_str().to_owned(), state_word(*s).to_owned())).collect::<Vec<_>>();
    let new = defaults.version.is_none();
    view! {
        <Form name=names::READING action=action class="log" validate=|fields: &_| reading(fields).err()>
            {defaults.version.map(|version| view! { <Hidden name="version" value=version.to_string() /> })}
            <div class="log__value">
                <Field
                    name="value"
                    label=tr!(patient.value)
                    value=defaults.value.clone()
                    class="input--big"
                    inputmode="decimal"
                    autocomplete="off"
                    maxlength=12
                    autofocus=new
                />
                <Choices
                    name="unit"
                    label=tr!(patient.unit)
                    options=unit_options()
                    value=defaults.unit.as_str()
                    segments=true
                    hide_label=true
                />
                <ConfirmUnusual />
            </div>
            <Choices name="state" label=tr!(patient.state) options=states value=defaults.state.as_str() />
            <WhenAndNotes at=defaults.at notes=defaults.notes.clone() new />
            <SubmitButton label=tr!(common.save) wide=true large=true />
        </Form>
    }
    .into_any()
}

/// Asked only of a value that hardly ever is: a severe low is never refused.
#[component]
fn ConfirmUnusual() -> impl IntoView {
    let asked = FormScope::current().has("value", Problem::ConfirmUnusual);
    let label = tr!(patient.confirm_unusual);
    view! { {move || asked.get().then(|| view! { <CheckBox name="confirmed" label=label warn=true /> })} }
}

/// Time and notes, folded away for a new reading: most are logged at once.
#[component]
fn WhenAndNotes(at: Moment, notes: String, new: bool) -> impl IntoView {
    let scope = FormScope::current();
    let (when_wrong, notes_wrong) = (scope.wrong("recordedAt"), scope.wrong("notes"));
    let open = move || !new || when_wrong.with(Option::is_some) || notes_wrong.with(Option::is_some);
    let typed = scope.value("recordedAt", local_text(at));
    let changed = typed != local_text(at);
    let page = context::page();
    let language = page.language;
    let shown = RwSignal::new(if changed { String::new() } else { format::date_time(language, at, page.now) });
    if new {
        let (id, was) = (scope.id("recordedAt"), StoredValue::new(local_text(at)));
        on_return(move || {
            let Some(input) =
                document().get_element_by_id(&id).and_then(|e| e.dyn_into::<web_sys::HtmlInputElement>().ok())
            else {
                return;
            };
            if input.value() != was.get_value() {
                return;
            }
            let at = Moment { at: context::browser_now().unwrap_or(at.at), ..at };
            input.set_value(&local_text(at));
            was.set_value(local_text(at));
            shown.set(format!(
                "{}, {}",
                format::date(language, at.local().date(), at.local().year()),
                format::time(language, at.local())
            ));
        });
    }
    let fields = view! {
        <Field
            name="recordedAt"
            label=tr!(patient.when)
            kind="datetime-local"
            value=local_text(at)
        />
        <TextArea name="notes" label=tr!(patient.notes) value=notes maxlength=500 rows=2 optional=true />
    };
    if new {
        view! {
            <details class="log__more" open=open>
                <summary>
                    <span class="num">{move || shown.get()}</span>
                    <span class="log__change">{tr!(patient.change_time_or_note)}</span>
                </summary>
                <div class="stack">{fields}</div>
            </details>
        }
        .into_any()
    } else {
        view! { <div class="stack">{fields}</div> }.into_any()
    }
}
