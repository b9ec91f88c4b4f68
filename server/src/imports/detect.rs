//! What a file is, judged by its first lines.

use domain::ports::FileFormat;

use super::{
    Draft, clarity,
    dates::RawTime,
    libreview, plain,
    records::{Record, Records},
};

/// How many lines a file is judged by.
const JUDGED: usize = 250;

/// A known file: where its columns are.
pub enum Layout {
    LibreView(libreview::Layout),
    Clarity(clarity::Layout),
    Plain(plain::Layout),
}

/// Tells what the file is; `None` if no format fits.
pub fn detect(mut records: Records<'_>) -> Option<Layout> {
    let mut head = Vec::new();
    let mut record = Record::default();
    while head.len() < JUDGED && records.read(&mut record) {
        if !record.broken {
            head.push(record.clone());
        }
    }
    libreview::Layout::find(&head)
        .map(Layout::LibreView)
        .or_else(|| clarity::Layout::find(&head).map(Layout::Clarity))
        .or_else(|| plain::Layout::find(&head).map(Layout::Plain))
}

impl Layout {
    /// What the file is.
    pub fn format(&self) -> FileFormat {
        match self {
            Self::LibreView(_) => FileFormat::LibreView,
            Self::Clarity(_) => FileFormat::Clarity,
            Self::Plain(l) => l.format,
        }
    }

    /// The first line that may hold data.
    pub fn first_line(&self) -> u32 {
        match self {
            Self::LibreView(l) => l.first_line,
            Self::Clarity(l) => l.first_line,
            Self::Plain(l) => l.first_line,
        }
    }

    /// When the file says it was made.
    pub fn made(&self) -> Option<RawTime> {
        match self {
            Self::LibreView(l) => l.made,
            Self::Clarity(_) | Self::Plain(_) => None,
        }
    }

    /// Takes the glucose out of one record.
    pub fn read(&self, record: &Record<'_>, draft: &mut Draft) {
        match self {
            Self::LibreView(l) => l.read(record, draft),
            Self::Clarity(l) => l.read(record, draft),
            Self::Plain(l) => l.read(record, draft),
        }
    }
}
