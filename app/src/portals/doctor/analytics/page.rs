//! A doctor's panel in figures: how time in range, GMI and coverage are spread, who changed; each figure leads to its patients.

use domain::analytics::{
    Analytics, AnalyticsPage as Loaded, AnalyticsRow, CHANGE_POINTS, Count, GMI_EDGES, Group, MOST_ROWS,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{EmptyState, Page, Section, SkeletonKind, Table, ago, icon::Glyph, load},
    format::percent,
    routes,
    server_fns::doctor::load_analytics,
    tr,
};

/// The page.
#[component]
pub fn AnalyticsPage() -> impl IntoView {
    let map = use_query_map();
    let group = Memo::new(move |_| map.with(|map| map.get("group").and_then(|group| group.parse::<Group>().ok())));
    let loaded = Resource::new(move || group.get(), load_analytics);
    view! {
        <Page title=tr!(doctor.analytics) section=Section::Analytics wide=true lead=tr!(doctor.analytics_lead)>
            {load(loaded, SkeletonKind::Chart, move |loaded| view! { <Figures loaded group=group.get_untracked() /> })}
        </Page>
    }
    .into_any()
}

#[component]
fn Figures(loaded: Loaded, group: Option<Group>) -> impl IntoView {
    let Loaded { figures, rows, now } = loaded;
    if figures.patients == 0 {
        return view! { <EmptyState title=tr!(doctor.no_patients) body=tr!(doctor.no_patients_body) glyph=Glyph::People /> }
            .into_any();
    }
    let of = |wanted: fn(&Group) -> bool| {
        figures.counts.iter().filter(|count| wanted(&count.group)).copied().collect::<Vec<_>>()
    };
    let ranges = of(|group| matches!(group, Group::InRange(_)));
    let gmi = of(|group| matches!(group, Group::Gmi(_)));
    let coverage = of(|group| matches!(group, Group::Covered | Group::LittleData | Group::FingerStick | Group::Silent));
    let change = of(|group| matches!(group, Group::Improved | Group::Same | Group::Fell));
    let points = format!("{CHANGE_POINTS:.0}");
    view! {
        <Summary figures=figures.clone() />
        <div class="panel-figures">
            <Bars title=tr!(doctor.analytics_range) note=tr!(doctor.analytics_range_note).to_owned() counts=ranges chosen=group />
            <Bars title=tr!(doctor.analytics_gmi) note=tr!(doctor.analytics_gmi_note).to_owned() counts=gmi chosen=group />
            <Bars
                title=tr!(doctor.analytics_coverage)
                note=tr!(doctor.analytics_coverage_note).to_owned()
                counts=coverage
                chosen=group
            />
            <Bars
                title=tr!(doctor.analytics_change)
                note=if change.iter().any(|count| count.patients > 0) {
                    tr!(doctor.analytics_change_note, points = points).to_string()
                } else {
                    tr!(doctor.analytics_no_change).to_owned()
                }
                counts=change
                chosen=group
            />
        </div>
        {group.map(|group| view! { <Members group rows now /> })}
        <p class="panel-export">
            <a class="button" href=routes::DOCTOR_ANALYTICS_EXPORT rel="external" download>{tr!(doctor.analytics_export)}</a>
        </p>
    }
    .into_any()
}

/// The whole in four figures.
#[component]
fn Summary(figures: Analytics) -> impl IntoView {
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), percent);
    let met = figures.meeting.map_or_else(|| "–".to_owned(), |met| format!("{met} / {}", figures.with_range));
    let gmi = figures.median_gmi.map_or_else(|| "–".to_owned(), |gmi| format!("{gmi:.1} %"));
    let was = figures.median_before.map(|was| tr!(doctor.analytics_was, percent = percent(was)).to_string());
    view! {
        <dl class="panel-summary card">
            <div>
                <dt>{tr!(doctor.work_list)}</dt>
                <dd>{figures.patients}</dd>
            </div>
            <div>
                <dt>{tr!(doctor.analytics_median_range)}</dt>
                <dd>{share(figures.median_in_range)} {was.map(|was| view! { <span class="soft small">{was}</span> })}</dd>
            </div>
            <div>
                <dt>{tr!(doctor.analytics_meeting)}</dt>
                <dd>{met}</dd>
            </div>
            <div>
                <dt>{tr!(doctor.analytics_median_gmi)}</dt>
                <dd>{gmi}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// `70–80 %`.
fn label(group: Group) -> String {
    let edge = |at: u8| GMI_EDGES.get(usize::from(at)).copied();
    match group {
        Group::InRange(class) => format!("{}–{} %", u16::from(class) * 10, (u16::from(class) + 1) * 10),
        Group::Gmi(class) => match (class.checked_sub(1).and_then(edge), edge(class)) {
            (None, Some(to)) => format!("< {to:.1} %"),
            (Some(from), None) => format!("≥ {from:.1} %"),
            (Some(from), Some(to)) => format!("{from:.1}–{to:.1} %"),
            (None, None) => String::new(),
        },
        Group::Covered => tr!(doctor.analytics_covered).to_owned(),
        Group::LittleData => tr!(doctor.analytics_little).to_owned(),
        Group::FingerStick => tr!(doctor.finger_stick).to_owned(),
        Group::Silent => tr!(doctor.analytics_silent).to_owned(),
        Group::Improved => tr!(doctor.analytics_improved).to_owned(),
        Group::Same => tr!(doctor.analytics_same).to_owned(),
        Group::Fell => tr!(doctor.analytics_fell).to_owned(),
    }
}

/// One row a group: the words lead to its patients, the bar shows how many, and where known how many there were.
#[component]
fn Bars(title: &'static str, note: String, counts: Vec<Count>, chosen: Option<Group>) -> impl IntoView {
    let most = counts.iter().map(|c| c.patients.max(c.before.unwrap_or(0))).max().unwrap_or(0).max(1);
    let compared = counts.iter().any(|count| count.before.is_some_and(|before| before > 0));
    let mut heads = vec![(title.to_owned(), false), (tr!(doctor.analytics_patients).to_owned(), true)];
    if compared {
        heads.push((tr!(doctor.analytics_before).to_owned(), true));
    }
    view! {
        <section class="card panel-bars">
            <div class="card__head">
                <h2>{title}</h2>
                <p class="soft">{note}</p>
            </div>
            <Table caption=title hide_caption=true heads>
                {counts
                    .into_iter()
                    .map(|count| {
                        let href = format!("{}?group={}#patients", routes::DOCTOR_ANALYTICS, count.group);
                        let current = (chosen == Some(count.group)).then_some("true");
                        view! {
                            <tr>
                                <th scope="row">
                                    <a class="link" href=href aria-current=current>{label(count.group)}</a>
                                    <Bar share=f64::from(count.patients) / f64::from(most) before=count.before.map(|b| f64::from(b) / f64::from(most)) />
                                </th>
                                <td class="num">{count.patients}</td>
                                {count.before.filter(|_| compared).map(|before| view! { <td class="num soft">{before}</td> })}
                            </tr>
                        }
                    })
                    .collect_view()}
            </Table>
        </section>
    }
    .into_any()
}

/// A bar, and below it a thin one of 90 days before. The numbers beside it say the same.
#[component]
fn Bar(share: f64, before: Option<f64>) -> impl IntoView {
    view! {
        <svg class="panel-bars__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="panel-bars__now" x="0" y="0" width=format!("{:.1}", share * 100.0) height="7" />
            {before
                .map(|before| {
                    view! { <rect class="panel-bars__was" x="0" y="8" width=format!("{:.1}", before * 100.0) height="2" /> }
                })}
        </svg>
    }
    .into_any()
}

#[component]
fn Members(group: Group, rows: Vec<AnalyticsRow>, now: domain::clock::Moment) -> impl IntoView {
    let heads = vec![
        (tr!(doctor.col_patient).to_owned(), false),
        (tr!(doctor.col_range).to_owned(), true),
        (tr!(doctor.analytics_before).to_owned(), true),
        (tr!(doctor.gmi).to_owned(), true),
        (tr!(doctor.compare_active).to_owned(), true),
        (tr!(doctor.col_last).to_owned(), false),
    ];
    let title = tr!(doctor.analytics_members, group = label(group)).to_string();
    let many = rows.len() == MOST_ROWS;
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), percent);
    view! {
        <section id="patients" class="card">
            <div class="card__head">
                <h2>{title.clone()}</h2>
                {many.then(|| view! { <p class="soft">{tr!(doctor.analytics_first, most = MOST_ROWS).to_string()}</p> })}
            </div>
            {if rows.is_empty() {
                view! { <EmptyState title=tr!(doctor.analytics_nobody) /> }.into_any()
            } else {
                view! {
                    <Table caption=title hide_caption=true heads hover=true>
                        {rows
                            .into_iter()
                            .map(|row| {
                                view! {
                                    <tr>
                                        <th scope="row">
                                            <a class="link" href=routes::doctor_patient(row.id)>{row.name}</a>
                                        </th>
                                        <td class="num">{share(row.in_range)}</td>
                                        <td class="num">{share(row.in_range_before)}</td>
                                        <td class="num">
                                            {row.gmi_percent.map_or_else(|| "–".to_owned(), |gmi| format!("{gmi:.1} %"))}
                                        </td>
                                        <td class="num">{share(row.active_percent)}</td>
                                        <td>{row.last_reading_at.map_or_else(|| "–".to_owned(), |at| ago(at, now))}</td>
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
