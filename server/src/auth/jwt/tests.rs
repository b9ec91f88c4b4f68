use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const SEED: [u8; 32] = [9; 32];

fn keys(list: &[(&str, [u8; 32])]) -> JwtKeys {
    let list: Vec<_> = list.iter().map(|(kid, seed)| format!("{kid}:{}", STANDARD.encode(seed))).collect();
    JwtKeys::parse(&list.join(",")).expect("keys")
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("in range")
}

fn ids() -> (UserId, SessionId) {
    (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)))
}

fn token(keys: &JwtKeys) -> String {
    keys.sign(ids().0, ids().1, now(), now() + TimeDelta::days(7)).expect("signed")
}

fn claims() -> Value {
    let iat = now().timestamp();
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2), "jti": Uuid::from_u128(3),
        "iat": iat, "nbf": iat, "exp": iat + 600})
}

fn header() -> Header {
    Header { typ: Some(TYPE.into()), kid: Some("a".into()), ..Header::new(Algorithm::EdDSA) }
}

/// Signed with the right key, whatever it says.
fn signed(header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &pair(&SEED).expect("a key").0).expect("signed")
}

#[test]
fn a_token_tells_whose_it_is_for_ten_minutes_and_five_seconds() {
    let keys = keys(&[("a", SEED)]);
    let token = token(&keys);
    let claims = keys.check(&token, now()).expect("good");
    assert_eq!((claims.user, claims.session, claims.exp), (ids().0, ids().1, now().timestamp() + 600));
    for (seconds, good) in [(604, true), (605, false), (-5, true), (-6, false)] {
        assert_eq!(keys.check(&token, now() + TimeDelta::seconds(seconds)).is_ok(), good, "{seconds}");
    }
}

#[test]
fn a_token_does_not_outlive_its_session() {
    let keys = keys(&[("a", SEED)]);
    let token = keys.sign(ids().0, ids().1, now(), now() + TimeDelta::seconds(60)).expect("signed");
    assert!(keys.check(&token, now() + TimeDelta::seconds(64)).is_ok());
    assert!(keys.check(&token, now() + TimeDelta::seconds(65)).is_err());
}

#[test]
fn a_token_of_an_older_key_is_good_until_the_key_is_taken_away() {
    let old = token(&keys(&[("a", SEED)]));
    assert!(keys(&[("b", [8; 32]), ("a", SEED)]).check(&old, now()).is_ok());
    assert!(keys(&[("b", [8; 32])]).check(&old, now()).is_err());
    assert!(keys(&[("a", [8; 32])]).check(&old, now()).is_err(), "another key of the same name");
}

#[test]
fn tokens_made_for_something_else_are_refused() {
    let keys = keys(&[("a", SEED)]);
    assert!(keys.check(&signed(&header(), &claims()), now()).is_ok(), "the one that all below differ from");
    for (what, header) in [
        ("no type", Header { typ: None, ..header() }),
        ("another type", Header { typ: Some("JWT".into()), ..header() }),
        ("no key id", Header { kid: None, ..header() }),
        ("an unknown key id", Header { kid: Some("b".into()), ..header() }),
    ] {
        assert_eq!(keys.check(&signed(&header, &claims()), now()), Err(TokenError), "{what}");
    }
    for name in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
        let mut missing = claims();
        missing.as_object_mut().expect("an object").remove(name);
        assert_eq!(keys.check(&signed(&header(), &missing), now()), Err(TokenError), "no {name}");
    }
    let iat = now().timestamp();
    for (name, value) in [
        ("iss", json!("someone")),
        ("iss", json!(["procare"])),
        ("aud", json!("procare-web")),
        ("aud", json!(["procare-api"])),
        ("sub", json!("nobody")),
        ("jti", json!(Uuid::nil())),
        ("iat", json!(iat + 6)),
        ("nbf", json!(iat + 6)),
        ("nbf", json!("soon")),
        ("exp", json!(iat - 5)),
        ("exp", json!(iat + 601)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!("later")),
        ("exp", json!(null)),
        ("iat", json!(i64::MIN)),
    ] {
        let mut other = claims();
        other[name] = value.clone();
        assert_eq!(keys.check(&signed(&header(), &other), now()), Err(TokenError), "{name} {value}");
    }
}

#[test]
fn the_header_does_not_choose_the_algorithm() {
    let keys = keys(&[("a", SEED)]);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = |alg: &str| json!({"alg": alg, "typ": TYPE, "kid": "a"});
    for alg in ["none", "None", "NONE", "", "HS256", "EdDSA"] {
        for signature in ["", "AAAA"] {
            let token = format!("{}.{}.{signature}", part(&head(alg)), part(&claims()));
            assert_eq!(keys.check(&token, now()), Err(TokenError), "{alg} {signature}");
        }
    }
    // The public key as an HMAC secret: the classic confusion.
    let Ok(public) = Jwk::from_encoding_key(&pair(&SEED).expect("a key").0, Algorithm::EdDSA) else { panic!("a key") };
    let public = serde_json::to_value(public).expect("JSON")["x"].as_str().map(str::to_owned).expect("the public half");
    let header = Header { typ: Some(TYPE.into()), kid: Some("a".into()), ..Header::new(Algorithm::HS256) };
    for secret in [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&public).expect("base64")] {
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&secret)).expect("signed");
        assert_eq!(keys.check(&token, now()), Err(TokenError));
    }
}

#[test]
fn what_is_too_long_or_no_token_is_refused() {
    let keys = keys(&[("a", SEED)]);
    let mut long = claims();
    long["more"] = json!("x".repeat(4096));
    for text in [signed(&header(), &long), String::new(), "..".into(), "a.b.c".into(), "x".repeat(100_000)] {
        assert_eq!(keys.check(&text, now()), Err(TokenError));
    }
}

#[test]
fn a_list_of_keys_that_cannot_be_right_is_refused_by_place() {
    let good = STANDARD.encode(SEED);
    let parse = |text: &str| JwtKeys::parse(text).map(|_| ());
    assert_eq!(parse(""), Err(JwtKeyError::Empty));
    assert_eq!(parse(&format!("a:{good},b")), Err(JwtKeyError::Form { position: 2 }));
    assert_eq!(parse(&format!("a b:{good}")), Err(JwtKeyError::Form { position: 1 }));
    assert_eq!(parse(&format!("{}:{good}", "a".repeat(33))), Err(JwtKeyError::Form { position: 1 }));
    assert_eq!(parse("a:AAAA"), Err(JwtKeyError::Length { position: 1 }));
    assert_eq!(parse(&format!("a:{good},a:{good}")), Err(JwtKeyError::Twice { position: 2 }));
}

proptest! {
    #[test]
    fn a_token_with_any_character_changed_is_refused(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let keys = keys(&[("a", SEED)]);
        let token = signed(&header(), &claims());
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != token);
        prop_assert_eq!(keys.check(&changed, now()), Err(TokenError));
    }
}
