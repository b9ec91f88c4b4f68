//! Keys: given in production, made on first run in development.

use std::{
    fs, io,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{ConfigError, service::Service, setting::section};

/// Ids from here on mark keys that were made in development; production refuses them.
const DEVELOPMENT_ID: u32 = 4_000_000_000;
/// A key has at least this many bytes.
const KEY_BYTES: usize = 32;

section! {
    /// Keys: lists of `id:base64`, 32 bytes each, newest first. The newest signs or seals, all of them still read.
    /// Made on first run in development (`jwt.keys` and `encryption.keys` in the data folder), required in production.
    Keys {
        /// Keys of access tokens.
        "JWT_KEYS" => jwt: Option<SecretString> = None,
        /// Keys of what is stored sealed.
        "ENCRYPTION_KEYS" => encryption: Option<SecretString> = None,
    }
}

/// The two lists, whoever gave them.
#[derive(Debug, Clone)]
pub struct KeyLists {
    /// See `JWT_KEYS`.
    pub jwt: SecretString,
    /// See `ENCRYPTION_KEYS`.
    pub encryption: SecretString,
}

impl Keys {
    /// Refuses what production must not run with. In development only the form is judged, when the keys are used.
    pub(super) fn validate(&self, service: &Service, errors: &mut Vec<ConfigError>) {
        let production = service.is_production();
        let mut seen: Vec<Key> = Vec::new();
        for (name, given) in [("JWT_KEYS", &self.jwt), ("ENCRYPTION_KEYS", &self.encryption)] {
            match given {
                Some(list) => match judge(list.expose_secret(), name == "ENCRYPTION_KEYS", production) {
                    Ok(keys) if production && keys.iter().any(|key| seen.contains(key)) => {
                        errors.push(ConfigError::new(name, "a key is in JWT_KEYS too; each needs its own"));
                    }
                    Ok(keys) => seen.extend(keys),
                    Err(reason) => errors.push(ConfigError::new(name, reason)),
                },
                None if production => errors.push(ConfigError::new(name, "it is required in production")),
                None => {}
            }
        }
    }

    /// The keys; in development those that were not given are read from the data folder, or made there.
    pub fn lists(&self, service: &Service) -> Result<KeyLists, ConfigError> {
        let take = |name: &'static str, given: &Option<SecretString>, file: &str| match given {
            Some(list) => Ok(list.clone()),
            None if service.is_production() => Err(ConfigError::new(name, "it is required in production")),
            None => read_or_make(&service.data_dir, file).map_err(|error| {
                ConfigError::new(name, format!("{file} in the data folder cannot be read or made: {}", error.kind()))
            }),
        };
        Ok(KeyLists {
            jwt: take("JWT_KEYS", &self.jwt, "jwt.keys")?,
            encryption: take("ENCRYPTION_KEYS", &self.encryption, "encryption.keys")?,
        })
    }
}

/// The bytes of a key.
type Key = Zeroizing<Vec<u8>>;

/// Judges a list without telling anything of it; gives its keys.
///
/// Encryption keys are `numbered`, as the envelope holds four bytes; ids of token keys are short texts.
fn judge(list: &str, numbered: bool, production: bool) -> Result<Vec<Key>, &'static str> {
    let (mut ids, mut keys) = (Vec::new(), Vec::new());
    for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let (id, key) = item.split_once(':').ok_or("expected id:base64, separated by commas")?;
        let id = id.trim();
        let number: Option<u32> = id.parse().ok().filter(|number| *number > 0);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if numbered && number.is_none() {
            return Err("expected a number from 1 to 4294967295 as id");
        }
        if !(1..=32).contains(&id.len()) || !id.bytes().all(plain) {
            return Err("expected an id of 1 to 32 letters, digits, '-' or '_'");
        }
        let key = Zeroizing::new(STANDARD.decode(key.trim()).map_err(|_| "expected base64 after the id")?);
        if key.len() != KEY_BYTES {
            return Err("every key must have 32 bytes");
        }
        if ids.contains(&id) {
            return Err("an id is used twice");
        }
        if production && number.is_some_and(|number| number >= DEVELOPMENT_ID) {
            return Err("a key made in development cannot be used in production");
        }
        if production && !looks_random(&key) {
            return Err("a key is not random; make one with `openssl rand -base64 32`");
        }
        ids.push(id);
        keys.push(key);
    }
    if ids.is_empty() { Err("the list is empty") } else { Ok(keys) }
}

/// Tells keys that somebody typed or counted out: few different bytes, or few different steps from one to the next.
fn looks_random(key: &[u8]) -> bool {
    let steps: Vec<u8> = key.iter().zip(key.iter().skip(1)).map(|(a, b)| b.wrapping_sub(*a)).collect();
    let distinct = |bytes: &[u8]| bytes.iter().collect::<std::collections::BTreeSet<_>>().len();
    // Of 32 random bytes fewer than 16 are distinct about once in 10^13 keys; of 31 steps, about as rarely.
    distinct(key) >= 16 && distinct(&steps) >= 16
}

/// Two processes that start at once get the same keys: the file appears whole, and only once.
fn read_or_make(folder: &Path, name: &str) -> io::Result<SecretString> {
    let path = folder.join(name);
    if !path.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let key: Zeroizing<[u8; KEY_BYTES]> = Zeroizing::new(rand::random());
        let draft = folder.join(format!("{name}.{:016x}", rand::random::<u64>()));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        writeln!(file, "{DEVELOPMENT_ID}:{}", STANDARD.encode(key.as_slice()))?;
        file.sync_all()?;
        let linked = fs::hard_link(&draft, &path);
        fs::remove_file(&draft)?;
        if let Err(error) = linked
            && error.kind() != io::ErrorKind::AlreadyExists
        {
            return Err(error);
        }
    }
    Ok(fs::read_to_string(path)?.trim().to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(id: u32, byte: impl Fn(u8) -> u8) -> String {
        format!("{id}:{}", STANDARD.encode((0..32).map(byte).collect::<Vec<u8>>()))
    }

    #[test]
    fn production_refuses_short_repetitive_and_development_keys() {
        let random = |seed: u8| move |b: u8| b.wrapping_mul(b).wrapping_mul(31).wrapping_add(seed) ^ b.rotate_left(3);
        let good = list(2, random(7));
        assert_eq!(judge(&good, true, true).map(|keys| keys.len()), Ok(1));
        assert_eq!(judge(&format!("{good},{}", list(1, random(8))), true, true).map(|keys| keys.len()), Ok(2));
        for bad in [
            String::new(),
            "secret".to_owned(),
            format!("1:{}", STANDARD.encode([7; 31])),
            list(1, |_| 7),
            list(1, |b| b),
            list(1, |b| b.wrapping_mul(37)),
            list(1, |b| b"ProCare!"[usize::from(b) % 8]),
            list(DEVELOPMENT_ID, |b| b),
            format!("{good},{good}"),
            "0:AAAA".to_owned(),
        ] {
            assert!(judge(&bad, true, true).is_err(), "{bad}");
        }
        assert!(judge(&list(DEVELOPMENT_ID, |b| b), true, false).is_ok());
        let named = good.replacen("2:", "2026-11_b:", 1);
        assert_eq!((judge(&named, false, true).is_ok(), judge(&named, true, true).is_ok()), (true, false));
    }

    #[test]
    fn keys_are_made_once_and_only_their_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let made: Vec<String> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| read_or_make(&data, "jwt.keys").unwrap())).collect();
            racers.into_iter().map(|racer| racer.join().unwrap().expose_secret().to_owned()).collect()
        });
        assert!(made.iter().all(|list| *list == made[0] && judge(list, true, false).is_ok()));
        assert_eq!(fs::metadata(data.join("jwt.keys")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "no draft is left");
    }
}
