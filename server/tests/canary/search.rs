//! What a server left, and what of it can be read.

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use server::storage::Store;

use super::{LAB_VALUE, NUMBERS, STEM};

/// Places and what lies there.
#[derive(Default)]
pub struct Left(Vec<(String, Vec<u8>)>);

impl Left {
    /// Adds a place.
    pub fn note(&mut self, place: &str, bytes: &[u8]) {
        self.0.push((place.to_owned(), bytes.to_vec()));
    }

    /// Adds the places of another.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Bytes of a file.
    pub fn size(&self, name: &str) -> usize {
        self.0.iter().filter(|(place, _)| place.ends_with(name)).map(|(_, bytes)| bytes.len()).sum()
    }

    /// Whether a word is anywhere as it is.
    pub fn contains(&self, word: &str) -> bool {
        self.0.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(word))
    }

    /// What can be read of the canaries, with some of what is around.
    pub fn traces(&self) -> Vec<String> {
        let mut traces = Vec::new();
        for (place, bytes) in &self.0 {
            let text = String::from_utf8_lossy(bytes);
            // In clear, as UTF-16 and as digits letters may be large or small; in base64 they are other letters.
            let small = text.to_ascii_lowercase();
            let hit = [STEM, NUMBERS, LAB_VALUE].into_iter().find_map(|word| {
                let loose = folded(word).into_iter().find_map(|shape| small.find(&shape).map(|at| (&*small, at)));
                loose.or_else(|| in_base64(word).into_iter().find_map(|shape| text.find(&shape).map(|at| (&*text, at))))
            });
            if let Some((text, at)) = hit {
                let around: String = text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
                traces.push(format!("{place}: {around}>>>{}", text[at..].chars().take(60).collect::<String>()));
            }
        }
        traces
    }
}

/// A word as bytes of a text, case aside: in clear, as UTF-16 of either order, as hexadecimal digits of either case.
fn folded(word: &str) -> Vec<String> {
    let small = word.to_ascii_lowercase();
    let wide = |first: &str, second: &str| small.chars().map(|c| format!("{first}{c}{second}")).collect::<Vec<_>>();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    // Without the outer zero: what stands beside it is not known.
    let (little, big) = (wide("", "\0").concat(), wide("\0", "").concat());
    vec![
        little.trim_end_matches('\0').to_owned(),
        big.trim_start_matches('\0').to_owned(),
        hex(word),
        hex(&small),
        small,
    ]
}

/// The characters of base64 that a word alone decides, at each of the three places it can begin at.
fn in_base64(word: &str) -> Vec<String> {
    let mut shapes = Vec::new();
    for word in [word.to_owned(), word.to_ascii_lowercase()] {
        for before in 0..3 {
            let bytes = [vec![0; before], word.as_bytes().to_vec()].concat();
            let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            shapes.push(STANDARD.encode(&bytes)[first..last].to_owned());
        }
    }
    shapes
}

/// Every file of a folder, and of those within.
pub fn files(folder: &Path) -> Left {
    let mut left = Left::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            left.add(files(&path));
        } else {
            left.note(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
    }
    left
}

/// Every row of every table, as PostgreSQL writes it down: bytes as hexadecimal digits.
pub async fn rows(store: &Store) -> Left {
    let mut left = Left::default();
    let Store::Postgres(pool) = store else { return left };
    let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT t::text FROM {table} t"));
        let texts: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
        left.note(&format!("table {table}"), texts.join("\n").as_bytes());
    }
    left
}
