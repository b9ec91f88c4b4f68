//! Who sees one's data: agree, invite, end.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    clock::Moment,
    consent::{Link, LinkKind, LinkStatus},
    contact::{Phone, parse_name},
    field::{FieldErrors, Problem},
    forms::Fields,
    ports::Emergency,
};
use leptos::prelude::*;

use super::{more, notice::Notice};

use crate::{
    components::{
        ButtonKind, CheckBox, EmptyState, Field, Form, Page, PostButton, Section, SkeletonKind, SubmitButton,
        data_type_word,
        form::FormScope,
        icon::{Glyph, Icon},
        load,
    },
    context, format,
    forms::names,
    routes,
    server_fns::patient::{load_care_team, load_emergencies},
    tr,
};

/// The page.
#[component]
pub fn CareTeamPage() -> impl IntoView {
    let links = Resource::new_blocking(|| (), |()| load_care_team());
    let emergencies = Resource::new_blocking(|| (), |()| load_emergencies());
    view! {
        <Page title=tr!(common.nav_care_team) section=Section::CareTeam lead=tr!(patient.care_team_lead)>
            <div class="stack stack--loose">
                {load(links, SkeletonKind::Rows(3), |links| view! { <Links links /> })}
                <ul class="list card card--flush">
                    {more::row(
                        routes::PATIENT_CONNECT,
                        Glyph::Doctor,
                        tr!(patient.connect_title),
                        tr!(patient.connect_about),
                    )}
                    {more::row(
                        routes::PATIENT_ACCESS_LOG,
                        Glyph::Search,
                        tr!(common.nav_access_log),
                        tr!(patient.more_access),
                    )}
                </ul>
                {load(emergencies, SkeletonKind::Rows(1), |all| view! { <Emergencies all /> })}
                <section class="card" aria-labelledby="invite-title">
                    <div class="card__head">
                        <h2 id="invite-title">{tr!(patient.invite_title)}</h2>
                    </div>
                    <InviteForm />
                </section>
            </div>
        </Page>
    }
    .into_any()
}

#[component]
fn Links(links: Vec<Link>) -> impl IntoView {
    let (asking, rest): (Vec<_>, Vec<_>) =
        links.into_iter().filter(|link| link.status != LinkStatus::Ended).partition(|link| link.awaits_me);
    let nobody = rest.is_empty() && asking.is_empty();
    view! {
        {asking.into_iter().map(|link| view! { <Asking link /> }).collect_view()}
        {if nobody {
            view! {
                <div class="card">
                    <EmptyState
                        glyph=Glyph::People
                        title=tr!(patient.team_nobody)
                        body=tr!(patient.team_nobody_body)
                    />
                </div>
            }
                .into_any()
        } else if rest.is_empty() {
            ().into_any()
        } else {
            view! {
                <section class="stack stack--tight" aria-labelledby="who-title">
                    <h2 id="who-title" class="section-title">{tr!(patient.who_sees)}</h2>
                    <ul class="list card card--flush">
                        {rest.into_iter().map(|link| view! { <li><Member link /></li> }).collect_view()}
                    </ul>
                </section>
            }
                .into_any()
        }}
    }
    .into_any()
}

/// A doctor asks: what they would see, and two answers.
#[component]
fn Asking(link: Link) -> impl IntoView {
    view! {
        <section class="card asking" aria-label=link.name.clone()>
            <div class="row">
                <Icon glyph=Glyph::Doctor />
                <h2 class="section-title">{tr!(patient.asks_to_see, name = link.name.clone()).to_string()}</h2>
            </div>
            {link.clinic.clone().map(|clinic| view! { <p class="soft">{clinic}</p> })}
            <Notice kind=LinkKind::Care id=format!("notice-{}", link.id) />
            <div class="row">
                <PostButton
                    action=routes::patient_link_accept(link.id)
                    label=tr!(patient.agree)
                    spoken=format!("{}: {}", tr!(patient.agree), link.name)
                    kind=ButtonKind::Primary
                />
                <PostButton
                    action=routes::patient_link_end(link.id)
                    label=tr!(patient.decline)
                    spoken=format!("{}: {}", tr!(patient.decline), link.name)
                />
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Member(link: Link) -> impl IntoView {
    let glyph = match link.kind {
        LinkKind::Care => Glyph::Doctor,
        LinkKind::Family => Glyph::Heart,
    };
    let sees = match link.kind {
        LinkKind::Care => tr!(patient.sees_everything).to_owned(),
        LinkKind::Family => {
            let words = link.data_types.iter().map(|data| data_type_word(*data)).collect::<Vec<_>>().join(", ");
            tr!(patient.sees, data = words).to_string()
        }
    };
    let state = match (link.status, link.until) {
        (LinkStatus::Pending, _) => tr!(patient.link_pending).to_owned(),
        (_, Some(until)) => tr!(patient.link_until, date = last_day(until)).to_string(),
        (_, None) => link.since.map(|since| tr!(patient.link_since, date = day(since)).to_string()).unwrap_or_default(),
    };
    let pending = link.status == LinkStatus::Pending;
    let end = if pending { tr!(patient.take_back) } else { tr!(patient.end_access) };
    view! {
        <div class="list__row member">
            <Icon glyph class="list__icon" />
            <div class="list__words">
                <div>
                    {link.name.clone()}
                    {link.clinic.clone().map(|clinic| view! { <span class="soft">{format!(" · {clinic}")}</span> })}
                </div>
                <div class="soft small">{sees} {(!state.is_empty()).then(|| format!(" · {state}"))}</div>
            </div>
            <PostButton
                action=routes::patient_link_end(link.id)
                label=end
                spoken=format!("{end}: {}", link.name)
                kind=ButtonKind::Danger
                small=true
            />
        </div>
    }
    .into_any()
}

/// Doctors who looked in an emergency without being asked in: nothing if there was none.
#[component]
fn Emergencies(all: Vec<Emergency>) -> impl IntoView {
    let (language, now) = (context::language(), context::page().now);
    (!all.is_empty())
        .then(|| {
            view! {
                <section class="stack stack--tight" aria-labelledby="emergencies-title">
                    <h2 id="emergencies-title" class="section-title">{tr!(patient.emergencies)}</h2>
                    <p class="soft small">{tr!(patient.emergencies_lead)}</p>
                    <ul class="list card card--flush">
                        {all
                            .into_iter()
                            .map(|one| {
                                let from = format::date_time(language, one.from, now);
                                let until = format::date_time(language, one.until, now);
                                view! {
                                    <li class="list__row">
                                        <Icon glyph=Glyph::Warning class="list__icon" />
                                        <div class="list__words">
                                            <div>
                                                {one.doctor}
                                                {one
                                                    .clinic
                                                    .map(|clinic| {
                                                        view! { <span class="soft">{format!(" · {clinic}")}</span> }
                                                    })}
                                            </div>
                                            <div class="soft small">{format!("{from} – {until}")}</div>
                                            <div class="small">{one.reason}</div>
                                        </div>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </section>
            }
        })
        .into_any()
}

/// A date by the viewer's clock as it is now: a link begins and ends on days, not minutes.
fn day(at: DateTime<Utc>) -> String {
    let now = context::page().now;
    let local = Moment { at, offset_s: now.offset_s }.local();
    format::date(context::language(), local.date(), now.local().year())
}

/// The last day of a link that ends at the midnight after it.
fn last_day(until: DateTime<Utc>) -> String {
    day(until - TimeDelta::seconds(1))
}

fn check(fields: &Fields) -> Option<FieldErrors> {
    let mut errors = FieldErrors::default();
    errors.take("name", parse_name(fields.get("name").unwrap_or("")));
    errors.take("phone", Phone::parse(fields.get("phone").unwrap_or("")));
    if !["glucose", "meals", "records", "alerts"].iter().any(|data| fields.get(data).is_some()) {
        errors.push("glucose", Problem::Required);
    }
    (!errors.is_empty()).then_some(errors)
}

#[component]
fn InviteForm() -> impl IntoView {
    let today = context::page().now.local().date();
    view! {
        <Form name=names::INVITE action=routes::PATIENT_INVITE validate=check>
            <p class="soft">{tr!(patient.invite_lead)}</p>
            <Field name="name" label=tr!(patient.invite_name) autocomplete="off" maxlength=80 />
            <Field
                name="phone"
                label=tr!(auth.phone)
                kind="tel"
                inputmode="tel"
                autocomplete="off"
                placeholder="98765 43210"
                maxlength=40
            />
            <DataTypes />
            <Field
                name="until"
                label=tr!(patient.invite_until)
                hint=tr!(patient.invite_until_hint)
                kind="date"
                class="input--short"
                min=today.to_string()
                optional=true
            />
            <Notice kind=LinkKind::Family id="notice-invite".to_owned() />
            <div class="form__actions">
                <SubmitButton label=tr!(patient.invite_send) />
            </div>
        </Form>
    }
    .into_any()
}

/// What is shared, one by one. At least one: the error stands under the group.
#[component]
fn DataTypes() -> impl IntoView {
    let scope = FormScope::current();
    let wrong = scope.wrong("glucose");
    let error = tr!(patient.invite_choose);
    let error_id = scope.id("data-error");
    let described = error_id.clone();
    view! {
        <fieldset class="field" aria-describedby=move || wrong.get().map(|_| described.clone())>
            <legend class="field__label">{tr!(patient.invite_sees)}</legend>
            <CheckBox name="glucose" label=tr!(patient.share_glucose) checked=true />
            <CheckBox name="meals" label=tr!(patient.share_meals) />
            <CheckBox name="alerts" label=tr!(patient.share_alerts) checked=true />
            <div id=error_id class="field__error">{move || wrong.get().map(|_| error)}</div>
        </fieldset>
    }
    .into_any()
}
