//! How one setting is declared, read and explained. Values come as text, from the environment or from a TOML file.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};
use secrecy::SecretString;

use super::ConfigError;

/// A type that a setting can have.
pub trait Setting: Sized {
    /// Secrets are never printed and may be given as `NAME_FILE`, the path of a file that holds them.
    const SECRET: bool = false;

    /// Reads the text; the error says what was expected and never repeats the value.
    fn parse(text: &str) -> Result<Self, &'static str>;

    /// What stands for a setting that is neither given nor has a default.
    fn absent() -> Option<Self> {
        None
    }
}

/// How a setting is explained in the example file.
#[derive(Debug, Clone, Copy)]
pub struct SettingDoc {
    /// Its name, in the environment and in the file.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static [&'static str],
    /// Its default, as text.
    pub default: Option<&'static str>,
    /// Whether it has a `_FILE` variant.
    pub secret: bool,
}

/// A group of settings.
pub trait Section: Sized {
    /// What the group is about.
    const TITLE: &'static [&'static str];
    /// Its settings, in order.
    const SETTINGS: &'static [SettingDoc];
    /// Reads all of them; what is wrong is noted in the source.
    fn read(source: &mut Source) -> Option<Self>;
}

/// Declares a section: `"NAME" => field: Type = default-as-text`.
macro_rules! section {
    (
        $(#[doc = $title:literal])*
        $section:ident {
            $( $(#[doc = $doc:literal])* $name:literal => $field:ident : $ty:ty = $default:expr ),* $(,)?
        }
    ) => {
        $(#[doc = $title])*
        #[derive(Debug, Clone)]
        pub struct $section {
            $( $(#[doc = $doc])* pub $field: $ty, )*
        }

        impl $crate::config::setting::Section for $section {
            const TITLE: &'static [&'static str] = &[$($title),*];
            const SETTINGS: &'static [$crate::config::setting::SettingDoc] = &[$(
                $crate::config::setting::SettingDoc {
                    name: $name,
                    doc: &[$($doc),*],
                    default: $default,
                    secret: <$ty as $crate::config::setting::Setting>::SECRET,
                }
            ),*];

            fn read(source: &mut $crate::config::setting::Source) -> Option<Self> {
                $( let $field = source.get::<$ty>($name, $default); )*
                Some(Self { $($field: $field?),* })
            }
        }
    };
}
pub(super) use section;

/// The given values, and what was wrong with them so far.
pub struct Source {
    figment: Figment,
    /// What is wrong.
    pub errors: Vec<ConfigError>,
}

/// Environment variables as a figment provider that keeps every value a text: `0123` stays what it is.
struct Environment(BTreeMap<String, String>);

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("the environment")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let dict: Dict = self.0.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

impl Source {
    /// The environment over a file. `known` tells a setting's name.
    pub fn new(env: BTreeMap<String, String>, file: Option<PathBuf>, known: impl Fn(&str) -> bool) -> Self {
        let mut figment = Figment::new();
        let mut errors = Vec::new();
        if let Some(path) = file {
            if path.is_file() {
                figment = figment.merge(Toml::file_exact(&path));
                match Figment::from(Toml::file_exact(&path)).extract::<Dict>() {
                    Ok(dict) => {
                        for name in dict.keys().filter(|name| !known(name)) {
                            errors.push(ConfigError::new(name, "there is no such setting"));
                        }
                    }
                    Err(_) => errors.push(ConfigError::new("PROCARE_CONFIG", "the file is not valid TOML")),
                }
            } else {
                errors.push(ConfigError::new("PROCARE_CONFIG", "there is no such file"));
            }
        }
        if !errors.is_empty() {
            figment = Figment::new();
        }
        Self { figment: figment.merge(Environment(env)), errors }
    }

    /// One setting; none, with the reason noted, if it is wrong.
    pub fn get<T: Setting>(&mut self, name: &'static str, default: Option<&'static str>) -> Option<T> {
        let given = if T::SECRET { self.secret(name) } else { self.text(name) };
        let given = given.map_err(|error| self.errors.push(error)).ok()?;
        let text = given.as_deref().or(default);
        let parsed = match text {
            Some(text) => T::parse(text.trim()),
            None => T::absent().ok_or("it is required"),
        };
        parsed.map_err(|reason| self.errors.push(ConfigError::new(name, reason))).ok()
    }

    /// A given value; an empty one counts as not given, as shells and compose files write "unset".
    fn text(&self, name: &str) -> Result<Option<String>, ConfigError> {
        let text = match self.figment.find_value(name) {
            Err(_) => return Ok(None),
            Ok(Value::String(_, text)) => text,
            Ok(Value::Num(_, number)) => match (number.to_i128(), number.to_u128()) {
                (Some(number), _) => number.to_string(),
                (None, Some(number)) => number.to_string(),
                (None, None) => return Err(ConfigError::new(name, "expected a whole number or a text")),
            },
            Ok(Value::Bool(_, flag)) => flag.to_string(),
            Ok(_) => return Err(ConfigError::new(name, "expected a text or a number")),
        };
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// A given value, or the content of the file that `NAME_FILE` names.
    fn secret(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let file_name = format!("{name}_FILE");
        match (self.text(name)?, self.text(&file_name)?) {
            (given, None) => Ok(given),
            (Some(_), Some(_)) => Err(ConfigError::new(&file_name, format!("{name} is given too; give one of them"))),
            (None, Some(path)) => match std::fs::read_to_string(path.trim()) {
                Ok(content) if !content.trim().is_empty() => Ok(Some(content)),
                Ok(_) => Err(ConfigError::new(&file_name, "the file is empty")),
                Err(error) => Err(ConfigError::new(&file_name, format!("the file cannot be read: {}", error.kind()))),
            },
        }
    }
}

impl<T: Setting> Setting for Option<T> {
    const SECRET: bool = T::SECRET;

    fn parse(text: &str) -> Result<Self, &'static str> {
        T::parse(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Setting for SecretString {
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned().into())
    }
}

impl Setting for String {
    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned())
    }
}

impl Setting for PathBuf {
    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(text.into())
    }
}

impl Setting for u32 {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "expected a whole number from 0 to 4294967295")
    }
}

impl Setting for SocketAddr {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "expected an address and a port, such as 127.0.0.1:3000")
    }
}

/// Milliseconds in the text, at least one.
impl Setting for Duration {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse()
            .ok()
            .filter(|ms| *ms > 0)
            .map(Self::from_millis)
            .ok_or("expected a whole number of milliseconds, at least 1")
    }
}

/// An `http` or `https` address, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl(pub String);

impl Setting for HttpUrl {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let uri: http::Uri = text.parse().map_err(|_| "expected an http or https address")?;
        match (uri.scheme_str(), uri.host()) {
            // These are not secrets: they may be told in a log.
            _ if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) => {
                Err("expected an address without a user's name or password")
            }
            (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(Self(text.trim_end_matches('/').to_owned())),
            _ => Err("expected an http or https address"),
        }
    }
}

/// A range of addresses such as `10.0.0.0/8` or `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether an address lies in it. An IPv4 address written as IPv6 counts as the IPv4 one.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                net.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(net), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.prefix);
                net.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(|_| ())?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| ())?.to_canonical();
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(widest);
        if prefix > widest { Err(()) } else { Ok(Self { address, prefix }) }
    }
}

/// The origin of a site (RFC 6454): scheme, host, port if it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// As text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for Origin {
    fn parse(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected https:// and a host name (http:// only for localhost), without a path";
        let uri: http::Uri = text.trim_end_matches('/').parse().map_err(|_| EXPECTED)?;
        let (Some(scheme), Some(host), Some(authority)) = (uri.scheme_str(), uri.host(), uri.authority()) else {
            return Err(EXPECTED);
        };
        let safe = scheme == "https" || (scheme == "http" && host == "localhost");
        let bare = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@');
        // A passkey is bound to a name, never to an address.
        let named = host.parse::<IpAddr>().is_err() && !host.starts_with('[');
        if safe && bare && named { Ok(Self(format!("{scheme}://{authority}").to_lowercase())) } else { Err(EXPECTED) }
    }
}

/// Ranges of addresses, separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(pub Vec<Network>);

impl Networks {
    /// Whether an address lies in one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Setting for Networks {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| {
                item.parse().map_err(|()| "expected addresses or ranges such as 10.0.0.0/8, separated by commas")
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// Where the service runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environ {
    /// On a developer's machine: keys are made, codes can be read on a page.
    Development,
    /// For people: everything that would weaken it is refused.
    Production,
}

impl Setting for Environ {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "development" => Ok(Self::Development),
            "production" => Ok(Self::Production),
            _ => Err("expected development or production"),
        }
    }
}

impl fmt::Display for Environ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}

/// Where development codes are written: `file:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink(pub PathBuf);

impl Setting for Sink {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.strip_prefix("file:")
            .filter(|path| !path.is_empty())
            .map(|path| Self(path.into()))
            .ok_or("expected file:PATH")
    }
}
