//! A doctor's panel in figures, in a chunk of its own.

mod page;

use leptos_router::ChooseView;
use page::AnalyticsPage;

crate::lazy_pages!(doctor_analytics: Analytics => AnalyticsPage);

/// The page.
pub(super) fn route() -> impl ChooseView {
    Page::Analytics.route()
}
