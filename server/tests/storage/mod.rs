//! The conformance suite: every public function of `server::storage`, on both engines.

mod audit_chain;
mod connections;
mod consents;
mod desk;
mod emergency;
mod imports;
mod links;
mod meals;
mod otp;
mod panel;
mod passkeys;
mod patient_keys;
mod people;
mod readings;
mod records;
mod schema;
mod second_factor;
mod sessions;
mod trail;

use std::{fs, path::Path};

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            files.push((path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

#[test]
fn every_function_that_reads_or_writes_the_database_is_tried_on_both_engines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests: String = sources(&root.join("tests")).into_iter().map(|(_, text)| text).collect();
    let (mut functions, mut untried) = (0, Vec::new());
    for (module, text) in sources(&root.join("src/storage")) {
        for line in text.lines() {
            let Some(rest) = line.strip_prefix("pub async fn ") else { continue };
            let name = format!("{module}::{}", rest.split(['(', '<']).next().unwrap());
            functions += 1;
            if !tests.contains(&name) {
                untried.push(name);
            }
        }
    }
    assert!(functions > 90, "{functions}");
    assert_eq!(untried, Vec::<String>::new(), "each needs a test stamped with `on_both_engines!`");
}
