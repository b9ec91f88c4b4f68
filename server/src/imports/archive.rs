//! Glooko's export as it is downloaded: a zip of tables, of which those with glucose are read. Nothing is written to disk, so
//! that names of entries can do no harm; what an entry says of its size is not believed.

use std::io::{Cursor, Read};

/// Most entries of an archive.
const MOST_ENTRIES: usize = 500;
/// Most bytes that are unpacked, all tables together: three times the largest plain file.
const MOST_BYTES: u64 = 60 << 20;

/// Whether the bytes begin like a zip.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The tables with glucose, by name; none if this is not such an archive, or too large.
pub fn tables(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MOST_ENTRIES {
        return None;
    }
    let mut left = MOST_BYTES;
    let mut tables = Vec::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).ok()?;
        let name = entry.name().ok()?.into_owned();
        if !holds_glucose(&name) {
            continue;
        }
        let mut content = Vec::new();
        entry.take(left.saturating_add(1)).read_to_end(&mut content).ok()?;
        left = left.checked_sub(u64::try_from(content.len()).ok()?)?;
        tables.push((name, content));
    }
    tables.sort();
    (!tables.is_empty()).then(|| tables.into_iter().map(|(_, content)| content).collect())
}

/// `cgm_data_1.csv` or `bg_data_2.csv`, in whatever folder.
fn holds_glucose(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
    let table = file.strip_suffix(".csv").unwrap_or("");
    table.starts_with("cgm_data") || table.starts_with("bg_data")
}
