//! The audit trail for those who run the service: ids and fixed words, found by person, patient, action and time.

use domain::{clock::Moment, trail::TrailLine};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::parts::{Mark, Status};
use crate::{
    components::{EmptyState, Field, Page, Section, SkeletonKind, Table, icon::Glyph, load},
    context, format, routes,
    server_fns::admin::{TrailFilter, load_trail},
    tr,
};

/// The page; the query holds the search, which is ids only.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|q| {
            let get = |name: &str| q.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            TrailFilter {
                actor: get("actor"),
                patient: get("patient"),
                action: get("action"),
                from: get("from"),
                to: get("to"),
                cursor: get("cursor"),
            }
        })
    });
    let lines = Resource::new_blocking(move || filter.get(), load_trail);
    let list = load(lines, SkeletonKind::Rows(8), move |page| {
        if page.items.is_empty() {
            return view! {
                <div class="card">
                    <EmptyState title=tr!(admin.audit_none) body=tr!(admin.audit_none_body) glyph=Glyph::Search />
                </div>
            }
            .into_any();
        }
        let older = page.next_cursor.as_ref().map(|cursor| {
            let href = address(&TrailFilter { cursor: Some(cursor.clone()), ..filter.get_untracked() });
            view! { <p class="older"><a class="button" href=href>{tr!(admin.audit_older)}</a></p> }
        });
        view! { <Lines lines=page.items /> {older} }.into_any()
    });
    view! {
        <Page title=tr!(common.nav_audit) section=Section::Audit wide=true lead=tr!(admin.audit_lead)>
            <div class="stack">
                {move || view! { <Search filter=filter.get() /> }}
                {list}
            </div>
        </Page>
    }
    .into_any()
}

/// The address of a search.
fn address(filter: &TrailFilter) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in [
        ("actor", &filter.actor),
        ("patient", &filter.patient),
        ("action", &filter.action),
        ("from", &filter.from),
        ("to", &filter.to),
        ("cursor", &filter.cursor),
    ] {
        if let Some(value) = value {
            map.insert(name, value.clone());
        }
    }
    format!("{}{}", routes::ADMIN_AUDIT, map.to_query_string())
}

#[component]
fn Search(filter: TrailFilter) -> impl IntoView {
    let text = |value: Option<String>| value.unwrap_or_default();
    view! {
        <form class="card audit-search" method="get" action=routes::ADMIN_AUDIT>
            <Field name="actor" label=tr!(admin.audit_actor) value=text(filter.actor) optional=true autocomplete="off" />
            <Field name="patient" label=tr!(admin.audit_patient) value=text(filter.patient) optional=true autocomplete="off" />
            <Field name="action" label=tr!(admin.audit_action) value=text(filter.action) optional=true autocomplete="off" />
            <Field name="from" label=tr!(admin.audit_from) kind="date" value=text(filter.from) optional=true />
            <Field name="to" label=tr!(admin.audit_to) kind="date" value=text(filter.to) optional=true />
            <button class="button button--primary" type="submit">{tr!(admin.audit_search)}</button>
        </form>
    }
    .into_any()
}

#[component]
fn Lines(lines: Vec<(Moment, TrailLine)>) -> impl IntoView {
    let heads = [
        tr!(admin.audit_at),
        tr!(admin.audit_action),
        tr!(admin.audit_outcome),
        tr!(admin.audit_actor),
        tr!(admin.audit_patient),
        tr!(admin.audit_object),
    ];
    let heads = heads.into_iter().map(|head| (head.to_owned(), false)).collect();
    view! {
        <Table caption=tr!(common.nav_audit) hide_caption=true heads hover=true>
            {lines.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

fn row((at, line): (Moment, TrailLine)) -> AnyView {
    let when = format::date_time(context::language(), at, context::page().now);
    let (mark, word) = if line.allowed {
        (Mark::On, tr!(admin.audit_allowed).to_owned())
    } else {
        let why = line.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        (Mark::Off, format!("{}{why}", tr!(admin.audit_refused)))
    };
    let find = |name: &str, id: Option<String>| {
        id.map(|id| {
            let href = format!("{}?{name}={id}", routes::ADMIN_AUDIT);
            view! { <a class="num small" href=href>{id.clone()}</a> }
        })
    };
    let object = line.object_type.map(|kind| {
        let id = line.object_id.map(|id| id.to_string()).unwrap_or_default();
        view! { <span class="small">{kind}" "<span class="num">{id}</span></span> }
    });
    view! {
        <tr>
            <th scope="row">
                <span class="num">{when}</span>
                {line.request.map(|request| view! { <span class="soft small num">" "{request}</span> })}
            </th>
            <td>{line.action}</td>
            <td><Status mark word /></td>
            <td>
                {find("actor", line.actor.map(|id| id.to_string()))}
                {line.role.map(|role| view! { <span class="soft small">" "{role}</span> })}
                {line.address.map(|address| view! { <span class="soft small num">" "{address}</span> })}
            </td>
            <td>{find("patient", line.patient.map(|id| id.to_string()))}</td>
            <td>{object}</td>
        </tr>
    }
    .into_any()
}
