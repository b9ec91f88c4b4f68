//! A doctor's forms: targets, tags and hand-over of a patient, saved views. Opened seldom, in a chunk of their own.

mod patient;
mod targets;
mod views;

use leptos_router::ChooseView;
use patient::DeskPage;
use targets::TargetsPage;
use views::ViewsPage;

crate::lazy_pages!(
    doctor_desk:
    Targets => TargetsPage,
    OfPatient => DeskPage,
    Views => ViewsPage,
);

/// A patient's targets.
pub(super) fn targets() -> impl ChooseView {
    Page::Targets.route()
}

/// Tags and hand-over of a patient.
pub(super) fn of_patient() -> impl ChooseView {
    Page::OfPatient.route()
}

/// Saved views.
pub(super) fn views() -> impl ChooseView {
    Page::Views.route()
}
