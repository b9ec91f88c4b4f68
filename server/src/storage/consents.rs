//! The consent ledger: rows are only ever added.

use chrono::{DateTime, Utc};
use domain::{
    consent::{DataType, LinkKind},
    ids::{LinkId, PatientId, UserId},
    people::{Language, Role},
};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::{from_row, known},
    time::{from_ms, to_ms},
};

/// Consent given or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Made before.
    pub id: Uuid,
    /// Whose data.
    pub patient: PatientId,
    /// Who is let in, or no longer.
    pub viewer: UserId,
    /// Through which link.
    pub link: LinkId,
    /// Given, or withdrawn.
    pub given: bool,
    /// What for.
    pub purpose: LinkKind,
    /// Which data.
    pub data_types: Vec<DataType>,
    /// Version of the words that were agreed to.
    pub text_version: String,
    /// Their language.
    pub language: Language,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Until when, UTC.
    pub until: Option<DateTime<Utc>>,
}

/// Adds a row.
pub async fn add(tx: &mut Tx, consent: &Consent) -> Result<(), sqlx::Error> {
    let data_types =
        serde_json::to_string(&consent.data_types).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO consents (id, patient_id, viewer_id, link_id, given, purpose, data_types, text_version, language, at, until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(consent.id)
        .bind(consent.patient.0)
        .bind(consent.viewer.0)
        .bind(consent.link.0)
        .bind(consent.given)
        .bind(consent.purpose.as_str())
        .bind(data_types)
        .bind(consent.text_version.as_str())
        .bind(consent.language.as_str())
        .bind(to_ms(consent.at))
        .bind(consent.until.map(to_ms))
        .execute(conn).await.map(|_| ()))
}

/// The newest consent that a link rests on, if it was given and not withdrawn.
pub async fn standing(tx: &mut Tx, link: LinkId) -> Result<Option<Consent>, sqlx::Error> {
    let row: Option<Row> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, patient_id, viewer_id, link_id, given, purpose, data_types, text_version, language, at, until, \
         NULL, NULL, NULL FROM consents WHERE link_id = $1 ORDER BY id DESC LIMIT 1")
        .bind(link.0).fetch_optional(conn).await)?;
    Ok(row.map(|row| row.0.consent).filter(|consent| consent.given))
}

/// A row with what tells who it was about.
pub struct WithViewer {
    /// The row.
    pub consent: Consent,
    /// What the viewer is.
    pub role: Option<Role>,
    /// The viewer's own name.
    pub name_sealed: Option<Vec<u8>>,
    /// The name that the patient gave them.
    pub label_sealed: Option<Vec<u8>>,
}

struct Row(WithViewer);

from_row!(Row, row => {
    let data_types: String = row.try_get(6)?;
    let consent = Consent {
        id: row.try_get(0)?,
        patient: PatientId(row.try_get(1)?),
        viewer: UserId(row.try_get(2)?),
        link: LinkId(row.try_get(3)?),
        given: row.try_get(4)?,
        purpose: known(LinkKind::parse(row.try_get::<String, _>(5)?.as_str()), "purpose")?,
        data_types: known(serde_json::from_str(&data_types), "data_types")?,
        text_version: row.try_get(7)?,
        language: known(Language::parse(row.try_get::<String, _>(8)?.as_str()), "language")?,
        at: from_ms(row.try_get(9)?),
        until: row.try_get::<Option<i64>, _>(10)?.map(from_ms),
    };
    let role: Option<String> = row.try_get(11)?;
    Ok(Self(WithViewer {
        consent,
        role: role.map(|text| known(Role::parse(&text), "role")).transpose()?,
        name_sealed: row.try_get(12)?,
        label_sealed: row.try_get(13)?,
    }))
});

/// A patient's rows, newest first, at most so many.
pub async fn of_patient(store: &Store, patient: PatientId, most: u32) -> Result<Vec<WithViewer>, sqlx::Error> {
    let rows: Vec<Row> = on_store!(store, pool => sqlx::query_as(
        "SELECT c.id, c.patient_id, c.viewer_id, c.link_id, c.given, c.purpose, c.data_types, c.text_version, c.language, c.at, \
         c.until, u.role, u.name_sealed, l.label_sealed FROM consents c LEFT JOIN users u ON u.id = c.viewer_id \
         LEFT JOIN links l ON l.id = c.link_id WHERE c.patient_id = $1 ORDER BY c.at DESC, c.id DESC LIMIT $2")
        .bind(patient.0).bind(i64::from(most)).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
