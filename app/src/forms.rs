//! Forms that work with and without WASM.
//!
//! A form posts natively to its page's address. The server parses it with `domain::forms`, calls one use case and
//! redirects with a [`Flash`]; if a field is wrong it renders the page again (HTTP 422) with a [`FormState`], so that
//! nothing typed is lost. In the browser the same parser runs first (`components::form`).

use domain::{field::FieldErrors, forms::Fields};
use serde::{Deserialize, Serialize};

/// A form that came back: what was typed, and what is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormState {
    /// Which form: one of [`names`].
    pub form: String,
    /// What was typed. Secrets (codes) are left out.
    pub fields: Fields,
    /// What is wrong, by field. The field `""` is the form as a whole.
    pub errors: FieldErrors,
}

/// Names of the forms: the door's handler and the page agree on them.
pub mod names {
    /// Phone number, to get a code. Field `phone`.
    pub const PHONE: &str = "phone";
    /// The code. Field `code`.
    pub const CODE: &str = "code";
    /// The second factor's code. Field `code`.
    pub const SECOND_FACTOR: &str = "second-factor";
    /// The first code of an authenticator app. Fields `code do`.
    pub const SECOND_FACTOR_SETUP: &str = "second-factor-setup";
    /// Recovery codes that were just made: comes back with the page, once. Fields `codes` (one a line) and `next`.
    pub const RECOVERY_CODES: &str = "recovery-codes";
    /// A fresh proof of identity. Fields `code next`.
    pub const STEP_UP: &str = "step-up";
    /// Another phone number for one's account. Field `phone`.
    pub const NEW_PHONE: &str = "new-phone";
    /// The code that was sent there. Field `code`.
    pub const NEW_PHONE_CODE: &str = "new-phone-code";
    /// A reading, new or changed. Fields `value unit state recordedAt notes confirmed` (and `version` when changed).
    pub const READING: &str = "reading";
    /// A meal, new or changed. Fields `foodItems mealType estimatedCarbs recordedAt` (and `version` when changed).
    pub const MEAL: &str = "meal";
    /// A health record, new or changed. Fields as `domain::records::form` reads them (and `version` when changed).
    pub const RECORD: &str = "record";
    /// A lab report's file. Field `file`.
    pub const RECORD_FILE: &str = "record-file";
    /// A file of readings. Field `file`.
    pub const IMPORT: &str = "import";
    /// Answers about a file. Fields `dateOrder unit timeZone`.
    pub const IMPORT_ANSWERS: &str = "import-answers";
    /// Invitation of a caregiver. Fields `name phone glucose meals records alerts` (`yes`) `until` (a date).
    pub const INVITE: &str = "invite";
    /// Own settings. Fields `name unit timeZone language`.
    pub const SETTINGS: &str = "settings";
    /// A new member of staff. Fields `name phone role clinic`.
    pub const STAFF: &str = "staff";
    /// A new clinic. Fields `name city`.
    pub const CLINIC: &str = "clinic";
    /// The work list's search: comes back with the list. Field `q`.
    pub const PANEL_SEARCH: &str = "panel-search";
    /// A view to keep. Fields `name sort filter tag`.
    pub const VIEW: &str = "view";
    /// A tag to put on a patient. Field `tag`.
    pub const TAG: &str = "tag";
    /// A patient to pass on. Fields `to note`.
    pub const HANDOVER: &str = "handover";
    /// An emergency. Fields `phone reason`.
    pub const EMERGENCY: &str = "emergency";
    /// A code that was just made for a patient: comes back with the page, once. Fields `code qr until`.
    pub const CONNECTION_CODE: &str = "connection-code";
    /// A doctor's code, as a patient types it. Field `code`.
    pub const CONNECT: &str = "connect";
    /// A patient's targets. Fields `preset unit` and `domain::targets::NUMBER_FIELDS`.
    pub const TARGETS: &str = "targets";
    /// A new doctor-patient link. Fields `phone doctor`.
    pub const LINK: &str = "link";
}

/// What the last post did, shown once on the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Which message.
    pub message: FlashMessage,
    /// A path that, posted to, undoes it.
    pub undo: Option<String>,
}

/// Messages of a [`Flash`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlashMessage {
    /// A reading was saved; the value as typed with its unit, `126 mg/dL`.
    ReadingSaved(String),
    /// A reading was changed.
    ReadingChanged,
    /// A reading was deleted.
    ReadingDeleted,
    /// A reading was restored.
    ReadingRestored,
    /// A meal was saved.
    MealSaved,
    /// A meal was changed.
    MealChanged,
    /// A meal was deleted.
    MealDeleted,
    /// A meal was restored.
    MealRestored,
    /// A record was saved, or a file of it.
    RecordSaved,
    /// A record was deleted.
    RecordDeleted,
    /// A record, or its file, was restored.
    RecordRestored,
    /// A record's file was taken away.
    RecordFileRemoved,
    /// A file was stored: so many readings.
    Imported(u32),
    /// An import was undone: so many readings.
    ImportUndone(u32),
    /// A caregiver was invited.
    Invited,
    /// A link is in force.
    LinkAccepted,
    /// A link ended.
    LinkEnded,
    /// Settings were saved.
    SettingsSaved,
    /// A patient was marked as reviewed.
    Reviewed,
    /// That was taken back.
    ReviewUndone,
    /// What was asked for is kept.
    Saved,
    /// What was asked for is gone.
    Removed,
    /// A patient was passed to a colleague.
    HandedOver,
    /// They will be, once they agree.
    HandedOverAsked,
    /// Targets were saved.
    TargetsSaved,
    /// A member of staff was added.
    StaffAdded,
    /// Somebody may sign in again, or no longer.
    StaffChanged,
    /// A clinic was added.
    ClinicAdded,
    /// A link was proposed to the patient.
    LinkProposed,
    /// An erasure was asked for.
    ErasureAsked,
    /// It was taken back.
    ErasureEnded,
    /// Signed out.
    SignedOut,
    /// The second factor was taken away.
    SecondFactorRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was taken away.
    PasskeyRemoved,
    /// A passkey that signs nobody in.
    PasskeyUnknown,
    /// A device was signed out.
    DeviceSignedOut,
    /// The account has another phone number; other devices were signed out.
    PhoneChanged,
    /// It has not: the number is another account's.
    PhoneTaken,
    /// Who one is was proven anew: what was asked for can be done now.
    Proven,
    /// A record is open in an emergency.
    EmergencyOpened,
    /// A lost second factor was taken away.
    SecondFactorReset,
    /// Another code was sent.
    CodeSent,
    /// It changed meanwhile: look again.
    Conflict,
    /// It did not work; try again.
    Failed,
}
