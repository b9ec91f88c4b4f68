//! Sentences in the reader's language, the same as on the pages.

use app::words;
use axum::http::{HeaderMap, header};
use domain::{
    Error,
    clock::{DEFAULT_ZONE, Moment, parse_zone},
    glucose::Unit,
    insights::Insight,
    people::{Actor, Language},
    triage::Reason,
};

use crate::{state::AppState, web::language};

/// In which language and unit somebody reads, and what time it is for them.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    language: Language,
    unit: Unit,
    now: Moment,
}

/// The language that the call asks for, else the caller's own.
pub async fn reader(app: &AppState, actor: &Actor, headers: &HeaderMap) -> Result<Reader, Error> {
    let me = app.services.accounts.me(actor).await?;
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(language::accepted);
    let zone = parse_zone(&me.time_zone).unwrap_or(DEFAULT_ZONE);
    Ok(Reader { language: asked.unwrap_or(me.language), unit: me.unit, now: Moment::new(app.now(), zone) })
}

impl Reader {
    /// Why a patient needs attention.
    pub fn reason(self, reason: &Reason) -> String {
        words::reason(self.language, reason)
    }

    /// One sentence of a week.
    pub fn insight(self, insight: &Insight) -> String {
        words::insight(self.language, self.unit, insight, self.now)
    }
}
