//! The people whom somebody follows, one card each.

use domain::{
    consent::{DataType, Link, LinkKind},
    glucose::Source,
    metrics::Kind,
    ports::Followed,
};
use leptos::prelude::*;

use super::{
    invitations::Invitations,
    live::Live,
    now::{Now, is_old},
};
use crate::{
    charts::{Span, Sparkline},
    components::{
        EmptyState, Page, Section, SkeletonKind,
        icon::{Glyph, Icon},
        load,
    },
    context,
    error::AppError,
    format, routes,
    server_fns::caregiver::{load_awaiting, load_followed},
    tr,
};

/// Everything on the page, asked for as one: an invitation just accepted and the person it opens change together.
type Everybody = (Vec<Followed>, Vec<Link>);

async fn load_everybody() -> Result<Everybody, AppError> {
    let followed = load_followed().await?;
    let links = load_awaiting().await?;
    Ok((followed, links.into_iter().filter(|link| link.awaits_me && link.kind == LinkKind::Family).collect()))
}

/// The page.
#[component]
pub fn People() -> impl IntoView {
    let everybody = Resource::new(|| (), |()| load_everybody());
    view! {
        <Page title=tr!(common.nav_people) section=Section::People>
            {load(everybody, SkeletonKind::Rows(3), |everybody| view! { <Loaded everybody /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Loaded(everybody: Everybody) -> impl IntoView {
    Live::new(everybody, load_everybody).view(|(followed, invitations)| {
        view! {
            <div class="stack stack--loose">
                {(!invitations.is_empty()).then(|| view! { <Invitations links=invitations.clone() /> })}
                {match followed.first().map(|f| f.now) {
                    None if invitations.is_empty() => view! { <Nobody /> }.into_any(),
                    None => ().into_any(),
                    Some(now) => {
                        view! {
                            <div class="stack">
                                <ul class="stack">
                                    {followed.into_iter().map(|followed| view! { <Card followed /> }).collect_view()}
                                </ul>
                                <p class="soft small">
                                    {tr!(caregiver.as_of, time = format::time(context::language(), now.local())).to_string()}
                                </p>
                            </div>
                        }
                            .into_any()
                    }
                }}
            </div>
        }
    })
}

/// Nobody yet: how somebody comes to be here.
#[component]
fn Nobody() -> impl IntoView {
    let phone = context::page().me.map(|me| me.phone_masked.replace(' ', "\u{a0}")).unwrap_or_default();
    view! {
        <div class="card">
            <EmptyState
                title=tr!(caregiver.nobody_title)
                body=tr!(caregiver.nobody_body, phone = phone).to_string()
                glyph=Glyph::Heart
            />
        </div>
    }
    .into_any()
}

/// A person; the whole card leads to their page.
#[component]
fn Card(followed: Followed) -> impl IntoView {
    let href = routes::caregiver_person(followed.patient);
    let granted = followed.data_types.contains(&DataType::Glucose);
    let recent = granted.then(|| recent(&followed)).flatten();
    view! {
        <li class="card person">
            <h2 class="person__name">
                <a class="person__link" href=href>{followed.name.clone()}</a>
                <Icon glyph=Glyph::Next class="person__next" />
            </h2>
            <Now followed />
            {recent}
        </li>
    }
    .into_any()
}

/// The last three hours as a small curve, or that there is nothing in them.
fn recent(followed: &Followed) -> Option<AnyView> {
    let last = followed.last.as_ref()?;
    if followed.recent.is_empty() {
        return Some(view! { <p class="soft small">{tr!(caregiver.nothing_recent)}</p> }.into_any());
    }
    let kind = if last.source == Source::Sensor { Kind::Sensor } else { Kind::Meter };
    let (points, thresholds) = (followed.recent.clone(), followed.thresholds);
    // The small curve ends with the newest reading, which may be hours ago.
    let old = is_old(last.at, followed.now);
    let span = if old { tr!(caregiver.before_last) } else { tr!(caregiver.last_three_hours) };
    Some(
        view! {
            <div class="person__recent">
                <p class="soft small" aria-hidden="true">{span}</p>
                <Sparkline points thresholds span=Span::LastThreeHours kind />
            </div>
        }
        .into_any(),
    )
}
