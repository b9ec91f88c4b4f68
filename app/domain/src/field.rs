//! What is wrong with an input, and where. The words are the reader's language's; here are only codes and numbers.

use serde::{Deserialize, Serialize};

/// What is wrong with one field. Pages and the API translate it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// Not a number.
    NotANumber,
    /// Outside what is accepted; bounds in the unit that was used.
    OutOfRange {
        /// Least accepted value.
        min: f64,
        /// Greatest accepted value.
        max: f64,
        /// Unit of the bounds: `mg/dL`, `mmol/L`, `g`; empty for a bare number.
        unit: String,
    },
    /// Out of range in the unit that was named, but not in another one of the same thing.
    FitsOtherUnit {
        /// As people read it.
        unit: String,
    },
    /// Insulin is counted in units.
    InsulinInUnits,
    /// The lower pressure is not the lower one.
    NotBelowSystolic,
    /// Before the first day.
    BeforeStart,
    /// Unusual enough to ask: posted again with `confirmed`, it is accepted.
    ConfirmUnusual,
    /// More characters than allowed.
    TooLong {
        /// Most characters allowed.
        max: u32,
    },
    /// Fewer characters than it needs to say something.
    TooShort {
        /// Fewest characters.
        min: u32,
    },
    /// Fewer or more items than allowed.
    ItemCount {
        /// Fewest.
        min: u32,
        /// Most.
        max: u32,
    },
    /// Not one of the values that exist.
    UnknownChoice,
    /// Not an Indian mobile number.
    Phone,
    /// Not a time we can read.
    Time,
    /// Later than now (and the five minutes of clock skew allowed).
    InFuture,
    /// A local time that the zone skipped (daylight saving).
    NoSuchLocalTime,
    /// Not an IANA time zone.
    TimeZone,
    /// Nobody with this number is known, or not as what is asked for.
    NoSuchPerson,
    /// It is there already.
    Exists,
    /// The one-time password is wrong, used, or too old.
    Otp,
    /// A field that this call does not have.
    UnknownField,
    /// The file is not one that we can read.
    FileFormat,
    /// The file is larger than allowed.
    FileTooLarge {
        /// Most bytes, in mebibytes.
        max_mib: u32,
    },
    /// Not well-formed in some other way.
    Malformed,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field, as in the form and in the JSON (camelCase).
    pub field: String,
    /// What is wrong with it.
    #[serde(flatten)]
    pub problem: Problem,
}

/// All that is wrong with an input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// One field's problem.
    pub fn one(field: impl Into<String>, problem: Problem) -> Self {
        let mut errors = Self::default();
        errors.push(field, problem);
        errors
    }

    /// Adds a problem.
    pub fn push(&mut self, field: impl Into<String>, problem: Problem) {
        self.0.push(FieldError { field: field.into(), problem });
    }

    /// Keeps a parsed value, or notes its problem and gives nothing: all fields are judged before the input is refused.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, Problem>) -> Option<T> {
        parsed.map_err(|problem| self.push(field, problem)).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first problem of a field.
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|e| e.field == field).map(|e| &e.problem)
    }

    /// The value if nothing is wrong.
    pub fn into_result<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}
