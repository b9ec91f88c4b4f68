//! By what a patient is judged: a preset or own numbers, and who set which before.

use domain::{
    field::FieldErrors,
    forms::Fields,
    glucose::Unit,
    ids::PatientId,
    people::Preset,
    ports::PatientTargets,
    targets::{self, Goals, OWN, OwnGoals},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    auth::unit_options,
    components::{Choices, EmptyState, Field, Form, Page, Section, SkeletonKind, SubmitButton, Table, load},
    context, format,
    forms::names,
    portals::NotFound,
    routes,
    server_fns::doctor::load_targets,
    tr, words,
};

/// The page.
#[component]
pub fn TargetsPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id").and_then(|id| id.parse::<PatientId>().ok())));
    move || match id.get() {
        Some(id) => view! { <Targets id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Targets(id: PatientId) -> impl IntoView {
    let targets = Resource::new(|| (), move |()| load_targets(id));
    view! {
        <Page title=tr!(doctor.targets_legend) section=Section::Patients lead=tr!(doctor.targets_lead)>
            {load(targets, SkeletonKind::Rows(6), |targets| view! { <Loaded targets /> })}
        </Page>
    }
    .into_any()
}

fn judge(fields: &Fields) -> Option<FieldErrors> {
    targets::form(fields).err()
}

#[component]
fn Loaded(targets: PatientTargets) -> impl IntoView {
    let language = context::language();
    let unit = context::unit();
    let own = targets.goals.own().copied();
    let options = Preset::ALL
        .iter()
        .map(|preset| (preset.as_str().to_owned(), words::preset(language, *preset).to_owned()))
        .chain([(OWN.to_owned(), tr!(doctor.targets_own).to_owned())])
        .collect::<Vec<_>>();
    view! {
        <p class="back">
            <a class="link" href=routes::doctor_patient(targets.id)>
                {targets.name.clone()}
            </a>
        </p>
        <Form name=names::TARGETS action=routes::doctor_targets(targets.id) validate=judge class="card">
            <Choices name="preset" label=tr!(doctor.targets_preset) options value=targets.goals.code() />
            <fieldset class="own-targets">
                <legend class="field__label">{tr!(doctor.targets_own)}</legend>
                <p class="field__hint">{tr!(doctor.targets_own_hint)}</p>
                <Choices name="unit" label=tr!(doctor.targets_unit) options=unit_options() value=unit.as_str() segments=true />
                <div class="own-targets__numbers">
                    {targets::NUMBER_FIELDS
                        .into_iter()
                        .map(|name| {
                            let value = own.and_then(|own| number(&own, name, unit)).unwrap_or_default();
                            view! {
                                <Field
                                    name=name
                                    label=label_of(name)
                                    value=value
                                    class="input--short"
                                    inputmode="decimal"
                                    autocomplete="off"
                                    optional=true
                                />
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <SubmitButton label=tr!(doctor.targets_save) />
        </Form>
        <History targets />
    }
    .into_any()
}

/// What a number is.
fn label_of(name: &str) -> &'static str {
    match name {
        "low" => tr!(doctor.targets_low),
        "high" => tr!(doctor.targets_high),
        "inRangeAbove" => tr!(doctor.targets_in_range),
        "lowBelow" => tr!(doctor.targets_below),
        "veryLowBelow" => tr!(doctor.targets_very_low),
        "highBelow" => tr!(doctor.targets_above),
        "veryHighBelow" => tr!(doctor.targets_very_high),
        "beforeMealsAtMost" => tr!(doctor.targets_before_meals),
        _ => tr!(doctor.targets_after_meals),
    }
}

/// A number as it is typed, in the reader's unit.
fn number(own: &OwnGoals, name: &str, unit: Unit) -> Option<String> {
    let limit = match name {
        "low" => Some(own.low),
        "high" => Some(own.high),
        "beforeMealsAtMost" => own.before_meals_at_most,
        "afterMealsBelow" => own.after_meals_below,
        _ => None,
    };
    let percent = match name {
        "inRangeAbove" => own.in_range_above,
        "lowBelow" => own.low_below,
        "veryLowBelow" => own.very_low_below,
        "highBelow" => own.high_below,
        "veryHighBelow" => own.very_high_below,
        _ => None,
    };
    limit.map(|limit| limit.in_unit(unit)).or(percent).map(|number| number.to_string())
}

#[component]
fn History(targets: PatientTargets) -> impl IntoView {
    let language = context::language();
    let now = targets.now;
    let heads = vec![
        (tr!(doctor.date).to_owned(), false),
        (tr!(doctor.targets).to_owned(), false),
        (tr!(doctor.targets_set_by).to_owned(), false),
    ];
    view! {
        <section aria-labelledby="history-title">
            <h2 id="history-title">{tr!(doctor.targets_history)}</h2>
            {if targets.history.is_empty() {
                view! { <EmptyState title=tr!(doctor.targets_unchanged) /> }.into_any()
            } else {
                view! {
                    <Table caption=tr!(doctor.targets_history) hide_caption=true heads>
                        {targets
                            .history
                            .into_iter()
                            .map(|change| {
                                view! {
                                    <tr>
                                        <th scope="row">{format::date_time(language, change.at, now)}</th>
                                        <td>{in_words(&change.goals)}</td>
                                        <td>{change.by}</td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </Table>
                }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}

/// `Own numbers: 80–160 mg/dL, over 60 % in range`.
fn in_words(goals: &Goals) -> String {
    let unit = context::unit();
    let name = words::goals(context::language(), goals);
    let Some(own) = goals.own() else { return name.to_owned() };
    let range = format!("{}–{} {}", own.low.in_unit(unit), own.high.in_unit(unit), unit.as_str());
    match own.in_range_above {
        Some(percent) => {
            tr!(doctor.targets_words, name = name, range = range, percent = percent.to_string()).to_string()
        }
        None => format!("{name}: {range}"),
    }
}
