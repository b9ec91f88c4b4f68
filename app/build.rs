//! Turns `locales/{en,hi}/*.json` into checked keys. A key that one language lacks fails the build.

use std::{collections::BTreeSet, env, error::Error, fs, path::Path, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use serde_json::Value;

const NAMESPACES: [&str; 9] =
    ["admin", "auth", "caregiver", "charts", "common", "doctor", "patient", "records", "words"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    for namespace in NAMESPACES {
        same_keys(namespace)?;
    }
    let config = Config::new("en")?
        .add_locale("hi")?
        .add_namespaces(NAMESPACES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.generate_i18n_module(PathBuf::from(env::var("OUT_DIR")?).join("i18n"))?;
    Ok(())
}

/// The translation library only warns of a missing key and shows the English text; a half-translated page is a fault.
fn same_keys(namespace: &str) -> Result<(), Box<dyn Error>> {
    let read = |language: &str| -> Result<BTreeSet<String>, Box<dyn Error>> {
        let path = Path::new("locales").join(language).join(format!("{namespace}.json"));
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let value: Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut keys = BTreeSet::new();
        collect("", &value, &mut keys);
        Ok(keys)
    };
    let (english, hindi) = (read("en")?, read("hi")?);
    let missing: Vec<_> = english.symmetric_difference(&hindi).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("locales/*/{namespace}.json: keys that one language lacks: {missing:?}").into())
    }
}

/// Every key with the placeholders of its text: a translation that drops a number is a fault too.
fn collect(prefix: &str, value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect(&format!("{prefix}.{key}"), value, keys);
            }
        }
        Value::String(text) => {
            let mut placeholders: Vec<_> =
                text.split("{{").skip(1).filter_map(|t| t.split("}}").next()).map(str::trim).collect();
            placeholders.sort_unstable();
            keys.insert(format!("{prefix} {placeholders:?}"));
        }
        _ => {
            keys.insert(prefix.to_owned());
        }
    }
}
