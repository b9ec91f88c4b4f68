//! In which language somebody reads: their own setting, else the cookie `lang` (`__Host-lang` in production), else what the browser asks for.

use axum::http::{HeaderMap, header};
use domain::people::Language;

/// Name of the cookie in development.
const COOKIE: &str = "lang";
/// In production: bound to this host and to HTTPS.
const HOST_COOKIE: &str = "__Host-lang";

/// What keeps a choice in the browser for a year, as `Set-Cookie` has it.
pub fn set_cookie(language: Language, production: bool) -> String {
    let (name, secure) = if production { (HOST_COOKIE, "; Secure") } else { (COOKIE, "") };
    format!("{name}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", language.as_str())
}

/// Of a request of nobody known.
pub fn of(headers: &HeaderMap) -> Language {
    cookie(headers)
        .or_else(|| headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(accepted))
        .unwrap_or(Language::English)
}

fn cookie(headers: &HeaderMap) -> Option<Language> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| [COOKIE, HOST_COOKIE].contains(name))
        .and_then(|(_, value)| Language::parse(value).ok())
}

/// The most wanted language of an `Accept-Language` that there is.
pub fn accepted(text: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for item in text.split(',').take(32) {
        let mut parts = item.split(';').map(str::trim);
        let tag = parts.next().unwrap_or("");
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Some(1.0), |weight| weight.trim().parse::<f32>().ok())
            .filter(|weight| *weight > 0.0);
        let primary = tag.split('-').next().unwrap_or("").to_ascii_lowercase();
        if let (Ok(language), Some(weight)) = (Language::parse(&primary), weight)
            && best.is_none_or(|(most, _)| weight > most)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_that_exists_is_taken() {
        for (text, expected) in [
            ("hi", Some(Language::Hindi)),
            ("hi-IN,en;q=0.5", Some(Language::Hindi)),
            ("en;q=0.5, hi;q=0.9", Some(Language::Hindi)),
            ("ta-IN, en-IN;q=0.8, hi;q=0.7", Some(Language::English)),
            ("hi;q=0, en;q=0.1", Some(Language::English)),
            ("ta, *", None),
            ("*", None),
            ("", None),
            ("hi;q=x", None),
        ] {
            assert_eq!(accepted(text), expected, "{text}");
        }
    }

    #[test]
    fn the_cookie_goes_before_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        headers.insert(header::COOKIE, "procare=x; lang=hi".parse().unwrap());
        assert_eq!(of(&headers), Language::Hindi);
        headers.insert(header::COOKIE, "__Host-lang=hi".parse().unwrap());
        assert_eq!(of(&headers), Language::Hindi);
        headers.insert(header::COOKIE, "lang=klingon".parse().unwrap());
        assert_eq!(of(&headers), Language::English);
    }
}
