//! The use cases, as the doors call them. `server` implements them; pages reach them through [`Services`].
//!
//! Every use case takes who acts first and checks access before it touches storage.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    analytics::{AnalyticsPage, Group},
    clock::Moment,
    consent::{DataType, Link},
    contact::Phone,
    desk::{Desks, Handover, Tag},
    field::{FieldErrors, Problem},
    forms::TypedReading,
    glucose::{Clip, Glucose, MealState, NewReading, Reading, Source, Unit, choice},
    ids::{
        CeremonyId, ChallengeId, ClinicId, ImportId, LinkId, MealId, PasskeyId, PatientId, ReadingId, SessionId, TagId,
        UserId,
    },
    insights::Weekly,
    meal::{Meal, NewMeal},
    metrics::{
        Kind, Ranges, Report,
        pattern::Patterns,
        range::{Band, Thresholds},
    },
    page::Page,
    people::{Actor, Language, Me, Role},
    records::{Hba1c, Records},
    rights::Rights,
    targets::{Goals, GoalsChange},
    trail::Trail,
    triage::{Priority, Reason},
};

/// All use cases.
#[derive(Clone)]
pub struct Services {
    /// Sign-in and one's own account.
    pub accounts: Arc<dyn Accounts>,
    /// The second factor, and fresh proofs of identity.
    pub second_factor: Arc<dyn SecondFactor>,
    /// Passkeys.
    pub passkeys: Arc<dyn Passkeys>,
    /// Glucose readings.
    pub readings: Arc<dyn Readings>,
    /// Meals.
    pub meals: Arc<dyn Meals>,
    /// Health records.
    pub records: Arc<dyn Records>,
    /// Files of readings.
    pub imports: Arc<dyn Imports>,
    /// Figures and curves.
    pub reports: Arc<dyn Reports>,
    /// Who may see whose data.
    pub care_team: Arc<dyn CareTeam>,
    /// A doctor's patients.
    pub panel: Arc<dyn Panel>,
    /// What doctors keep beside their work list.
    pub desks: Arc<dyn Desks>,
    /// Staff, clinics, links.
    pub admin: Arc<dyn Admin>,
    /// The audit trail.
    pub trail: Arc<dyn Trail>,
    /// Codes by which patients connect with doctors.
    pub connections: Arc<dyn Connections>,
    /// Looks at patients in an emergency.
    pub emergencies: Arc<dyn Emergencies>,
    /// Export, consents, erasure.
    pub rights: Arc<dyn Rights>,
}

// ---- accounts -------------------------------------------------------------------------------------------------------

/// From where a request comes, for limits and the list of devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, as told by the socket or a trusted proxy.
    pub address: Option<std::net::IpAddr>,
    /// What the device calls itself, at most 120 characters.
    pub device: Option<String>,
}

/// A one-time password was sent (or would have been: unknown and limited phones get the same answer).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// To be given back with the code.
    pub challenge_id: ChallengeId,
    /// Seconds until the code is too old.
    pub expires_in: u32,
    /// Seconds until another code can be sent.
    pub resend_in: u32,
}

/// Who signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// What they are.
    pub role: Role,
}

/// The pair of tokens of a mobile session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// A signed JWT, good for `expires_in` seconds.
    pub access_token: String,
    /// Seconds.
    pub expires_in: u32,
    /// Opaque, good once.
    pub refresh_token: String,
    /// Whose.
    pub user: TokenUser,
}

/// Whose tokens they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUser {
    /// Their id.
    pub id: UserId,
    /// What they are.
    pub role: Role,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Its session.
    pub id: SessionId,
    /// What it calls itself.
    pub name: Option<String>,
    /// When it signed in, UTC.
    pub signed_in_at: DateTime<Utc>,
    /// When it was last used, UTC.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one asking.
    pub current: bool,
}

/// A change to one's own settings; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeChange {
    /// A name, parsed.
    pub name: Option<String>,
    /// Unit to read glucose in.
    pub unit: Option<Unit>,
    /// IANA time zone, parsed.
    pub time_zone: Option<chrono_tz::Tz>,
    /// Language.
    pub language: Option<Language>,
}

/// Sign-in and one's own account.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Sends a one-time password. The answer is the same for known, unknown, blocked and limited phones; a flood from one
    /// address, or over the day's budget, is [`Error::TooMany`](crate::Error::TooMany).
    async fn request_otp(&self, phone: &Phone, origin: &Origin) -> Result<Challenge>;
    /// Checks a code; exactly one caller wins. An unknown phone becomes a patient. Whatever is wrong (the code, its age, the
    /// challenge, a limit, somebody who may not sign in) is [`Error::Unauthenticated`](crate::Error::Unauthenticated).
    async fn verify_otp(&self, challenge: ChallengeId, phone: &Phone, code: &str, origin: &Origin) -> Result<SignedIn>;
    /// Starts a browser session's record (the cookie is the door's business). What it may do before the second factor is
    /// proven, [`SecondFactor::standing`] says.
    async fn start_session(&self, user: UserId, origin: &Origin) -> Result<SessionId>;
    /// Starts a mobile session and gives its tokens; they let nobody in who lacks a second factor
    /// ([`SecondFactor::next_step`]).
    async fn start_tokens(&self, user: UserId, origin: &Origin) -> Result<Tokens>;
    /// Exchanges a refresh token; a reused one ends its family.
    async fn refresh(&self, refresh_token: &str) -> Result<Tokens>;
    /// Whom a session acts as; the role comes from the database, an ended session from nowhere. One that lacks its second
    /// factor acts as nobody.
    async fn actor(&self, session: SessionId) -> Result<Actor>;
    /// Whom an access token acts as.
    async fn bearer(&self, access_token: &str) -> Result<Actor>;
    /// Ends one of the actor's own sessions; effective everywhere within a second.
    async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()>;
    /// The signed-in devices.
    async fn devices(&self, actor: &Actor) -> Result<Vec<Device>>;
    /// Oneself.
    async fn me(&self, actor: &Actor) -> Result<Me>;
    /// Changes one's own settings.
    async fn change_me(&self, actor: &Actor, change: MeChange) -> Result<Me>;
    /// Sends a code to the number that the actor wants to sign in with from now on; needs a fresh proof. The answer is the same
    /// whosever the number is.
    async fn begin_phone_change(&self, actor: &Actor, phone: &Phone, origin: &Origin) -> Result<Challenge>;
    /// Makes it their number, by that code and in the session that asked for it; ends all their other sessions and tells the old
    /// number. A wrong code is [`Error::Unauthenticated`](crate::Error::Unauthenticated); whoever has the right one for a number
    /// that is somebody else's is told [`Error::Conflict`](crate::Error::Conflict).
    async fn change_phone(
        &self,
        actor: &Actor,
        challenge: ChallengeId,
        phone: &Phone,
        code: &str,
        origin: &Origin,
    ) -> Result<()>;
}

// ---- second factor --------------------------------------------------------------------------------------------------

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything that is its person's to do.
    Full,
    /// Nothing but prove the second factor.
    SecondFactor,
    /// Nothing but set up a second factor: staff have to have one.
    Enrol,
}

/// What a sign-in by one-time password still lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing.
    Done,
    /// The second factor: a code, with this challenge, within so many seconds.
    SecondFactor {
        /// To be given back with the code.
        challenge: ChallengeId,
        /// Seconds.
        expires_in: u32,
    },
    /// A second factor has to be set up first.
    Enrol,
}

/// Somebody's second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecondFactorState {
    /// None yet: what an authenticator app is given.
    Setup {
        /// As people type it.
        secret: String,
        /// As an app scans it: SVG.
        qr: String,
    },
    /// In force.
    On {
        /// Unused recovery codes.
        codes_left: u32,
        /// Whether its owner may take it away: staff may not.
        removable: bool,
    },
}

/// The second factor: an authenticator app, recovery codes, and fresh proofs of identity.
#[async_trait]
pub trait SecondFactor: Send + Sync {
    /// Whom a session acts as, and what it may do.
    async fn standing(&self, session: SessionId) -> Result<(Actor, Standing)>;
    /// What a sign-in by one-time password still lacks.
    async fn next_step(&self, signed_in: &SignedIn) -> Result<NextStep>;
    /// Ends a sign-in of the app that lacked the second factor.
    async fn finish_tokens(&self, challenge: ChallengeId, code: &str, origin: &Origin) -> Result<Tokens>;
    /// Proves the second factor (a code of the app, or a recovery code) for a session. A wrong code is
    /// [`Error::Unauthenticated`](crate::Error::Unauthenticated), one guess too many
    /// [`Error::TooMany`](crate::Error::TooMany).
    async fn prove(&self, actor: &Actor, code: &str) -> Result<()>;
    /// Whether a session's fresh proof is the second factor (else a one-time password).
    async fn proves_by_app(&self, actor: &Actor) -> Result<bool>;
    /// Sends a one-time password to the actor's own phone, to prove anew who they are.
    async fn send_proof(&self, actor: &Actor, origin: &Origin) -> Result<Challenge>;
    /// Proves by it who they are; nobody with a second factor can.
    async fn prove_by_phone(&self, actor: &Actor, challenge: ChallengeId, code: &str) -> Result<()>;
    /// One's own second factor. If there is none a secret is made, and shown again until it is confirmed.
    async fn state(&self, actor: &Actor) -> Result<SecondFactorState>;
    /// Puts it in force by a code of the app; gives the recovery codes, this once.
    async fn confirm(&self, actor: &Actor, code: &str) -> Result<Vec<String>>;
    /// New recovery codes in place of all earlier ones; needs a fresh proof.
    async fn renew_codes(&self, actor: &Actor) -> Result<Vec<String>>;
    /// Takes one's own second factor away; needs a fresh proof; not for staff.
    async fn remove(&self, actor: &Actor) -> Result<()>;
    /// An admin takes somebody else's away, who lost it, and ends their sessions; needs a fresh proof.
    async fn reset(&self, actor: &Actor, user: UserId) -> Result<()>;
    /// In development, shows the code that the demonstration's staff would read off their app. Nothing elsewhere.
    async fn show_demo_code(&self, user: UserId) -> Result<()>;
}

// ---- passkeys -------------------------------------------------------------------------------------------------------

/// A challenge for a browser to have signed by a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ceremony {
    /// To be given back with the answer.
    pub id: CeremonyId,
    /// What the browser's `navigator.credentials` gets, as JSON (W3C Web Authentication, section 5.1.8 and 5.1.9).
    pub options: String,
}

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CeremonyPurpose {
    /// A new passkey.
    Add,
    /// To prove who one is.
    Prove,
    /// To sign in.
    SignIn,
}

/// One of one's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownPasskey {
    /// Its id.
    pub id: PasskeyId,
    /// The device it was made on.
    pub device: Option<String>,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last used, UTC.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Passkeys: a sign-in and a proof of identity of their own, for everyone who wants one. A wrong answer is
/// [`Error::Unauthenticated`](crate::Error::Unauthenticated), and its challenge is used up. Where the service does not know
/// its own address there are none: [`Error::NotFound`](crate::Error::NotFound).
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// The name of the host that passkeys are bound to, if there are any.
    fn host(&self) -> Option<String>;
    /// Whether somebody has one.
    async fn has_any(&self, user: UserId) -> Result<bool>;
    /// One's own, newest first.
    async fn of_me(&self, actor: &Actor) -> Result<Vec<ShownPasskey>>;
    /// Begins a new one; needs a fresh proof. Twenty at most ([`Error::Conflict`](crate::Error::Conflict)).
    async fn begin_add(&self, actor: &Actor) -> Result<Ceremony>;
    /// Keeps it.
    async fn add(&self, actor: &Actor, ceremony: CeremonyId, answer: &str, origin: &Origin) -> Result<()>;
    /// Takes one away; needs a fresh proof.
    async fn remove(&self, actor: &Actor, id: PasskeyId) -> Result<()>;
    /// Begins a proof of a session; [`Error::Conflict`](crate::Error::Conflict) for somebody without any.
    async fn begin_prove(&self, actor: &Actor) -> Result<Ceremony>;
    /// Ends it: the session has its second factor, and a fresh proof.
    async fn prove(&self, actor: &Actor, ceremony: CeremonyId, answer: &str) -> Result<()>;
    /// Begins a sign-in.
    async fn begin_sign_in(&self) -> Result<Ceremony>;
    /// Ends it: who it is, and their browser session, which lacks nothing.
    async fn sign_in(&self, ceremony: CeremonyId, answer: &str, origin: &Origin) -> Result<(SignedIn, SessionId)>;
}

// ---- readings and meals ---------------------------------------------------------------------------------------------

/// Which entries of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListQuery {
    /// From this instant, included.
    pub from: Option<DateTime<Utc>>,
    /// To this instant, not included.
    pub to: Option<DateTime<Utc>>,
    /// 1 to 1000; 100 if absent.
    pub limit: Option<u32>,
    /// From the page before.
    pub cursor: Option<String>,
}

/// One reading of a batch: parsed, or what is wrong with it.
pub type BatchItem = std::result::Result<NewReading, (Option<String>, FieldErrors)>;

/// What became of one reading of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchOutcome {
    /// Stored.
    Created {
        /// The client's id.
        client_id: Option<String>,
        /// Ours.
        id: ReadingId,
    },
    /// Was there already.
    Exists {
        /// The client's id.
        client_id: Option<String>,
        /// Ours.
        id: ReadingId,
    },
    /// Wrong; the others went in.
    Rejected {
        /// The client's id.
        client_id: Option<String>,
        /// What is wrong.
        errors: FieldErrors,
    },
}

/// A change to a reading; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadingChange {
    /// New value.
    pub glucose: Option<Glucose>,
    /// New state.
    pub state: Option<MealState>,
    /// New time.
    pub recorded_at: Option<DateTime<Utc>>,
    /// New notes; `Some(None)` removes them.
    pub notes: Option<Option<String>>,
    /// If given, the change is refused with a conflict unless this is the present version.
    pub version: Option<i64>,
}

/// Glucose readings.
#[async_trait]
pub trait Readings: Send + Sync {
    /// Stores a reading; `false` if the client id was known already (the stored one is returned).
    async fn log(&self, actor: &Actor, new: NewReading) -> Result<(Reading, bool)>;
    /// Stores a reading typed into a form; its wall-clock time is the patient's zone's.
    async fn log_typed(&self, actor: &Actor, typed: TypedReading) -> Result<Reading>;
    /// Stores many; a bad one never spoils the rest. Same order.
    async fn log_many(&self, actor: &Actor, items: Vec<BatchItem>) -> Result<Vec<BatchOutcome>>;
    /// One's own readings, newest first.
    async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Reading>>;
    /// One reading.
    async fn get(&self, actor: &Actor, id: ReadingId) -> Result<Reading>;
    /// Changes a reading.
    async fn change(&self, actor: &Actor, id: ReadingId, change: ReadingChange) -> Result<Reading>;
    /// Changes a reading from a form.
    async fn change_typed(&self, actor: &Actor, id: ReadingId, typed: TypedReading) -> Result<Reading>;
    /// Deletes a reading; it can be restored.
    async fn delete(&self, actor: &Actor, id: ReadingId) -> Result<()>;
    /// Undoes a deletion.
    async fn restore(&self, actor: &Actor, id: ReadingId) -> Result<()>;
}

/// A change to a meal: the whole meal anew.
pub type MealChange = NewMeal;

/// Meals.
#[async_trait]
pub trait Meals: Send + Sync {
    /// Stores a meal; `false` if the client id was known already.
    async fn log(&self, actor: &Actor, new: NewMeal) -> Result<(Meal, bool)>;
    /// Stores a meal typed into a form at a wall-clock time of the patient's zone.
    async fn log_typed(&self, actor: &Actor, new: NewMeal, local: chrono::NaiveDateTime) -> Result<Meal>;
    /// One's own meals, newest first.
    async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Meal>>;
    /// One meal.
    async fn get(&self, actor: &Actor, id: MealId) -> Result<Meal>;
    /// Changes a meal.
    async fn change(&self, actor: &Actor, id: MealId, change: MealChange, version: Option<i64>) -> Result<Meal>;
    /// Deletes a meal; it can be restored.
    async fn delete(&self, actor: &Actor, id: MealId) -> Result<()>;
    /// Undoes a deletion.
    async fn restore(&self, actor: &Actor, id: MealId) -> Result<()>;
}

// ---- imports --------------------------------------------------------------------------------------------------------

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFormat {
    /// LibreView's CSV.
    LibreView,
    /// Dexcom Clarity's CSV.
    Clarity,
    /// Any CSV with a time, a value and a unit.
    Plain,
    /// What we export ourselves.
    Own,
    /// Nightscout's entries or treatments, JSON.
    Nightscout,
    /// xDrip's CSV (that of `SiDiary`).
    XDrip,
    /// A table of Glooko's export.
    Glooko,
    /// A report of Medtronic's `CareLink`, CSV.
    CareLink,
    /// Accu-Chek's CSV.
    AccuChek,
}

impl FileFormat {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LibreView => "libre-view",
            Self::Clarity => "clarity",
            Self::Plain => "plain",
            Self::Own => "own",
            Self::Nightscout => "nightscout",
            Self::XDrip => "x-drip",
            Self::Glooko => "glooko",
            Self::CareLink => "care-link",
            Self::AccuChek => "accu-chek",
        }
    }
}

/// A line of the file that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedLine {
    /// Line in the file, from 1; of JSON, the how-manieth document.
    pub line: u32,
    /// Why.
    pub reason: RejectReason,
}

/// Why a line was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RejectReason {
    /// The time cannot be read.
    Time,
    /// The time lies in the future.
    InFuture,
    /// The local time does not exist in the zone.
    NoSuchLocalTime,
    /// The value is not a number.
    Value,
    /// The value lies outside 10 to 1000 mg/dL.
    OutOfRange,
    /// The line has too few columns or broken quotes.
    Malformed,
}

/// What is ambiguous in a file and has to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ImportQuestion {
    /// Is 03-04 the third of April or the fourth of March?
    DateOrder,
    /// In which unit are the values?
    Unit,
}

/// The order of day and month in a file's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateOrder {
    /// Day first.
    DayMonth,
    /// Month first.
    MonthDay,
}

/// Answers to the questions, and the zone that the file's clock was set to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ImportAnswers {
    /// Order of day and month.
    pub date_order: Option<DateOrder>,
    /// Unit of the values.
    pub unit: Option<Unit>,
    /// IANA zone of the file's times; the patient's if absent.
    pub time_zone: Option<String>,
}

/// What an uploaded file holds: a dry run, nothing is stored yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// The batch.
    pub id: ImportId,
    /// What the file is.
    pub format: FileFormat,
    /// Unit of the values; none while it is a question.
    pub unit: Option<Unit>,
    /// First reading, UTC.
    pub from: Option<Moment>,
    /// Last reading, UTC.
    pub to: Option<Moment>,
    /// Rows with a glucose value, taken or not.
    pub rows: u32,
    /// Rows that would be stored.
    pub accepted: u32,
    /// Rows that are stored already, or twice in the file.
    pub duplicates: u32,
    /// Meals that would be stored, or were; only a file of ours has them.
    #[serde(default)]
    pub meals: u32,
    /// Rows that cannot be taken (the first 1,000).
    pub rejected: Vec<RejectedLine>,
    /// What has to be asked first.
    pub questions: Vec<ImportQuestion>,
    /// Where it stands.
    pub status: ImportStatus,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// Looked at, nothing stored.
    Preview,
    /// Stored.
    Confirmed,
    /// Undone.
    Undone,
}

/// Files of readings: looked at first, then stored, undone as one.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Looks at a file.
    async fn preview(&self, actor: &Actor, file: Vec<u8>) -> Result<ImportPreview>;
    /// Looks again under other answers.
    async fn answer(&self, actor: &Actor, id: ImportId, answers: ImportAnswers) -> Result<ImportPreview>;
    /// Stores it; gives the number of readings added.
    async fn confirm(&self, actor: &Actor, id: ImportId, answers: ImportAnswers) -> Result<u32>;
    /// Removes what it added, or forgets the preview.
    async fn undo(&self, actor: &Actor, id: ImportId) -> Result<u32>;
    /// One import.
    async fn get(&self, actor: &Actor, id: ImportId) -> Result<ImportPreview>;
    /// The newest imports, newest first, at most 20.
    async fn list(&self, actor: &Actor) -> Result<Vec<ImportPreview>>;
    /// All of them, for the export.
    async fn all(&self, actor: &Actor) -> Result<Vec<ImportPreview>>;
}

// ---- figures --------------------------------------------------------------------------------------------------------

/// A reading as a page shows it: with its band and its local time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownReading {
    /// Its id.
    pub id: ReadingId,
    /// When.
    pub at: Moment,
    /// Value and unit as received.
    pub glucose: Glucose,
    /// "LO" or "HI".
    pub clip: Option<Clip>,
    /// Where it lies.
    pub band: Band,
    /// Relative to meals.
    pub state: MealState,
    /// How it came.
    pub source: Source,
    /// Free text.
    pub notes: Option<String>,
    /// Its version.
    pub version: i64,
}

/// A point of a daily curve. Travels as a bare list: a page carries some thousand of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "(i32, f64, Band)", into = "(i32, f64, Band)")]
pub struct CurvePoint {
    /// Minutes since the curve's first local midnight.
    pub minute: i32,
    /// mg/dL.
    pub mg_dl: f64,
    /// Where it lies.
    pub band: Band,
}

impl From<(i32, f64, Band)> for CurvePoint {
    fn from((minute, mg_dl, band): (i32, f64, Band)) -> Self {
        Self { minute, mg_dl, band }
    }
}

impl From<CurvePoint> for (i32, f64, Band) {
    fn from(point: CurvePoint) -> Self {
        (point.minute, point.mg_dl, point.band)
    }
}

/// Curves of one or more local days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// First local day.
    pub from: NaiveDate,
    /// Last local day, included.
    pub to: NaiveDate,
    /// Sensor (a line) or meter (points).
    pub kind: Kind,
    /// The points, oldest first.
    pub points: Vec<CurvePoint>,
    /// The limits to draw.
    pub thresholds: Thresholds,
}

/// How the newest value moves, from the sensor values of the last 15 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trend {
    /// Faster than +2 mg/dL a minute.
    RisingFast,
    /// +1 to +2.
    Rising,
    /// Between.
    Steady,
    /// -1 to -2.
    Falling,
    /// Faster than -2.
    FallingFast,
}

/// What a patient sees first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// When this was computed.
    pub now: Moment,
    /// The newest reading.
    pub last: Option<ShownReading>,
    /// How it moves.
    pub trend: Option<Trend>,
    /// Share of today's readings in range, %, with at least one.
    pub in_range_percent: Option<f64>,
    /// Today's readings.
    pub readings: u32,
    /// Days in a row with a reading, today or yesterday included.
    pub streak_days: u32,
    /// The state to log next; none if all of today's are there.
    pub next_state: Option<MealState>,
    /// Today's curve.
    pub curve: Curve,
    /// Doctors and caregivers who may see the data.
    pub care_team: u32,
}

/// A period, by days back from today or by dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeriodQuery {
    /// The last days, today included; 1 to 366.
    LastDays(u16),
    /// These days, both included.
    Between(NaiveDate, NaiveDate),
}

/// A report with what a page needs around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientReport {
    /// The figures.
    pub report: Report,
    /// The limits they were judged by.
    pub thresholds: Thresholds,
    /// Of what those limits are, and the targets.
    pub goals: Goals,
    /// A laboratory's HbA1c beside the GMI, if there is a recent one.
    pub hba1c: Option<Hba1c>,
    /// When this was computed.
    pub now: Moment,
}

/// Which file a patient's data is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Readings and meals as a table, for spreadsheets and our own importer.
    Csv,
    /// Data and figures.
    Json,
    /// A FHIR R4 bundle.
    Fhir,
}

impl ExportFormat {
    /// Reads `csv`, `json` or `fhir`.
    pub fn parse(text: &str) -> std::result::Result<Self, Problem> {
        match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "fhir" => Ok(Self::Fhir),
            _ => Err(Problem::UnknownChoice),
        }
    }

    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Fhir => "fhir.json",
        }
    }

    /// What the file is, for HTTP.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Fhir => "application/fhir+json",
        }
    }
}

/// A file of a patient's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// What to save it as.
    pub name: String,
    /// What it is.
    pub format: ExportFormat,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A day's figures for the list of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DaySummary {
    /// Which day.
    pub date: NaiveDate,
    /// Readings.
    pub readings: u32,
    /// Mean, mg/dL.
    pub mean_mg_dl: Option<f64>,
    /// The five ranges, %; none for a meter.
    pub ranges: Option<Ranges>,
    /// At most 96 points (one per quarter of an hour) for a small curve.
    pub points: Vec<CurvePoint>,
}

/// One cell of the log book: the readings of a day in one meal state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogBookDay {
    /// Which day.
    pub date: NaiveDate,
    /// By [`MealState::ALL`]: the readings, oldest first.
    pub cells: Vec<Vec<ShownReading>>,
}

/// Figures and curves.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The patient's first page.
    async fn today(&self, actor: &Actor) -> Result<Today>;
    /// The figures of a period.
    async fn report(
        &self,
        actor: &Actor,
        patient: PatientId,
        period: PeriodQuery,
        force: bool,
    ) -> Result<PatientReport>;
    /// The curve of up to 14 local days.
    async fn curve(&self, actor: &Actor, patient: PatientId, from: NaiveDate, to: NaiveDate) -> Result<Curve>;
    /// Day by day, newest first.
    async fn days(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<DaySummary>>;
    /// Meter readings by meal state, newest day first.
    async fn log_book(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<LogBookDay>>;
    /// Meals of a period, newest first.
    async fn meals(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Vec<(Moment, Meal)>>;
    /// Hours of weekdays, a usual day of finger-stick values, values before and after meals.
    async fn patterns(&self, actor: &Actor, patient: PatientId, period: PeriodQuery) -> Result<Patterns>;
    /// The last seven days in sentences.
    async fn weekly(&self, actor: &Actor, patient: PatientId) -> Result<Weekly>;
    /// One's own readings as a page shows them.
    async fn history(&self, actor: &Actor, query: &ListQuery) -> Result<Page<ShownReading>>;
    /// The data and figures of a period as a file.
    async fn export(
        &self,
        actor: &Actor,
        patient: PatientId,
        period: PeriodQuery,
        format: ExportFormat,
    ) -> Result<ExportFile>;
}

// ---- links ----------------------------------------------------------------------------------------------------------

/// An invitation of a caregiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Whom.
    pub phone: Phone,
    /// What the patient calls them.
    pub name: String,
    /// What they may see.
    pub data_types: Vec<DataType>,
    /// Until when.
    pub until: Option<DateTime<Utc>>,
}

/// A person whom a caregiver follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// Whose data.
    pub patient: PatientId,
    /// Their name.
    pub name: String,
    /// When this was computed.
    pub now: Moment,
    /// Newest reading; none if not granted or none is there.
    pub last: Option<ShownReading>,
    /// How it moves.
    pub trend: Option<Trend>,
    /// The last three hours.
    pub recent: Vec<CurvePoint>,
    /// What was granted.
    pub data_types: Vec<DataType>,
    /// The limits to draw.
    pub thresholds: Thresholds,
}

/// Who may see whose data.
#[async_trait]
pub trait CareTeam: Send + Sync {
    /// Links in which the actor is the patient.
    async fn of_me(&self, actor: &Actor) -> Result<Vec<Link>>;
    /// Links in which the actor is the viewer and that are active or await their agreement.
    async fn awaiting_me(&self, actor: &Actor) -> Result<Vec<Link>>;
    /// Invites a caregiver.
    async fn invite(&self, actor: &Actor, invitation: Invitation) -> Result<LinkId>;
    /// Agrees to a link that awaits the actor.
    async fn accept(&self, actor: &Actor, link: LinkId) -> Result<()>;
    /// Ends a link, from either side.
    async fn end(&self, actor: &Actor, link: LinkId) -> Result<()>;
    /// The people whom the actor follows.
    async fn followed(&self, actor: &Actor) -> Result<Vec<Followed>>;
    /// One of them.
    async fn follow(&self, actor: &Actor, patient: PatientId) -> Result<Followed>;
}

// ---- connecting by a code -------------------------------------------------------------------------------------------

/// A code for patients to type; known to who made it, this once.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionCode {
    /// As it is shown.
    pub code: String,
    /// Until when it can be typed.
    pub until: Moment,
}

/// The doctor whom a code connects with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeOwner {
    /// Their name.
    pub doctor: String,
    /// Their clinic.
    pub clinic: Option<String>,
}

/// Codes by which patients connect with doctors. Whatever is wrong with a code (unknown, used, too old, one guess too many) is the same
/// wrong field `code`.
#[async_trait]
pub trait Connections: Send + Sync {
    /// A doctor makes a code; their earlier one is worth nothing from now on.
    async fn make(&self, actor: &Actor) -> Result<ConnectionCode>;
    /// Whose code a patient has typed. Uses nothing up but a guess.
    async fn whose(&self, actor: &Actor, code: &str) -> Result<CodeOwner>;
    /// A patient agrees to be treated by the doctor whose code it is: uses it up; exactly one of any number at once does. Needs a
    /// fresh proof. With a doctor who treats them already it is [`Error::Conflict`](crate::Error::Conflict).
    async fn connect(&self, actor: &Actor, code: &str) -> Result<LinkId>;
}

// ---- emergencies ----------------------------------------------------------------------------------------------------

/// A doctor's look at a patient who is not theirs, as the patient is told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Emergency {
    /// The doctor's name.
    pub doctor: String,
    /// Their clinic.
    pub clinic: Option<String>,
    /// Why, in their words.
    pub reason: String,
    /// When it began.
    pub from: Moment,
    /// When it ends or ended.
    pub until: Moment,
}

/// Looks at patients in an emergency.
#[async_trait]
pub trait Emergencies: Send + Sync {
    /// Lets a doctor read the data of a patient who is not theirs, found by their whole phone number, for some hours. Needs a
    /// reason and a fresh proof; the patient is told.
    async fn open(&self, actor: &Actor, phone: &Phone, reason: &str) -> Result<PatientId>;
    /// Those in which the actor is the patient, newest first, at most 50.
    async fn of_me(&self, actor: &Actor) -> Result<Vec<Emergency>>;
}

// ---- the doctor's panel ---------------------------------------------------------------------------------------------

choice! {
    /// Order of the work list.
    #[derive(Default)]
    PanelSort {
        /// Most in need first.
        #[default]
        Need = "need",
        /// By name.
        Name = "name",
        /// Oldest last reading first.
        LastReading = "lastReading",
        /// Least time in range first.
        InRange = "inRange",
    }
}

choice! {
    /// Which patients.
    #[derive(Default)]
    PanelFilter {
        /// All.
        #[default]
        All = "all",
        /// With at least one reason.
        NeedsAttention = "needsAttention",
        /// Not reviewed since their newest reading, or due again.
        NotReviewed = "notReviewed",
        /// The day has come on which a review said to look again.
        Due = "due",
        /// Passed to the reader by a colleague, and not reviewed by the reader since.
        HandedToMe = "handedToMe",
        /// No reading for three days or more.
        NoData = "noData",
    }
}

/// A request for the work list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PanelQuery {
    /// Order.
    pub sort: PanelSort,
    /// Which.
    pub filter: PanelFilter,
    /// Only those who bear this tag of the reader's.
    pub tag: Option<TagId>,
    /// Part of the name, or the last digits of the phone number.
    pub q: Option<String>,
    /// From the page before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 if absent.
    pub limit: Option<u32>,
}

/// A row of the work list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelRow {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number before one was given.
    pub name: String,
    /// Age in years.
    pub age: Option<u16>,
    /// How urgent.
    pub priority: Priority,
    /// Why, weightiest first.
    pub reasons: Vec<Reason>,
    /// Newest reading.
    pub last_reading_at: Option<Moment>,
    /// Sensor or meter.
    pub kind: Kind,
    /// Of 14 days.
    pub ranges: Option<Ranges>,
    /// Of the 14 days before, %.
    pub in_range_before: Option<f64>,
    /// Of 14 days, %.
    pub gmi_percent: Option<f64>,
    /// When a doctor last marked them as reviewed.
    pub reviewed_at: Option<Moment>,
    /// On which local day of theirs that review said to look again.
    pub due_on: Option<NaiveDate>,
    /// The reader's tags on them, by name.
    pub tags: Vec<Tag>,
    /// Whether they are passed to a colleague now.
    pub handover: Option<Handover>,
}

/// The work list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelPage {
    /// The rows.
    pub items: Vec<PanelRow>,
    /// For the next page.
    pub next_cursor: Option<String>,
    /// Patients that match, on all pages.
    pub total: u32,
    /// When this was computed.
    pub now: Moment,
}

/// The head of a patient's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientHead {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number.
    pub name: String,
    /// Age in years.
    pub age: Option<u16>,
    /// Targets.
    pub goals: Goals,
    /// Their zone: the days of their pages are cut in it.
    pub time_zone: String,
    /// Last review.
    pub reviewed_at: Option<Moment>,
    /// On which local day that review said to look again.
    pub due_on: Option<NaiveDate>,
    /// Newest reading.
    pub last_reading_at: Option<Moment>,
    /// The reader's tags on them, by name.
    pub tags: Vec<Tag>,
    /// Whether they are passed to a colleague now; told to doctors who treat them.
    pub handover: Option<Handover>,
    /// When this was computed.
    pub now: Moment,
}

/// A patient's targets, as a doctor sets them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientTargets {
    /// Whose.
    pub id: PatientId,
    /// Name, or the masked phone number.
    pub name: String,
    /// In force.
    pub goals: Goals,
    /// Who set which, newest first; empty if nobody changed what a new patient gets.
    pub history: Vec<GoalsChange<Moment>>,
    /// When this was read.
    pub now: Moment,
}

/// A doctor's patients.
#[async_trait]
pub trait Panel: Send + Sync {
    /// The work list.
    async fn list(&self, actor: &Actor, query: &PanelQuery) -> Result<PanelPage>;
    /// The head of one patient's page.
    async fn patient(&self, actor: &Actor, patient: PatientId) -> Result<PatientHead>;
    /// Marks a patient as reviewed now, or undoes the actor's last review.
    async fn review(&self, actor: &Actor, patient: PatientId, reviewed: bool) -> Result<()>;
    /// Marks a patient as reviewed now and to be looked at again on a day of their calendar, tomorrow to a year from now.
    async fn review_until(&self, actor: &Actor, patient: PatientId, due_on: NaiveDate) -> Result<()>;
    /// Which ranges and targets a patient is judged by, and who set which before, newest first.
    async fn targets(&self, actor: &Actor, patient: PatientId) -> Result<PatientTargets>;
    /// The panel in figures, and the patients of one group.
    async fn analytics(&self, actor: &Actor, group: Option<Group>) -> Result<AnalyticsPage>;
    /// All patients with their figures as a table (CSV). Needs a fresh proof of identity.
    async fn analytics_file(&self, actor: &Actor) -> Result<ExportFile>;
    /// Sets which ranges and targets a patient is judged by.
    async fn set_targets(&self, actor: &Actor, patient: PatientId, goals: Goals) -> Result<()>;
}

// ---- administration -------------------------------------------------------------------------------------------------

/// A member of staff, for the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Who.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Masked phone number.
    pub phone_masked: String,
    /// Doctor or admin.
    pub role: Role,
    /// Their clinic.
    pub clinic: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
}

/// A clinic, for the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClinicRow {
    /// Which.
    pub id: ClinicId,
    /// Name.
    pub name: String,
    /// City.
    pub city: String,
    /// Doctors in it.
    pub doctors: u32,
}

/// A link, for the list: ids and names of doctors, patients only by masked phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkRow {
    /// Which.
    pub id: LinkId,
    /// The patient's masked phone number.
    pub patient_masked: String,
    /// The doctor's name.
    pub doctor: String,
    /// Where it stands.
    pub status: crate::consent::LinkStatus,
    /// Since when.
    pub since: Option<Moment>,
}

/// Staff, clinics and links.
#[async_trait]
pub trait Admin: Send + Sync {
    /// All staff.
    async fn staff(&self, actor: &Actor) -> Result<Vec<StaffRow>>;
    /// Adds a doctor or an admin.
    async fn add_staff(
        &self,
        actor: &Actor,
        name: String,
        phone: Phone,
        role: Role,
        clinic: Option<ClinicId>,
    ) -> Result<UserId>;
    /// Lets someone sign in, or no longer.
    async fn set_active(&self, actor: &Actor, user: UserId, active: bool) -> Result<()>;
    /// All clinics.
    async fn clinics(&self, actor: &Actor) -> Result<Vec<ClinicRow>>;
    /// Adds a clinic.
    async fn add_clinic(&self, actor: &Actor, name: String, city: String) -> Result<ClinicId>;
    /// Doctor-patient links, newest first, at most 200.
    async fn links(&self, actor: &Actor) -> Result<Vec<LinkRow>>;
    /// Asks a patient, by phone, to agree to a link with a doctor. The patient agrees in their care team.
    async fn propose_link(&self, actor: &Actor, patient: Phone, doctor: UserId) -> Result<LinkId>;
    /// Ends a link.
    async fn end_link(&self, actor: &Actor, link: LinkId) -> Result<()>;
}
