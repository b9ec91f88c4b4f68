//! A doctor's saved views of the work list: keep one under a name, take one away.

use domain::{
    desk::{self, Desk, NAME_LENGTH, SavedView, Tag, ViewQuery},
    field::FieldErrors,
    forms::Fields,
    ports::{PanelFilter, PanelSort},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        ButtonKind, EmptyState, Field, Form, Page, PostButton, Section, Select, SkeletonKind, SubmitButton, load,
    },
    forms::names,
    portals::doctor::work_list::{address, filter_label, sort_label},
    routes,
    server_fns::doctor::load_desk,
    tr,
};

/// The page.
#[component]
pub fn ViewsPage() -> impl IntoView {
    let desk = Resource::new(|| (), |()| load_desk());
    let view = use_query_map().with_untracked(|map| ViewQuery::read(|name| map.get(name)));
    view! {
        <Page title=tr!(doctor.views_title) section=Section::Patients lead=tr!(doctor.views_lead)>
            <p class="back">
                <a class="link" href=routes::DOCTOR>{tr!(doctor.back_to_list)}</a>
            </p>
            {load(desk, SkeletonKind::Rows(4), move |desk| view! { <Loaded desk view /> })}
        </Page>
    }
    .into_any()
}

fn judge(fields: &Fields) -> Option<FieldErrors> {
    desk::view_form(fields).err()
}

#[component]
fn Loaded(desk: Desk, view: ViewQuery) -> impl IntoView {
    let Desk { tags, views } = desk;
    let filters =
        PanelFilter::ALL.iter().map(|f| (f.as_str().to_owned(), filter_label(*f).to_owned())).collect::<Vec<_>>();
    let sorts = PanelSort::ALL.iter().map(|s| (s.as_str().to_owned(), sort_label(*s).to_owned())).collect::<Vec<_>>();
    let any = (String::new(), tr!(doctor.views_any_tag).to_owned());
    let tag_options =
        std::iter::once(any).chain(tags.iter().map(|tag| (tag.id.to_string(), tag.name.clone()))).collect::<Vec<_>>();
    let tagged = !tags.is_empty();
    let lines = views.into_iter().map(|saved| view! { <Line saved tags=tags.clone() /> }).collect::<Vec<_>>();
    view! {
        <Form name=names::VIEW action=routes::DOCTOR_VIEWS validate=judge class="card">
            <Field name="name" label=tr!(doctor.views_name) hint=tr!(doctor.views_name_hint) maxlength=NAME_LENGTH autocomplete="off" />
            <Select name="filter" label=tr!(doctor.filters) options=filters value=view.filter.as_str() />
            <Select name="sort" label=tr!(doctor.sort) options=sorts value=view.sort.as_str() />
            {tagged
                .then(|| {
                    let value = view.tag.map(|tag| tag.to_string()).unwrap_or_default();
                    view! { <Select name="tag" label=tr!(doctor.tags) options=tag_options value=value /> }
                })}
            <SubmitButton label=tr!(doctor.views_save) />
        </Form>
        <section class="own-views" aria-labelledby="views-title">
            <h2 id="views-title">{tr!(doctor.views)}</h2>
            {if lines.is_empty() {
                view! { <EmptyState title=tr!(doctor.views_none) body=tr!(doctor.views_none_body) /> }.into_any()
            } else {
                view! { <ul class="lines">{lines}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Line(saved: SavedView, tags: Vec<Tag>) -> impl IntoView {
    let tag = saved.query.tag.and_then(|id| tags.into_iter().find(|tag| tag.id == id)).map(|tag| tag.name);
    let shows = [Some(filter_label(saved.query.filter).to_owned()), tag, Some(sort_label(saved.query.sort).to_owned())];
    let shows = shows.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let spoken = tr!(doctor.views_remove_spoken, name = saved.name.clone()).to_string();
    view! {
        <li class="lines__line">
            <div>
                <a class="link" href=address(routes::DOCTOR, &saved.query)>{saved.name.clone()}</a>
                <p class="soft small">{shows}</p>
            </div>
            <PostButton
                action=routes::doctor_view_remove(saved.id)
                label=tr!(doctor.views_remove)
                spoken
                kind=ButtonKind::Quiet
                small=true
            />
        </li>
    }
    .into_any()
}
