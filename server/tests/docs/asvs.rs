//! The table of OWASP ASVS 5.0.0 in `docs/security.md`: complete, and what it names as proof is there.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Sections of the standard with requirements of level 1 or 2, as `section:last of level 1-last of level 2`. Within a
/// section those of level 1 come first, then those of level 2, and both are numbered without a gap.
const ASKED: &str = "
    1.1:0-2 1.2:5-9 1.3:2-11 1.4:0-3 1.5:1-2
    2.1:1-3 2.2:2-3 2.3:1-4 2.4:0-1
    3.2:2-2 3.3:1-4 3.4:2-6 3.5:3-5 3.7:0-2
    4.1:1-3 4.2:0-1 4.3:0-2 4.4:1-4
    5.1:0-1 5.2:2-3 5.3:2-2 5.4:0-3
    6.1:1-3 6.2:8-12 6.3:2-4 6.4:2-4 6.5:0-5 6.6:0-3 6.8:0-4
    7.1:0-3 7.2:4-4 7.3:0-2 7.4:2-5 7.5:0-2 7.6:0-2
    8.1:1-2 8.2:2-3 8.3:1-1 8.4:0-1
    9.1:3-3 9.2:1-4
    10.1:0-2 10.2:0-2 10.3:0-4 10.4:5-11 10.5:0-5 10.6:0-2 10.7:0-3
    11.1:0-2 11.2:0-3 11.3:2-3 11.4:1-4 11.5:0-1 11.6:0-1
    12.1:1-3 12.2:2-2 12.3:0-4
    13.1:0-1 13.2:0-5 13.3:0-2 13.4:1-5
    14.1:0-2 14.2:1-4 14.3:1-3
    15.1:1-3 15.2:1-3 15.3:1-7
    16.1:0-1 16.2:0-5 16.3:0-4 16.4:0-3 16.5:0-3
    17.1:0-1 17.2:0-4 17.3:0-2";

/// Where tests are.
const SOURCES: [&str; 4] = ["server/src", "server/tests", "app", "end2end/tests"];

/// Nothing in a cell.
const NONE: &str = "–";

struct Row {
    number: String,
    level: String,
    asked: String,
    status: String,
    how: String,
    shown: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let (_, table) = text.split_once("\n## OWASP ASVS").expect("the table has a heading");
    let lines = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| No."));
    lines
        .map(|line| {
            let cells = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
            let [number, level, asked, status, how, shown] =
                cells.try_into().unwrap_or_else(|_| panic!("six cells: {line}"));
            Row { number, level, asked, status, how, shown }
        })
        .collect()
}

fn expected() -> Vec<(String, String)> {
    let sections = ASKED.split_whitespace().map(|section| {
        let (section, (first, second)) =
            section.split_once(':').and_then(|(name, ends)| Some((name, ends.split_once('-')?))).unwrap();
        (section, first.parse::<u32>().unwrap(), second.parse::<u32>().unwrap())
    });
    let numbers = sections.flat_map(|(section, first, second)| {
        (1..=second).map(move |n| (format!("{section}.{n}"), if n <= first { "1" } else { "2" }.to_owned()))
    });
    numbers.collect()
}

/// Every file below a folder.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// The letters, digits and low lines at a text's beginning.
fn name(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// Functions under a `test` attribute, and tests for both engines.
fn rust_tests(text: &str, into: &mut BTreeSet<String>) {
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("on_both_engines!(") {
            into.insert(name(rest));
        } else if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((_, rest)) = line.split_once("fn ").filter(|_| is_test) {
            into.insert(name(rest));
            is_test = false;
        }
    }
}

/// Titles of Playwright tests.
fn browser_tests(text: &str, into: &mut BTreeSet<String>) {
    for quote in ['\'', '`'] {
        for rest in text.split(&format!("test({quote}")).skip(1) {
            into.extend(rest.split(quote).next().map(str::to_owned));
        }
    }
}

fn tests() -> BTreeSet<String> {
    let (mut paths, mut found) = (Vec::new(), BTreeSet::new());
    for source in SOURCES {
        files(&root().join(source), &mut paths);
    }
    for path in paths {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => rust_tests(&fs::read_to_string(path).unwrap(), &mut found),
            Some("ts") => browser_tests(&fs::read_to_string(path).unwrap(), &mut found),
            _ => {}
        }
    }
    found
}

/// Whether a link from `docs/security.md` leads to a file, and to a heading of it.
fn leads_somewhere(target: &str) -> bool {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = if file.is_empty() { "security.md" } else { file };
    let Ok(text) = fs::read_to_string(root().join("docs").join(file)) else { return false };
    let slug = |heading: &str| {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        heading.chars().filter(kept).collect::<String>().trim().to_lowercase().replace(' ', "-")
    };
    anchor.is_empty() || text.lines().any(|line| line.starts_with('#') && slug(line.trim_start_matches('#')) == anchor)
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_requirement_of_the_first_two_levels_has_one_row() {
    let rows: Vec<_> = rows().into_iter().map(|row| (row.number, row.level)).collect();
    assert_eq!(rows.len(), 253, "70 of level 1, 183 of level 2");
    assert_eq!(rows, expected());
}

#[test]
fn a_row_is_met_and_shown_or_says_why_not() {
    for Row { number, asked, status, how, shown, .. } in rows() {
        assert!(asked.len() > 3, "{number}");
        match status.as_str() {
            "met" => assert!(quoted(&shown).next().or(links(&shown).next()).is_some(), "{number} is shown by nothing"),
            "not applicable" | "not met" => {
                assert!(how != NONE && shown == NONE, "{number} says why, and shows nothing");
            }
            other => panic!("{number}: {other}"),
        }
    }
}

#[test]
fn what_shows_a_requirement_exists() {
    let tests = tests();
    let mut missing = Vec::new();
    for row in rows() {
        let unknown = quoted(&row.shown).filter(|name| !tests.contains(*name));
        let dead = links(&row.shown).chain(links(&row.how)).filter(|target| !leads_somewhere(target));
        missing.extend(unknown.chain(dead).map(|what| format!("{}: {what}", row.number)));
    }
    assert!(tests.len() > 300 && missing.is_empty(), "{missing:#?}");
}
