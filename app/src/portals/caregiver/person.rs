//! One person: the value now, the curve of today or the week, what is shared, and how to stop following.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    consent::{DataType, Link, LinkKind, LinkStatus},
    ids::PatientId,
    ports::{Curve, Followed},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{live::Live, meals::Meals, now::Now, sharing::Sharing};
use crate::{
    charts::DailyChart,
    components::{
        EmptyState, LoadError, Page, Section, Skeleton, SkeletonKind,
        icon::{Glyph, Icon},
        load,
    },
    context,
    error::AppError,
    format,
    portals::NotFound,
    routes,
    server_fns::{
        caregiver::{load_awaiting, load_follow},
        reports::load_curve,
    },
    tr,
};

/// The longer of the two periods, days.
const WEEK: u16 = 7;

/// The page; an address without an id is one that does not exist.
#[component]
pub fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id").and_then(|id| id.parse::<PatientId>().ok())));
    move || match id.get() {
        Some(id) => view! { <Person id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// The person, and the link through which they are seen.
async fn load_person(id: PatientId) -> Result<(Followed, Option<Link>), AppError> {
    let followed = load_follow(id).await?;
    let links = load_awaiting().await?;
    let ours = |link: &Link| link.patient == id && link.kind == LinkKind::Family && link.status == LinkStatus::Active;
    Ok((followed, links.into_iter().find(ours)))
}

#[component]
fn Person(id: PatientId) -> impl IntoView {
    let person = Resource::new(|| (), move |()| load_person(id));
    view! {
        <Page title=tr!(caregiver.person) section=Section::People own_head=true>
            <a class="back" href=routes::CAREGIVER>
                <Icon glyph=Glyph::Back />
                <span>{tr!(common.nav_people)}</span>
            </a>
            {load(person, SkeletonKind::Value, |(followed, link)| view! { <Loaded followed link /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Loaded(followed: Followed, link: Option<Link>) -> impl IntoView {
    let (id, name, now) = (followed.patient, followed.name.clone(), followed.now);
    let live = Live::new(followed.clone(), move || load_follow(id));
    let gone = live.is_gone();
    let query = use_query_map();
    let days = Memo::new(move |_| query.with(|map| if map.get("days").as_deref() == Some("7") { WEEK } else { 1 }));
    let sees = |data| followed.data_types.contains(&data);
    let (glucose, meals) = (sees(DataType::Glucose), sees(DataType::Meals));
    view! {
        <div class="stack">
            <h1>{name}</h1>
            {live.view(|followed| {
                let time = format::time(context::language(), followed.now.local());
                view! {
                    <div class="card person-now">
                        <Now followed />
                        <p class="soft small">{tr!(caregiver.as_of, time = time).to_string()}</p>
                    </div>
                }
            })}
            <div class="stack" hidden=move || gone.get()>
                {glucose.then(|| view! { <CurveCard id days live /> })}
                {meals.then(|| view! { <Meals id days /> })}
                {link.map(|link| view! { <Sharing link now /> })}
            </div>
        </div>
    }
    .into_any()
}

/// What the curve depends on: a new day or a new reading asks for it anew.
type Newest = (NaiveDate, Option<DateTime<Utc>>);

/// The curve of today, or of seven days.
#[component]
fn CurveCard(id: PatientId, days: Memo<u16>, live: Live<Followed>) -> impl IntoView {
    let newest = Memo::new(move |_| {
        live.data.with(|f| -> Newest { (f.now.local().date(), f.last.as_ref().map(|last| last.at.at)) })
    });
    let curve = Resource::new(
        move || (days.get(), newest.get()),
        move |(days, (today, _))| {
            let from = today.checked_sub_days(Days::new(u64::from(days.saturating_sub(1)))).unwrap_or(today);
            load_curve(Some(id), from, today)
        },
    );
    view! {
        <section class="card" aria-labelledby="curve">
            <div class="card__head">
                <h2 id="curve">{tr!(caregiver.curve)}</h2>
                <DaysPicker id days />
            </div>
            // What is seen stays until the newer curve is there: no flicker in the dark.
            <Transition fallback=|| view! { <Skeleton kind=SkeletonKind::Chart /> }>
                {move || Suspend::new(async move {
                    match curve.await {
                        Ok(curve) => show_curve(id, curve),
                        Err(error) => view! { <LoadError error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
    .into_any()
}

fn show_curve(id: PatientId, curve: Curve) -> AnyView {
    if curve.points.is_empty() {
        let title = if curve.from == curve.to { tr!(caregiver.no_curve_today) } else { tr!(caregiver.no_curve_week) };
        view! { <EmptyState title glyph=Glyph::Trends /> }.into_any()
    } else {
        view! { <DailyChart curve patient=Some(id) /> }.into_any()
    }
}

#[component]
fn DaysPicker(id: PatientId, days: Memo<u16>) -> impl IntoView {
    let path = routes::caregiver_person(id);
    let item = move |count: u16, href: String, label: &'static str| {
        view! {
            <a class="segments__item" href=href aria-current=move || (days.get() == count).then_some("true")>
                {label}
            </a>
        }
    };
    view! {
        <nav class="segments" aria-label=tr!(caregiver.period)>
            {item(1, path.clone(), tr!(common.today))}
            {item(WEEK, format!("{path}?days={WEEK}"), tr!(caregiver.seven_days))}
        </nav>
    }
    .into_any()
}
