use super::*;

fn load(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    Config::from_env(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
        .map_err(|errors| errors.0.iter().map(ToString::to_string).collect())
}

const GOOD: &str = "7:W+QbgoBkTalauWtkBEq+zTZ3Bs6GsLmbiCMsBtwvtzE=";
const OTHER: &str = "8:ozvpzpeMH/D1Gz6FpQKcTnEYElVsnZZhNE1hsVLCuLU=";

#[test]
fn nothing_has_to_be_set_to_develop() {
    let config = load(&[("PATH", "/usr/bin"), ("HOME", "/root"), ("REDIS_PORT", "tcp://10.0.0.3:6379")]).unwrap();
    assert_eq!(config.http.listen_addr.to_string(), "127.0.0.1:3000");
    assert_eq!(config.limits.anonymous_15min, 100);
    assert_eq!(config.database_url().expose_secret(), "sqlite:data/procare.db");
}

#[test]
fn a_misspelt_setting_is_refused_by_its_name() {
    for (name, meant) in [
        ("PROCARE_ENVIRONMENT", ""),
        ("PROCARE_EVN", "PROCARE_ENV"),
        ("LIMIT_OTP_PHONE_HOURS", "LIMIT_OTP_PHONE_HOUR"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("JWT_KEY", "JWT_KEYS"),
        ("TRUSTED_PROXY", ""),
        ("LISTEN_ADDRESS", ""),
    ] {
        let errors = load(&[(name, "1")]).unwrap_err();
        assert!(
            errors.len() == 1 && errors[0].starts_with(&format!("{name}:")) && errors[0].contains(meant),
            "{errors:?}"
        );
    }
}

#[test]
fn an_invalid_value_is_refused_by_its_name_and_never_repeated() {
    for (name, value) in [
        ("LISTEN_ADDR", "localhost-x"),
        ("LIMIT_ANONYMOUS_15MIN", "many-x"),
        ("LIMIT_ANONYMOUS_15MIN", "-1"),
        ("TRUSTED_PROXIES", "10.0.0.0/33-x"),
        ("PROCARE_ENV", "staging-x"),
        ("OTP_SINK", "/tmp/x-x"),
        ("DATABASE_URL", "mysql://u:p-x@h"),
        ("REDIS_URL", "http://p-x"),
        ("JWT_KEYS", "p-x"),
        ("HTTP_HEADER_MS", "0"),
        ("S3_ENDPOINT", "ftp://p-x"),
        ("SMS_URL", "https://user:p-x@sms.example"),
        ("HTTP_CONNECTIONS", "0"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example,null-x"),
    ] {
        let errors = load(&[(name, value)]).unwrap_err();
        assert!(errors.len() == 1 && errors[0].starts_with(&format!("{name}:")), "{errors:?}");
        assert!(!errors[0].contains("-x"), "{errors:?}");
    }
}

#[test]
fn every_wrong_setting_is_named_at_once() {
    let errors = load(&[("LISTEN_ADDR", "x"), ("PROCARE_ENV", "x"), ("S3_BUCKET", "b")]).unwrap_err();
    assert_eq!(errors.len(), 2, "{errors:?}");
    let errors = load(&[("S3_BUCKET", "b")]).unwrap_err();
    assert_eq!(errors.len(), 3, "{errors:?}");
}

#[test]
fn production_needs_its_own_keys_and_no_development_aid() {
    let errors = load(&[("PROCARE_ENV", "production"), ("OTP_SINK", "file:/tmp/otp")]).unwrap_err();
    let names: Vec<_> = errors.iter().filter_map(|e| e.split(':').next()).collect();
    assert_eq!(names, ["JWT_KEYS", "ENCRYPTION_KEYS", "OTP_SINK"]);
    let production = [("PROCARE_ENV", "production"), ("JWT_KEYS", GOOD), ("ENCRYPTION_KEYS", OTHER)];
    load(&production).unwrap();
    let plain = load(&[&production[..], &[("CORS_ORIGINS", "https://a.example, http://b.example")]].concat());
    assert!(matches!(&plain.unwrap_err()[..], [error] if error.starts_with("CORS_ORIGINS:")));
}

#[test]
fn a_secret_can_come_from_a_file_but_not_from_two_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwt");
    std::fs::write(&path, format!("{GOOD}\n")).unwrap();
    let path = path.to_str().unwrap();
    let config = load(&[("JWT_KEYS_FILE", path)]).unwrap();
    assert_eq!(config.keys.jwt.unwrap().expose_secret(), GOOD);
    assert!(load(&[("JWT_KEYS_FILE", path), ("JWT_KEYS", GOOD)]).unwrap_err()[0].starts_with("JWT_KEYS_FILE:"));
    assert!(load(&[("JWT_KEYS_FILE", "/nowhere")]).unwrap_err()[0].starts_with("JWT_KEYS_FILE:"));
    assert!(load(&[("LISTEN_ADDR_FILE", path)]).unwrap_err()[0].starts_with("LISTEN_ADDR_FILE:"));
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_is_as_strict() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("procare.toml");
    let file = path.to_str().unwrap();
    std::fs::write(&path, "LIMIT_OTP_DAY = 7\nLIMIT_OTP_PHONE_HOUR = \"3\"\n").unwrap();
    let config = load(&[("PROCARE_CONFIG", file), ("LIMIT_OTP_DAY", "9")]).unwrap();
    assert_eq!((config.limits.otp_day, config.limits.otp_phone_hour), (9, 3));
    std::fs::write(&path, "LIMIT_OTP_DAYS = 7\n").unwrap();
    assert!(load(&[("PROCARE_CONFIG", file)]).unwrap_err()[0].starts_with("LIMIT_OTP_DAYS:"));
    std::fs::write(&path, "LIMIT_OTP_DAY = [7]\n").unwrap();
    assert!(load(&[("PROCARE_CONFIG", file)]).unwrap_err()[0].starts_with("LIMIT_OTP_DAY:"));
    std::fs::write(&path, "LIMIT_OTP_DAY = \n").unwrap();
    assert!(load(&[("PROCARE_CONFIG", file)]).unwrap_err()[0].starts_with("PROCARE_CONFIG:"));
    assert!(load(&[("PROCARE_CONFIG", "/nowhere")]).unwrap_err()[0].starts_with("PROCARE_CONFIG:"));
}

#[test]
fn the_example_file_is_what_the_code_says_and_can_be_used_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../procare.example.toml");
    let file = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(file, example(), "run `server config example > procare.example.toml`");
    load(&[("PROCARE_CONFIG", path)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full.toml");
    let settings = file.lines().filter(|line| line.starts_with('#') && !line.starts_with("# "));
    let uncommented = settings.map(|line| &line[1..]).collect::<Vec<_>>().join(
        "
",
    );
    std::fs::write(&full, uncommented).unwrap();
    load(&[("PROCARE_CONFIG", full.to_str().unwrap())]).unwrap();
}

#[test]
fn a_range_of_addresses_holds_what_it_says() {
    let networks =
        <setting::Networks as setting::Setting>::parse("10.0.0.0/8, ::1, 2001:db8::/32, 0.0.0.0/32").unwrap();
    for (address, inside) in [
        ("10.1.2.3", true),
        ("11.1.2.3", false),
        ("::ffff:10.1.2.3", true),
        ("::1", true),
        ("::2", false),
        ("2001:db8:ffff::1", true),
        ("2001:db9::1", false),
    ] {
        assert_eq!(networks.contains(address.parse().unwrap()), inside, "{address}");
    }
    let everybody = <setting::Networks as setting::Setting>::parse("0.0.0.0/0").unwrap();
    assert!(everybody.contains("203.0.113.9".parse().unwrap()));
}

#[test]
fn a_public_address_is_an_origin_that_a_browser_trusts() {
    let public =
        |text| load(&[("PROCARE_PUBLIC_URL", text)]).map(|c| c.service.public_url.unwrap().as_str().to_owned());
    for (text, origin) in [
        ("https://care.example.in", "https://care.example.in"),
        ("https://Care.Example.in/", "https://care.example.in"),
        ("https://care.example.in:8443", "https://care.example.in:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
    ] {
        assert_eq!(public(text).as_deref(), Ok(origin));
    }
    for text in [
        "care.example.in",
        "http://care.example.in",
        "https://10.0.0.3",
        "https://[::1]",
        "https://care.example.in/app",
        "https://user@care.example.in",
        "ftp://care.example.in",
    ] {
        assert!(public(text).unwrap_err()[0].starts_with("PROCARE_PUBLIC_URL:"), "{text}");
    }
}
