//! The navigation of each role: a bar along the bottom of a phone, a side bar on a desk.

use domain::people::{Me, Role};
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{routes, tr};

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    /// None of them.
    #[default]
    None,
    /// Patient: first page.
    Today,
    /// Patient: log a reading.
    Log,
    /// Patient: log a meal.
    Meal,
    /// Patient: history.
    History,
    /// Patient: own report.
    Trends,
    /// Patient: files.
    Import,
    /// Patient: care team.
    CareTeam,
    /// Patient: everything else.
    More,
    /// Doctor: work list and patient pages.
    Patients,
    /// Doctor: the panel in figures.
    Analytics,
    /// Caregiver: people followed.
    People,
    /// Admin: staff.
    Staff,
    /// Admin: clinics.
    Clinics,
    /// Admin: links.
    Links,
    /// Admin: the audit trail.
    Audit,
    /// Own settings.
    Settings,
}

/// Where an entry is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Both,
    Desk,
    Phone,
}

struct Entry {
    section: Section,
    href: &'static str,
    label: &'static str,
    glyph: Glyph,
    on: On,
}

fn entry(section: Section, href: &'static str, label: &'static str, glyph: Glyph, on: On) -> Entry {
    Entry { section, href, label, glyph, on }
}

/// A patient's bar holds five entries; on a desk "More" is spelled out.
fn entries(me: &Me) -> Vec<Entry> {
    use On::{Both, Desk, Phone};
    let mut list = match me.role {
        Role::Patient => vec![
            entry(Section::Today, routes::PATIENT, tr!(common.nav_today), Glyph::Today, Both),
            entry(Section::Log, routes::PATIENT_LOG, tr!(common.nav_log), Glyph::Plus, Both),
            entry(Section::Meal, routes::PATIENT_MEAL_NEW, tr!(common.nav_meal), Glyph::Meal, Desk),
            entry(Section::History, routes::PATIENT_HISTORY, tr!(common.nav_history), Glyph::History, Both),
            entry(Section::Trends, routes::PATIENT_TRENDS, tr!(common.nav_trends), Glyph::Trends, Both),
            entry(Section::Import, routes::PATIENT_IMPORT, tr!(common.nav_import), Glyph::Upload, Desk),
            entry(Section::CareTeam, routes::PATIENT_CARE_TEAM, tr!(common.nav_care_team), Glyph::People, Desk),
        ],
        Role::Doctor => vec![
            entry(Section::Patients, routes::DOCTOR, tr!(common.nav_patients), Glyph::People, Both),
            entry(Section::Analytics, routes::DOCTOR_ANALYTICS, tr!(common.nav_analytics), Glyph::Trends, Both),
        ],
        Role::Caregiver => vec![entry(Section::People, routes::CAREGIVER, tr!(common.nav_people), Glyph::Heart, Both)],
        Role::Admin => vec![
            entry(Section::Staff, routes::ADMIN, tr!(common.nav_staff), Glyph::Doctor, Both),
            entry(Section::Clinics, routes::ADMIN_CLINICS, tr!(common.nav_clinics), Glyph::Clinic, Both),
            entry(Section::Links, routes::ADMIN_LINKS, tr!(common.nav_links), Glyph::Link, Both),
            entry(Section::Audit, routes::ADMIN_AUDIT, tr!(common.nav_audit), Glyph::Search, Both),
        ],
    };
    if me.follows && me.role != Role::Caregiver {
        let on = if me.role == Role::Patient { Desk } else { Both };
        list.push(entry(Section::People, routes::CAREGIVER, tr!(common.nav_people), Glyph::Heart, on));
    }
    if me.role == Role::Patient {
        list.push(entry(Section::Settings, routes::SETTINGS, tr!(common.nav_settings), Glyph::Settings, Desk));
        list.push(entry(Section::More, routes::PATIENT_MORE, tr!(common.nav_more), Glyph::More, Phone));
    } else {
        list.push(entry(Section::Settings, routes::SETTINGS, tr!(common.nav_settings), Glyph::Settings, Both));
    }
    list
}

/// Whether an entry stands for a page: on a phone "More" stands for what only the desk spells out.
fn is_current(entry: &Entry, section: Section) -> bool {
    entry.section == section
        || (entry.on == On::Phone
            && matches!(section, Section::Import | Section::CareTeam | Section::Settings | Section::People))
        || (entry.section == Section::Log && section == Section::Meal)
}

/// The main navigation.
#[component]
pub fn Nav(
    /// Whose.
    me: Me,
    /// Where the page belongs.
    section: Section,
) -> impl IntoView {
    view! {
        <nav class="nav" aria-label=tr!(common.nav_label)>
            <ul class="nav__list">
                {entries(&me)
                    .into_iter()
                    .map(|entry| {
                        let class = match entry.on {
                            On::Both => "nav__item",
                            On::Desk => "nav__item nav__item--desk",
                            On::Phone => "nav__item nav__item--phone",
                        };
                        let exact = entry.section == section;
                        let current = is_current(&entry, section).then_some(if exact { "page" } else { "true" });
                        view! {
                            <li class=class>
                                <a class="nav__link" href=entry.href aria-current=current>
                                    <Icon glyph=entry.glyph />
                                    <span>{entry.label}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}
