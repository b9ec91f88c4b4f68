//! From a list's query to the bounds that its one statement takes.

use chrono::{DateTime, Utc};
use domain::{
    Result,
    field::{FieldErrors, Problem},
    page::{Cursor, LIMIT, Page},
    ports::ListQuery,
};
use uuid::Uuid;

use crate::storage::time::to_ms;

/// Every bound, given or not: the statement stays the same, and so does its plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    /// From this instant, included.
    pub from: DateTime<Utc>,
    /// Up to this place in the order, not included.
    pub before: Cursor,
    /// How many.
    pub limit: u32,
}

/// Reads a query; a bad limit or cursor is named.
pub(super) fn window(query: &ListQuery) -> Result<Window> {
    let mut errors = FieldErrors::default();
    let (min, max, default) = LIMIT;
    let limit = query.limit.unwrap_or(default);
    if !(min..=max).contains(&limit) {
        errors.push("limit", Problem::OutOfRange { min: min.into(), max: max.into(), unit: String::new() });
    }
    let cursor = match query.cursor.as_deref().map(Cursor::parse) {
        Some(None) => {
            errors.push("cursor", Problem::Malformed);
            None
        }
        Some(cursor) => cursor,
        None => None,
    };
    if !errors.is_empty() {
        return Err(errors.into());
    }
    // No id is less than nil, so (time, id) < (to, nil) says time < to.
    let end = Cursor { at_ms: query.to.map_or(i64::MAX, to_ms), id: Uuid::nil() };
    let before = match cursor {
        Some(cursor) if (cursor.at_ms, cursor.id) < (end.at_ms, end.id) => cursor,
        _ => end,
    };
    Ok(Window { from: query.from.unwrap_or(DateTime::<Utc>::MIN_UTC), before, limit })
}

impl Window {
    /// Rows to ask for: one more than shown tells whether there is a next page.
    pub(super) fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts what was read to a page; `place` tells where a row stands in the order.
    pub(super) fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        place: impl Fn(&R) -> (DateTime<Utc>, Uuid),
        show: impl FnMut(R) -> Result<T>,
    ) -> Result<Page<T>> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| {
            let (at, id) = place(row);
            Cursor { at_ms: to_ms(at), id }.encode()
        });
        Ok(Page { items: rows.into_iter().map(show).collect::<Result<_>>()?, next_cursor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(ms).unwrap_or_default()
    }

    #[test]
    fn the_earlier_of_end_and_cursor_bounds_the_list() {
        let id = Uuid::from_u128(9);
        let query = |to, cursor: i64| ListQuery {
            to: Some(at(to)),
            cursor: Some(Cursor { at_ms: cursor, id }.encode()),
            ..ListQuery::default()
        };
        assert_eq!(window(&query(100, 50)).map(|w| w.before), Ok(Cursor { at_ms: 50, id }));
        assert_eq!(window(&query(100, 100)).map(|w| w.before), Ok(Cursor { at_ms: 100, id: Uuid::nil() }));
    }

    #[test]
    fn a_limit_out_of_range_and_a_foreign_cursor_are_named_together() {
        for limit in [0, 1001] {
            let query = ListQuery { limit: Some(limit), cursor: Some("x".into()), ..ListQuery::default() };
            let Err(domain::Error::Invalid(errors)) = window(&query) else { panic!("{limit} was accepted") };
            assert_eq!(errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["limit", "cursor"]);
        }
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let window = window(&ListQuery { limit: Some(2), ..ListQuery::default() }).expect("window");
        let page = |n: i64| window.page((0..n).collect(), |n| (at(*n), Uuid::nil()), Ok).expect("page");
        assert_eq!(page(2).next_cursor, None);
        assert!(page(3).next_cursor.is_some() && page(3).items.len() == 2);
    }
}
