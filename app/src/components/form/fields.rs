//! The fields of a form: label, hint, input, error, joined for screen readers.

use leptos::prelude::*;

use super::{super::raw_text::raw_text, FormScope, optional_mark};

/// The label's `aria-describedby`: hint and error, those that are there.
fn described(id: &str, hint: bool, wrong: Memo<Option<String>>) -> impl Fn() -> Option<String> + Clone + use<> {
    let (hint_id, error_id) = (hint.then(|| format!("{id}-hint")), format!("{id}-error"));
    move || {
        let error = wrong.with(Option::is_some).then(|| error_id.clone());
        let ids: Vec<_> = hint_id.clone().into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

fn hint_view(id: &str, hint: Option<String>) -> Option<AnyView> {
    hint.map(|hint| view! { <div id=format!("{id}-hint") class="field__hint">{hint}</div> }.into_any())
}

fn error_view(id: &str, wrong: Memo<Option<String>>) -> AnyView {
    view! { <div id=format!("{id}-error") class="field__error">{move || wrong.get().unwrap_or_default()}</div> }
        .into_any()
}

fn invalid(wrong: Memo<Option<String>>) -> impl Fn() -> Option<&'static str> + Copy {
    move || wrong.with(Option::is_some).then_some("true")
}

/// One line to type in.
#[component]
pub fn Field(
    /// As in the form.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// What it shows at first.
    #[prop(optional, into)]
    value: String,
    /// `type` of the input: `text`, `tel`, `date`, `datetime-local`, `file` ...
    #[prop(default = "text")]
    kind: &'static str,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Which keys a phone shows: `decimal`, `numeric`, `tel`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What the browser may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u16>,
    /// Latest date.
    #[prop(optional, into)]
    max: Option<String>,
    /// Earliest date.
    #[prop(optional, into)]
    min: Option<String>,
    /// Files that may be chosen.
    #[prop(optional)]
    accept: Option<&'static str>,
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// May be left empty; said behind the label.
    #[prop(optional)]
    optional: bool,
    /// Takes the focus when the page is shown.
    #[prop(optional)]
    autofocus: bool,
    /// A class of the input besides `input`: `input--big`, `input--short`, `input--code`.
    #[prop(optional)]
    class: &'static str,
    /// Text behind the input, such as a unit.
    #[prop(optional, into)]
    affix: Option<String>,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let wrong = scope.wrong(name);
    let value = scope.value(name, value);
    let described = described(&id, hint.is_some(), wrong);
    let focus = autofocus || scope.is_first_wrong(name);
    let label_class = if hide_label { "visually-hidden" } else { "field__label" };
    view! {
        <div class="field">
            <label class=label_class for=id.clone()>{label}{optional_mark(optional)}</label>
            {hint_view(&id, hint)}
            <div class="field__row">
                <input
                    id=id.clone()
                    class=format!("input {class}").trim_end().to_owned()
                    type=kind
                    name=name
                    value=value
                    inputmode=inputmode
                    autocomplete=autocomplete
                    maxlength=maxlength.map(|m| m.to_string())
                    min=min
                    max=max
                    accept=accept
                    placeholder=placeholder
                    required=!optional
                    autofocus=focus
                    aria-describedby=described
                    aria-invalid=invalid(wrong)
                />
                {affix.map(|affix| view! { <span class="field__affix">{affix}</span> })}
            </div>
            {error_view(&id, wrong)}
        </div>
    }
    .into_any()
}

/// Several lines to type in.
#[component]
pub fn TextArea(
    /// As in the form.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// What it shows at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u16>,
    /// Lines.
    #[prop(default = 3)]
    rows: u8,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let wrong = scope.wrong(name);
    let value = scope.value(name, value);
    let described = described(&id, hint.is_some(), wrong);
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}{optional_mark(optional)}</label>
            {hint_view(&id, hint)}
            <textarea
                id=id.clone()
                class="input"
                name=name
                rows=rows.to_string()
                maxlength=maxlength.map(|m| m.to_string())
                required=!optional
                autofocus=scope.is_first_wrong(name)
                aria-describedby=described
                aria-invalid=invalid(wrong)
            >
                {raw_text(value)}
            </textarea>
            {error_view(&id, wrong)}
        </div>
    }
    .into_any()
}

/// One of many.
#[component]
pub fn Select(
    /// As in the form.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// Value and words of each option.
    options: Vec<(String, String)>,
    /// Which is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let wrong = scope.wrong(name);
    let value = scope.value(name, value);
    let described = described(&id, hint.is_some(), wrong);
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            {hint_view(&id, hint)}
            <select
                id=id.clone()
                class="input"
                name=name
                autofocus=scope.is_first_wrong(name)
                aria-describedby=described
                aria-invalid=invalid(wrong)
            >
                {options
                    .into_iter()
                    .map(|(option, words)| {
                        let selected = option == value;
                        view! { <option value=option selected=selected>{words}</option> }
                    })
                    .collect_view()}
            </select>
            {error_view(&id, wrong)}
        </div>
    }
    .into_any()
}

/// One of a few: radio buttons as pills, or joined as segments.
#[component]
pub fn Choices(
    /// As in the form.
    name: &'static str,
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// Value and words of each.
    options: Vec<(String, String)>,
    /// Which is chosen at first; none if it is none of them.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Joined in one row: for two or three short words.
    #[prop(optional)]
    segments: bool,
    /// Keeps the label for screen readers only.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let wrong = scope.wrong(name);
    let value = scope.value(name, value);
    let described = described(&id, hint.is_some(), wrong);
    let class = if segments { "choices choices--segments" } else { "choices" };
    let label_class = if hide_label { "visually-hidden" } else { "field__label" };
    view! {
        <fieldset
            class="field"
            role="radiogroup"
            id=id.clone()
            aria-describedby=described
            aria-invalid=invalid(wrong)
        >
            <legend class=label_class>{label}</legend>
            {hint_view(&id, hint)}
            <div class=class>
                {options
                    .into_iter()
                    .map(|(option, words)| {
                        let checked = option == value;
                        view! {
                            <label class="choice">
                                <input type="radio" name=name value=option checked=checked />
                                <span>{words}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
            {error_view(&id, wrong)}
        </fieldset>
    }
    .into_any()
}

/// Yes (`yes`) or nothing.
#[component]
pub fn CheckBox(
    /// As in the form.
    name: &'static str,
    /// What is agreed to.
    #[prop(into)]
    label: String,
    /// Checked at first.
    #[prop(optional)]
    checked: bool,
    /// Asks for attention.
    #[prop(optional)]
    warn: bool,
) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let checked = scope.value(name, if checked { "yes".to_owned() } else { String::new() }) == "yes";
    view! {
        <label class=if warn { "check check--warn" } else { "check" } for=id.clone()>
            <input id=id.clone() type="checkbox" name=name value="yes" checked=checked />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// A value that goes along unseen.
#[component]
pub fn Hidden(
    /// As in the form.
    name: &'static str,
    /// What goes along.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}
