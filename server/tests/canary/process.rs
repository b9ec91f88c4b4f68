//! The server as it is run: a process with its own folders, which is killed.

use std::{fs::File, path::Path, process::Stdio};

use tokio::process::{Child, Command};

use crate::support::{KEYS, TestDb, eventually};

/// The folders that a killed server left.
pub struct Folders {
    data: tempfile::TempDir,
    sink: tempfile::TempDir,
}

impl Folders {
    /// Data, temporary files and the log; not the file that stands in for the telephone network.
    pub fn data(&self) -> &Path {
        self.data.path()
    }
}

/// A running server.
pub struct RealServer {
    child: Child,
    folders: Folders,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
}

impl RealServer {
    /// Starts one over a database and waits until it listens. It logs to a file, which cannot fill up as a pipe does.
    pub async fn start(db: &TestDb, settings: &[(&str, &str)]) -> Self {
        let folders = Folders { data: tempfile::tempdir().unwrap(), sink: tempfile::tempdir().unwrap() };
        let data = folders.data();
        let temporary = data.join("tmp");
        std::fs::create_dir(&temporary).unwrap();
        let log = data.join("log.txt");
        let file = File::create(&log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_server"))
            .arg("serve")
            .env("DATABASE_URL", &db.url)
            .env("PROCARE_DATA_DIR", data)
            .env("PROCARE_SITE_DIR", data.join("site"))
            .env("TMPDIR", &temporary)
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .env("LIMIT_ANONYMOUS_15MIN", "100000")
            .env("LIMIT_OTP_ADDRESS_HOUR", "1000")
            .env("PROCARE_LOG", "debug")
            .env("ENCRYPTION_KEYS", KEYS)
            .env("OTP_SINK", format!("file:{}", folders.sink.path().join("codes").display()))
            // The tests' own setting, which the server would refuse as a misspelt one of its own.
            .env_remove("PROCARE_FULL_TESTS")
            .env_remove("REDIS_URL")
            .env_remove("AMQP_URL")
            .envs(settings.iter().copied())
            .stdout(Stdio::from(file.try_clone().unwrap()))
            .stderr(Stdio::from(file))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut base = None;
        eventually("the server listens", async || {
            base = listening(&std::fs::read_to_string(&log).unwrap_or_default());
            base.is_some()
        })
        .await;
        Self { child, folders, base: base.unwrap() }
    }

    /// The newest code that was sent.
    pub fn code(&self) -> String {
        let text = std::fs::read_to_string(self.folders.sink.path().join("codes")).unwrap();
        let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        last["code"].as_str().unwrap().to_owned()
    }

    /// Ends it as a power cut does.
    pub async fn kill(mut self) -> Folders {
        self.child.kill().await.unwrap();
        self.folders
    }
}

/// The address of the line that says so.
fn listening(log: &str) -> Option<String> {
    let line = log.lines().find(|line| line.contains("listening"))?;
    let at = line.find("127.0.0.1:")?;
    let address = line[at..].chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':'));
    Some(format!("http://{}", address.collect::<String>()))
}
