//! Settings: one struct per section, read from the environment and, if `PROCARE_CONFIG` names one, a TOML file under it.
//!
//! What is unknown or invalid is refused with the name of the setting; a value is never printed.

mod example;
mod http;
mod keys;
mod limits;
mod messaging;
mod service;
pub mod setting;
mod storage;
mod telemetry;

use std::{collections::BTreeMap, fmt, path::PathBuf};

use secrecy::{ExposeSecret, SecretString};

use self::setting::{Section, SettingDoc, Source};
pub use self::{
    example::example,
    http::{Http, Origins},
    keys::{KeyLists, Keys},
    limits::Limits,
    messaging::{Bus, Drafts, Messages},
    service::Service,
    storage::{Cache, Files, Storage},
    telemetry::Telemetry,
};

/// One setting that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Its name.
    pub setting: String,
    /// What is wrong; never the value.
    pub reason: String,
}

impl ConfigError {
    /// A setting and what is wrong with it.
    pub fn new(setting: &str, reason: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.reason)
    }
}

impl std::error::Error for ConfigError {}

/// Everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used:")?;
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for ConfigErrors {}

/// Declares the sections once: the struct, the reading and the list for the example file.
macro_rules! sections {
    ($($(#[$doc:meta])* $field:ident: $section:ident),* $(,)?) => {
        /// All settings.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[$doc])* pub $field: $section,)*
        }

        impl Config {
            /// Title and settings of every section, in order.
            pub const SECTIONS: &'static [(&'static [&'static str], &'static [SettingDoc])] =
                &[$((<$section as Section>::TITLE, <$section as Section>::SETTINGS)),*];

            fn read(source: &mut Source) -> Option<Self> {
                $(let $field = $section::read(source);)*
                Some(Self { $($field: $field?),* })
            }
        }
    };
}

sections! {
    /// What kind of place this is.
    service: Service,
    /// Connections and requests.
    http: Http,
    /// Database.
    storage: Storage,
    /// Keys.
    keys: Keys,
    /// Messages to people.
    messages: Messages,
    /// Limits.
    limits: Limits,
    /// Logs and metrics.
    telemetry: Telemetry,
    /// What processes share.
    cache: Cache,
    /// Events.
    bus: Bus,
    /// Uploaded files.
    files: Files,
    /// Drafts of answers.
    drafts: Drafts,
}

/// The file's own setting: only in the environment.
const CONFIG_FILE: &str = "PROCARE_CONFIG";
/// Names that begin so are ours alone: others are misspelt.
const OUR_PREFIXES: [&str; 13] = [
    "PROCARE_",
    "CORS_",
    "LIMIT_",
    "OTP_",
    "JWT_",
    "ENCRYPTION_",
    "S3_",
    "SMS_",
    "WHATSAPP_",
    "OPENROUTER_",
    "TRUSTED_",
    "LISTEN_",
    "METRICS_",
];

impl Config {
    /// Reads this process's environment, and the file that it names.
    pub fn load() -> Result<Self, ConfigErrors> {
        Self::from_env(std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))))
    }

    /// Reads an environment, and the file that it names.
    pub fn from_env(env: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigErrors> {
        let env: BTreeMap<String, String> = env.into_iter().collect();
        let file = env.get(CONFIG_FILE).filter(|path| !path.trim().is_empty()).map(PathBuf::from);
        let misspelt: Vec<_> = env.keys().filter_map(|name| misspelt(name)).collect();
        let ours = env.into_iter().filter(|(name, _)| is_known(name)).collect();
        let mut source = Source::new(ours, file, is_known);
        source.errors.extend(misspelt);
        let config = Self::read(&mut source);
        let mut errors = source.errors;
        if let Some(config) = &config {
            config.validate(&mut errors);
        }
        match config {
            Some(config) if errors.is_empty() => Ok(config),
            _ => Err(ConfigErrors(errors)),
        }
    }

    /// What no single setting shows.
    fn validate(&self, errors: &mut Vec<ConfigError>) {
        self.keys.validate(&self.service, errors);
        self.http.validate(&self.service, errors);
        if self.service.is_production() && self.messages.otp_sink.is_some() {
            errors.push(ConfigError::new("OTP_SINK", "it exists only in development"));
        }
        let url = self.database_url();
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
            errors.push(ConfigError::new("DATABASE_URL", "expected postgres://... or sqlite:PATH"));
        }
        for (name, url, schemes) in [
            ("REDIS_URL", &self.cache.url, ["redis://", "rediss://"]),
            ("AMQP_URL", &self.bus.url, ["amqp://", "amqps://"]),
        ] {
            if let Some(url) = url
                && !schemes.iter().any(|scheme| url.expose_secret().starts_with(scheme))
            {
                errors.push(ConfigError::new(name, format!("expected {}... or {}...", schemes[0], schemes[1])));
            }
        }
        let files = &self.files;
        let s3 = [
            ("S3_ENDPOINT", files.endpoint.is_some()),
            ("S3_BUCKET", files.bucket.is_some()),
            ("S3_ACCESS_KEY", files.access_key.is_some()),
            ("S3_SECRET_KEY", files.secret_key.is_some()),
        ];
        if s3.iter().any(|(_, given)| *given) {
            for (name, _) in s3.iter().filter(|(_, given)| !given) {
                errors.push(ConfigError::new(name, "it is required with the other S3 settings"));
            }
        }
        for (name, value) in [
            ("DATABASE_CONNECTIONS", self.storage.connections),
            ("HTTP_CONNECTIONS", self.http.connections),
            ("HTTP_CONNECTIONS_PER_ADDRESS", self.http.connections_per_address),
            ("HTTP_REQUESTS", self.http.requests),
        ] {
            if value == 0 {
                errors.push(ConfigError::new(name, "it must be at least 1"));
            }
        }
    }

    /// Where the database is: as given, or the SQLite file in the data folder.
    pub fn database_url(&self) -> SecretString {
        self.storage
            .url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.service.data_dir.join("procare.db").display()).into())
    }

    /// Settings that were given for a part which this version does not have yet: said at start rather than passed over.
    pub fn without_effect(&self) -> Vec<&'static str> {
        let messages = &self.messages;
        [
            ("S3_ENDPOINT", self.files.endpoint.is_some()),
            ("CDN_URL", self.files.cdn_url.is_some()),
            ("OPENROUTER_API_KEY", self.drafts.api_key.is_some()),
            ("SMS_URL", messages.sms_url.is_some()),
            ("WHATSAPP_URL", messages.whatsapp_url.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

fn all_settings() -> impl Iterator<Item = &'static SettingDoc> {
    Config::SECTIONS.iter().flat_map(|(_, settings)| settings.iter())
}

fn is_known(name: &str) -> bool {
    all_settings().any(|setting| {
        setting.name == name || (setting.secret && name.strip_suffix("_FILE").is_some_and(|name| name == setting.name))
    })
}

/// An environment variable that is not a setting but was surely meant to be one.
fn misspelt(name: &str) -> Option<ConfigError> {
    if name == CONFIG_FILE || is_known(name) {
        return None;
    }
    let near = all_settings().map(|s| (distance(s.name, name), s.name)).min().filter(|(distance, _)| *distance <= 2);
    match near {
        Some((_, meant)) if name.len() > 6 => {
            Some(ConfigError::new(name, format!("there is no such setting; did you mean {meant}?")))
        }
        _ if OUR_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) => {
            Some(ConfigError::new(name, "there is no such setting"))
        }
        _ => None,
    }
}

/// Letters to add, drop or change to make one text the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, y) in b.bytes().enumerate() {
            let get = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let changed = get(&row, j) + usize::from(x != y);
            next.push(changed.min(get(&row, j + 1) + 1).min(get(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod secret_tests;
#[cfg(test)]
mod tests;
