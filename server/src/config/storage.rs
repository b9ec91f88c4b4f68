//! Where data is kept.

use secrecy::SecretString;

use super::setting::{HttpUrl, section};

section! {
    /// Database.
    Storage {
        /// `postgres://user:password@host/name` or `sqlite:PATH`. By default an SQLite file in the data folder.
        "DATABASE_URL" => url: Option<SecretString> = None,
        /// Most connections to the database from one process.
        "DATABASE_CONNECTIONS" => connections: u32 = Some("16"),
    }
}

section! {
    /// Cache, sessions and limits that several processes share.
    Cache {
        /// `redis://...` or `rediss://...`. By default everything is kept in the process and the database.
        "REDIS_URL" => url: Option<SecretString> = None,
    }
}

section! {
    /// Uploaded files and public assets.
    Files {
        /// Address of an S3-compatible store. By default files are kept in the data folder.
        "S3_ENDPOINT" => endpoint: Option<HttpUrl> = None,
        /// Bucket.
        "S3_BUCKET" => bucket: Option<String> = None,
        /// Access key.
        "S3_ACCESS_KEY" => access_key: Option<SecretString> = None,
        /// Secret key.
        "S3_SECRET_KEY" => secret_key: Option<SecretString> = None,
        /// Prefix of public static assets (never of patients' files).
        "CDN_URL" => cdn_url: Option<HttpUrl> = None,
    }
}
