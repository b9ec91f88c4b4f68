//! Lines to cells, forgiving: a line with broken quotes is named and skipped, it never swallows the rest of the file.

use std::borrow::Cow;

/// Most columns of a line; no device writes a quarter of it.
const MAX_COLUMNS: usize = 256;
/// Longest quoted cell, bytes. Notes may hold line breaks, but an opening quote that is not closed within this is a stray one.
const MAX_QUOTED: usize = 4_096;

/// One line's cells.
#[derive(Debug, Clone, Default)]
pub struct Record<'a> {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// Whether its quotes are broken or it has too many columns; it has no cells then.
    pub broken: bool,
    cells: Vec<Cow<'a, str>>,
}

impl Record<'_> {
    /// A cell without surrounding blanks; empty if the line is too short.
    pub fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", |c| c.trim())
    }

    /// All cells, without surrounding blanks.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|c| c.trim())
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }
}

/// Reads records one after the other; blank lines are passed over. Lines end with `\n`, or `\r\n` (cells are trimmed).
pub struct Records<'a> {
    text: &'a str,
    separator: u8,
    at: usize,
    /// Where the line that `at` is in ends.
    end: usize,
    line: u32,
}

impl<'a> Records<'a> {
    /// From the first line that is not to be skipped.
    pub fn new(text: &'a str, separator: u8, skip_lines: usize) -> Self {
        let mut records = Self { text, separator, at: 0, end: 0, line: 1 };
        records.find_end();
        for _ in 0..skip_lines {
            records.next_line();
        }
        records
    }

    /// Reads the next record into a buffer; `false` at the end.
    pub fn read(&mut self, into: &mut Record<'a>) -> bool {
        while self.at < self.text.len() {
            let (end, line) = (self.end, self.line);
            into.line = line;
            into.broken = false;
            into.cells.clear();
            if self.split(into).is_none() {
                (self.end, self.line) = (end, line);
                self.next_line();
                into.cells.clear();
                into.broken = true;
                return true;
            }
            if into.cells().any(|c| !c.is_empty()) {
                return true;
            }
        }
        false
    }

    fn split(&mut self, into: &mut Record<'a>) -> Option<()> {
        loop {
            if into.cells.len() == MAX_COLUMNS {
                return None;
            }
            self.skip_blanks();
            let cell = if self.peek() == Some(b'"') { self.quoted()? } else { self.bare() };
            into.cells.push(cell);
            if self.peek() == Some(self.separator) {
                self.at += 1;
            } else if self.text.get(self.at..self.end)?.trim_ascii().is_empty() {
                self.next_line();
                return Some(());
            } else {
                // Text after a closing quote: the quotes of this line cannot be trusted.
                return None;
            }
        }
    }

    fn bare(&mut self) -> Cow<'a, str> {
        let line = self.text.get(self.at..self.end).unwrap_or("");
        let cell = line.get(..line.find(char::from(self.separator)).unwrap_or(line.len())).unwrap_or("");
        self.at += cell.len();
        Cow::Borrowed(cell)
    }

    fn quoted(&mut self) -> Option<Cow<'a, str>> {
        let rest = self.text.get(self.at..)?;
        let bytes = rest.as_bytes();
        let mut end = 1;
        let mut escapes = false;
        let mut lines = 0;
        loop {
            match (bytes.get(end)?, bytes.get(end + 1)) {
                (b'"', Some(b'"')) => {
                    escapes = true;
                    end += 1;
                }
                (b'"', _) => break,
                (b'\n', _) => lines += 1,
                _ => {}
            }
            end += 1;
            if end > MAX_QUOTED {
                return None;
            }
        }
        self.at += end + 1;
        if lines > 0 {
            self.line = self.line.saturating_add(lines);
            self.find_end();
        }
        self.skip_blanks();
        let content = rest.get(1..end)?;
        Some(if escapes { Cow::Owned(content.replace("\"\"", "\"")) } else { Cow::Borrowed(content) })
    }

    fn next_line(&mut self) {
        self.at = (self.end + 1).min(self.text.len());
        self.line = self.line.saturating_add(1);
        self.find_end();
    }

    fn find_end(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        self.end = self.at + rest.find('\n').unwrap_or(rest.len());
    }

    fn skip_blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(u32, Option<Vec<String>>)> {
        let mut records = Records::new(text, b',', 0);
        let mut record = Record::default();
        let mut all = vec![];
        while records.read(&mut record) {
            all.push((record.line, (!record.broken).then(|| record.cells().map(String::from).collect())));
        }
        all
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn quotes_line_ends_and_blank_lines_are_as_spreadsheets_write_them() {
        let text = "a,\"b, c\",\"d \"\"e\"\"\"\r\n\r\n,,\n\"two\nlines\",x\nlast,";
        assert_eq!(
            all(text),
            [
                (1, Some(cells(&["a", "b, c", "d \"e\""]))),
                (4, Some(cells(&["two\nlines", "x"]))),
                (6, Some(cells(&["last", ""]))),
            ]
        );
    }

    #[test]
    fn a_line_with_broken_quotes_is_named_and_the_next_one_is_whole() {
        for broken in ["1,\"open", "1,\"a\"b,2"] {
            let text = format!("a,b\n{broken}\n\"c\",\"d\"\ne,f\n");
            let expected = [
                (1, Some(cells(&["a", "b"]))),
                (2, None),
                (3, Some(cells(&["c", "d"]))),
                (4, Some(cells(&["e", "f"]))),
            ];
            assert_eq!(all(&text), expected, "{broken}");
        }
    }

    #[test]
    fn a_line_of_too_many_columns_is_broken() {
        let text = format!("{}\na,b", ",".repeat(MAX_COLUMNS));
        assert_eq!(all(&text), [(1, None), (2, Some(cells(&["a", "b"])))]);
    }
}
