//! Where one-time passwords go in development: the last ones in memory for the outbox page, and optionally a file.
//!
//! Start-up makes one in development only; configuration refuses `OTP_SINK` in production.

use std::{
    collections::VecDeque,
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{CodeMessage, CodeSender, Notice, NoticeKind, SendError, Template};

/// Messages kept for the page.
const KEPT: usize = 50;

/// The development outbox.
#[derive(Default)]
pub struct Outbox {
    sink: Option<PathBuf>,
    last: Mutex<VecDeque<CodeMessage>>,
    notices: Mutex<VecDeque<Notice>>,
}

/// A line of the file.
#[derive(Serialize)]
struct Line<'a> {
    to: &'a str,
    channel: &'static str,
    template: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    at: String,
}

impl Outbox {
    /// Keeps messages, and appends them to a file if there is one (`OTP_SINK=file:PATH`): one JSON line each, readable
    /// by the file's owner only.
    pub fn new(sink: Option<PathBuf>) -> Self {
        Self { sink, last: Mutex::default(), notices: Mutex::default() }
    }

    /// The last messages, newest first, at most 50.
    pub fn messages(&self) -> Vec<CodeMessage> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Outbox {
    /// Appends a line to the file, if there is one.
    fn write(
        &self,
        to: &str,
        channel: &'static str,
        template: &'static str,
        code: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), SendError> {
        let Some(path) = &self.sink else { return Ok(()) };
        let line = Line { to, channel, template, code, at: at.to_rfc3339_opts(SecondsFormat::Millis, true) };
        let mut text = serde_json::to_vec(&line).map_err(|_| SendError)?;
        text.push(b'\n');
        append(path, &text).map_err(|_| SendError)
    }

    /// The notices so far, oldest first, at most 50.
    pub fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// One write to a file opened for appending: lines of two processes do not mix.
fn append(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(line)
}

#[async_trait]
impl CodeSender for Outbox {
    fn shows_codes(&self) -> bool {
        true
    }

    async fn send(&self, message: CodeMessage) -> Result<(), SendError> {
        let (channel, template) = match message.template {
            Template::Otp => ("sms", "otp"),
            Template::NewPhone => ("sms", "new-phone"),
            Template::Authenticator => ("authenticator", "second-factor"),
        };
        self.write(message.to.e164(), channel, template, Some(&message.code), message.at)?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.push_front(message);
        last.truncate(KEPT);
        Ok(())
    }

    async fn notify(&self, notice: Notice) -> Result<(), SendError> {
        let template = match notice.kind {
            NoticeKind::Emergency => "emergency-access",
            NoticeKind::ErasureAsked => "erasure-asked",
            NoticeKind::PhoneChanged => "phone-changed",
        };
        self.write(notice.to.e164(), "sms", template, None, notice.at)?;
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push_back(notice);
        if notices.len() > KEPT {
            notices.pop_front();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::contact::Phone;

    use super::*;

    fn message(code: &str) -> CodeMessage {
        CodeMessage {
            to: Phone::parse("9876543210").expect("a number"),
            code: code.into(),
            at: DateTime::UNIX_EPOCH,
            template: Template::Otp,
        }
    }

    #[tokio::test]
    async fn the_file_has_one_json_line_a_message_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("otp.jsonl");
        for code in ["123456", "000042"] {
            Outbox::new(Some(path.clone())).send(message(code)).await.expect("sent");
        }
        let to = Phone::parse("9876543210").expect("a number");
        let notice = Notice { to, kind: NoticeKind::Emergency, at: DateTime::UNIX_EPOCH };
        Outbox::new(Some(path.clone())).notify(notice).await.expect("sent");
        let text = std::fs::read_to_string(&path).expect("the file");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(
            lines[0],
            serde_json::json!({"to": "+919876543210", "channel": "sms", "template": "otp", "code": "123456",
                "at": "1970-01-01T00:00:00.000Z"})
        );
        assert_eq!(lines[1]["code"], "000042");
        assert_eq!(
            lines[2],
            serde_json::json!({"to": "+919876543210", "channel": "sms", "template": "emergency-access",
                "at": "1970-01-01T00:00:00.000Z"})
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn only_the_last_fifty_are_kept_newest_first() {
        let outbox = Outbox::new(None);
        for n in 0..60 {
            outbox.send(message(&format!("{n:06}"))).await.expect("sent");
        }
        let codes: Vec<_> = outbox.messages().into_iter().map(|m| m.code).collect();
        assert_eq!((codes.len(), codes[0].as_str(), codes[49].as_str()), (50, "000059", "000010"));
    }
}
