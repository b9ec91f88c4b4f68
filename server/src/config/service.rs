//! What kind of place this is.

use std::path::PathBuf;

use super::setting::{Environ, Origin, section};

section! {
    /// The service.
    Service {
        /// `development` or `production`. Production refuses missing, weak or development keys and every development aid.
        "PROCARE_ENV" => environ: Environ = Some("development"),
        /// The address under which browsers know the service, such as `https://care.example.in`. Passkeys are bound to it;
        /// without it there are none (in development they work under `http://localhost`, whatever the port).
        "PROCARE_PUBLIC_URL" => public_url: Option<Origin> = None,
        /// Folder of the SQLite file, of the keys made in development and of uploaded files.
        "PROCARE_DATA_DIR" => data_dir: PathBuf = Some("data"),
        /// Folder of the built pages: style, WebAssembly, fonts.
        "PROCARE_SITE_DIR" => site_dir: PathBuf = Some("target/site"),
    }
}

impl Service {
    /// Whether this is production.
    pub fn is_production(&self) -> bool {
        self.environ == Environ::Production
    }
}
