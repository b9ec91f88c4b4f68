//! Lists in pages: a cursor names the last item seen, so that items added meanwhile neither repeat nor hide others.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Give it back to get the next page; none at the end.
    pub next_cursor: Option<String>,
}

/// The last item seen of a list ordered by time and id, both descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Its time, milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// Its id.
    pub id: uuid::Uuid,
}

impl Cursor {
    /// An opaque, URL-safe text.
    pub fn encode(self) -> String {
        format!("{:x}.{}", self.at_ms.cast_unsigned(), self.id.simple())
    }

    /// Reads [`Cursor::encode`].
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let at_ms = u64::from_str_radix(at, 16).ok()?.cast_signed();
        Some(Self { at_ms, id: uuid::Uuid::try_parse(id).ok()? })
    }
}

/// Least and greatest number of items a caller may ask for at once, and what it gets if it does not say.
pub const LIMIT: (u32, u32, u32) = (1, 1000, 100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_refused() {
        for at_ms in [0, -1, i64::MIN, 1_790_000_000_123] {
            let cursor = Cursor { at_ms, id: uuid::Uuid::from_u128(7) };
            assert_eq!(Cursor::parse(&cursor.encode()), Some(cursor));
        }
        for text in ["", ".", "x.y", "10", "10.7", "g.00000000000000000000000000000007"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
