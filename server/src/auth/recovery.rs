//! Recovery codes: for the day that the authenticator app is lost. Sixteen letters and digits, 80 random bits.
//!
//! The first two characters only find the row; the other fourteen, 70 bits, are stored as an argon2id hash.

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use data_encoding::BASE32_NOPAD;
use domain::Result;
use zeroize::Zeroizing;

use crate::error::internal;

/// How many somebody gets.
pub const CODES: usize = 10;
const LENGTH: usize = 16;
const SELECTOR: usize = 2;

/// A code as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Finds the row.
    pub selector: String,
    /// In PHC form.
    pub hash: String,
}

/// Ten codes, as they are shown once and as they are stored. Keeps a core busy.
pub fn new_codes() -> Result<(Vec<String>, Vec<Stored>)> {
    let mut shown = Vec::with_capacity(CODES);
    let mut stored: Vec<Stored> = Vec::with_capacity(CODES);
    while shown.len() < CODES {
        let mut bytes = Zeroizing::new([0; LENGTH * 5 / 8]);
        getrandom::fill(bytes.as_mut_slice()).map_err(internal)?;
        let code = Zeroizing::new(BASE32_NOPAD.encode(bytes.as_slice()));
        let Some((selector, secret)) = code.split_at_checked(SELECTOR) else { continue };
        // Two with one selector could not both be found.
        if stored.iter().all(|other| other.selector != selector) {
            stored.push(Stored { selector: selector.to_owned(), hash: hash(secret)? });
            let groups: Vec<&str> = code.as_bytes().chunks(4).filter_map(|g| std::str::from_utf8(g).ok()).collect();
            shown.push(groups.join("-"));
        }
    }
    Ok((shown, stored))
}

/// The selector and the secret of a code as people type it: any case, with or without dashes and spaces.
pub fn read(text: &str) -> Option<(String, Zeroizing<String>)> {
    if text.len() > 60 {
        return None;
    }
    let code: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
    let right = code.len() == LENGTH && code.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b));
    let (selector, secret) = code.split_at_checked(SELECTOR).filter(|_| right)?;
    Some((selector.to_owned(), Zeroizing::new(secret.to_owned())))
}

fn hash(secret: &str) -> Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(internal)?;
    let salt = SaltString::encode_b64(&salt).map_err(internal)?;
    // The crate's default is what OWASP asks for: argon2id, 19 MiB, two rounds.
    Ok(Argon2::default().hash_password(secret.as_bytes(), &salt).map_err(internal)?.to_string())
}

/// Whether a secret has this hash. Keeps a core busy.
pub fn fits(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_its_selector_and_fits_only_its_own_hash() {
        let (shown, stored) = new_codes().expect("codes");
        assert_eq!((shown.len(), stored.len()), (CODES, CODES));
        let (selector, secret) = read(&shown[0].to_lowercase().replace('-', " ")).expect("a code");
        assert_eq!((selector.as_str(), secret.len()), (stored[0].selector.as_str(), 14));
        assert!(stored[0].hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", stored[0].hash);
        assert!(fits(&secret, &stored[0].hash));
        assert!(!fits(&secret, &stored[1].hash));
        assert!(!fits(&secret, "nonsense"));
        let mut selectors: Vec<_> = stored.iter().map(|code| &code.selector).collect();
        selectors.sort();
        selectors.dedup();
        assert_eq!(selectors.len(), CODES);
    }

    #[test]
    fn what_is_no_code_is_not_looked_up() {
        for text in ["", "ABCD-EFGH-IJKL", "ABCD-EFGH-IJKL-MNO1", "ABCD-EFGH-IJKL-MNOP-Q", "ABCD-EFGH-IJKL-MNOé"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
