//! Secrets: where they come from, which are refused, and that none is ever printed.

use std::fmt::Write;

use secrecy::ExposeSecret;

use super::{Config, all_settings};
use crate::{
    auth::{AuthSettings, JwtKeys, OtpLimits},
    crypto::Keyring,
};

/// The part of a key that a test looks for, and two keys that are right.
const ONE: &str = "W+QbgoBkTalauWtkBEq+zTZ3Bs6GsLmbiCMsBtwvtzE=";
const TWO: &str = "ozvpzpeMH/D1Gz6FpQKcTnEYElVsnZZhNE1hsVLCuLU=";
const LISTS: [&str; 2] = ["JWT_KEYS", "ENCRYPTION_KEYS"];

fn load(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    Config::from_env(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
        .map_err(|errors| errors.0.iter().map(ToString::to_string).collect())
}

/// Both lists right but for one, given in the environment or as a file.
fn production_with(wrong: &str, value: Option<&str>, as_file: bool) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let mut pairs = vec![("PROCARE_ENV".to_owned(), "production".to_owned())];
    for (name, right) in LISTS.into_iter().zip([ONE, TWO]) {
        let value = if name == wrong { value.map(str::to_owned) } else { Some(format!("1:{right}")) };
        let Some(value) = value else { continue };
        if as_file {
            let path = folder.path().join(name);
            std::fs::write(&path, value).unwrap();
            pairs.push((format!("{name}_FILE"), path.display().to_string()));
        } else {
            pairs.push((name.to_owned(), value));
        }
    }
    load(&pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
}

#[test]
fn keys_come_from_the_environment_or_from_a_file() {
    for as_file in [false, true] {
        let list = format!("2:{ONE}");
        let keys = production_with("JWT_KEYS", Some(&list), as_file).unwrap().keys;
        assert_eq!(keys.jwt.unwrap().expose_secret(), list);
        assert_eq!(keys.encryption.unwrap().expose_secret(), format!("1:{TWO}"));
    }
}

#[test]
fn production_does_not_start_with_a_missing_short_shared_or_development_key_and_never_says_which_it_was() {
    let counted = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for (name, other) in LISTS.into_iter().zip([TWO, ONE]) {
        assert_eq!(production_with(name, None, false).unwrap_err(), [format!("{name}: it is required in production")]);
        for (value, reason) in [
            (String::new(), ""),
            (" \n".to_owned(), ""),
            (",".to_owned(), "the list is empty"),
            (ONE.to_owned(), "expected id:base64"),
            (format!("1:{}", &ONE[..40]), "32 bytes"),
            (format!("1:{}", &ONE[..43]), "base64"),
            (format!("1:{ONE}{ONE}"), "base64"),
            (format!("4000000000:{ONE}"), "development"),
            (format!("1:{counted}"), "not random"),
            (format!("2:{ONE},1:{counted}"), "not random"),
            (format!("1:{}", "QUFB".repeat(10) + "QUE="), "not random"),
            (format!("1:{ONE},1:{TWO}"), "twice"),
            (format!("1:{other}"), "its own"),
        ] {
            for as_file in [false, true] {
                let errors = production_with(name, Some(&value), as_file).unwrap_err();
                // A key that both lists have is told of the second.
                let named = errors.len() == 1 && (errors[0].starts_with(name) || reason == "its own");
                assert!(named && errors[0].contains(reason), "{name} {reason} {errors:?}");
                for secret in [&ONE[..8], &TWO[..8], &counted[..8]] {
                    assert!(!errors[0].contains(secret), "{errors:?}");
                }
            }
        }
        assert!(production_with(name, Some(&format!("4000000000:{ONE}")), false).is_err());
    }
    assert!(load(&[("JWT_KEYS", &format!("4000000000:{ONE}"))]).is_ok(), "in development they are made so");
}

#[test]
fn no_secret_setting_is_in_the_debug_text() {
    let canary = "hunter2-canary";
    let secrets: Vec<_> = all_settings().filter(|setting| setting.secret).map(|setting| setting.name).collect();
    assert!(secrets.len() >= 9, "{secrets:?}");
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for name in secrets {
        let value = match name {
            "JWT_KEYS" | "ENCRYPTION_KEYS" => format!("1:{ONE}"),
            "DATABASE_URL" => format!("postgres://user:{canary}@host/name"),
            "REDIS_URL" => format!("redis://user:{canary}@host"),
            "AMQP_URL" => format!("amqp://user:{canary}@host"),
            _ => canary.to_owned(),
        };
        pairs.push((name, value));
    }
    pairs.extend([("S3_ENDPOINT", "https://s3.example".to_owned()), ("S3_BUCKET", "b".to_owned())]);
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let config = load(&pairs).unwrap();
    let lists = config.keys.lists(&config.service).unwrap();
    let text = format!("{config:?} {config:#?} {lists:?} {:?}", config.database_url());
    assert!(!text.contains(canary) && !text.contains(&ONE[..8]), "{text}");
    assert!(text.contains("REDACTED"), "{text}");
}

#[test]
fn keys_that_are_in_use_have_no_printable_form() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let bytes = STANDARD.decode(ONE).unwrap();
    let jwt = JwtKeys::parse(&format!("1:{ONE}")).unwrap();
    let settings = AuthSettings { jwt, otp: OtpLimits::default(), passkeys: None };
    let text = format!("{:?} {settings:?}", Keyring::parse(&format!("1:{ONE}")).unwrap());
    let mut hex = String::new();
    bytes.iter().take(4).for_each(|byte| write!(hex, "{byte:02x}").unwrap());
    let decimal = format!("{}, {}, {}", bytes[0], bytes[1], bytes[2]);
    for part in [&ONE[..8], &hex, &decimal] {
        assert!(!text.contains(part), "{text}");
    }
    assert!(text.contains("1 keys"), "{text}");
}
