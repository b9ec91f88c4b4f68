//! Links between patients and those who may see their data.

use chrono::{DateTime, Utc};
use domain::{
    consent::{DataType, LinkKind, LinkStatus},
    ids::{LinkId, PatientId, UserId},
    people::Language,
};
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::known,
    time::{from_ms, to_ms},
};

/// A link to store, pending.
#[derive(Debug, Clone)]
pub struct NewLink<'a> {
    /// Made before sealing.
    pub id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    /// Whose data.
    pub patient: PatientId,
    /// Who may see it.
    pub viewer: UserId,
    /// Who has to agree.
    pub awaits: UserId,
    /// What the patient calls a caregiver, sealed.
    pub label_sealed: Option<Vec<u8>>,
    /// What may be seen.
    pub data_types: &'a [DataType],
    /// The text that the patient agreed to and its language, if the patient is the one who asked.
    pub consent: Option<(&'a str, Language)>,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// When it ends by itself, UTC.
    pub until: Option<DateTime<Utc>>,
}

/// What is in force between a patient and a viewer: at most one link of each kind.
pub async fn in_force(
    store: &Store,
    patient: PatientId,
    viewer: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<(LinkKind, Vec<DataType>)>, sqlx::Error> {
    let rows: Vec<(String, String)> = on_store!(store, pool => sqlx::query_as(
        "SELECT kind, data_types FROM links \
         WHERE patient_id = $1 AND viewer_id = $2 AND status = 'ACTIVE' AND (until IS NULL OR until > $3)")
        .bind(patient.0).bind(viewer.0).bind(to_ms(now)).fetch_all(pool).await)?;
    rows.into_iter().map(|(kind, types)| Ok((known(LinkKind::parse(&kind), "kind")?, data_types(&types)?))).collect()
}

/// Adds a pending link; a unique violation if the two have a live one of the kind.
pub async fn add(tx: &mut Tx, new: &NewLink<'_>) -> Result<(), sqlx::Error> {
    let types = serde_json::to_string(new.data_types).map_err(|e| sqlx::Error::Encode(e.into()))?;
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO links (id, kind, status, patient_id, viewer_id, awaits_id, label_sealed, data_types, \
         consent_version, consent_language, created_at, until) \
         VALUES ($1, $2, 'PENDING', $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(new.id.0)
        .bind(new.kind.as_str())
        .bind(new.patient.0)
        .bind(new.viewer.0)
        .bind(new.awaits.0)
        .bind(new.label_sealed.as_deref())
        .bind(types)
        .bind(new.consent.map(|(version, _)| version))
        .bind(new.consent.map(|(_, language)| language.as_str()))
        .bind(to_ms(new.at))
        .bind(new.until.map(to_ms))
        .execute(conn).await.map(|_| ()))
}

/// Marks links of a patient that ended by themselves as ended, so that they do not stand in the way of new ones.
pub async fn end_overdue(tx: &mut Tx, patient: PatientId, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    in_tx!(tx, conn => sqlx::query(
        "UPDATE links SET status = 'ENDED', ended_at = until, awaits_id = NULL \
         WHERE patient_id = $1 AND status <> 'ENDED' AND until <= $2")
        .bind(patient.0).bind(to_ms(now)).execute(conn).await.map(|_| ()))
}

/// Links of a patient that are not ended.
pub async fn count_live(tx: &mut Tx, patient: PatientId) -> Result<i64, sqlx::Error> {
    in_tx!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM links WHERE patient_id = $1 AND status <> 'ENDED'")
        .bind(patient.0).fetch_one(conn).await)
}

/// The link of a kind between two people that has not ended, and where it stands; there is at most one.
pub async fn between(
    tx: &mut Tx,
    patient: PatientId,
    viewer: UserId,
    kind: LinkKind,
) -> Result<Option<(LinkId, LinkStatus)>, sqlx::Error> {
    let row: Option<(Uuid, String)> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, status FROM links WHERE patient_id = $1 AND viewer_id = $2 AND kind = $3 AND status <> 'ENDED'")
        .bind(patient.0).bind(viewer.0).bind(kind.as_str()).fetch_optional(conn).await)?;
    row.map(|(id, status)| Ok((LinkId(id), known(LinkStatus::parse(&status), "status")?))).transpose()
}

/// Puts a link that awaits this person in force; whose data it opens, or nothing if none awaits them. A given consent
/// (the patient's own) is noted with it.
pub async fn accept(
    tx: &mut Tx,
    id: LinkId,
    by: UserId,
    consent: Option<(&str, Language)>,
    now: DateTime<Utc>,
) -> Result<Option<PatientId>, sqlx::Error> {
    let patient: Option<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE links SET status = 'ACTIVE', since = $3, awaits_id = NULL, \
             consent_version = COALESCE($4, consent_version), consent_language = COALESCE($5, consent_language) \
         WHERE id = $1 AND awaits_id = $2 AND status = 'PENDING' AND (until IS NULL OR until > $3) RETURNING patient_id")
        .bind(id.0)
        .bind(by.0)
        .bind(to_ms(now))
        .bind(consent.map(|(version, _)| version))
        .bind(consent.map(|(_, language)| language.as_str()))
        .fetch_optional(conn).await)?;
    Ok(patient.map(PatientId))
}

/// Ends a link, whoever's it is; whose data it was about, or nothing if it was ended before or never was.
pub async fn end(tx: &mut Tx, id: LinkId, now: DateTime<Utc>) -> Result<Option<PatientId>, sqlx::Error> {
    let patient: Option<Uuid> = in_tx!(tx, conn => sqlx::query_scalar(
        "UPDATE links SET status = 'ENDED', ended_at = $2, awaits_id = NULL \
         WHERE id = $1 AND status <> 'ENDED' RETURNING patient_id")
        .bind(id.0).bind(to_ms(now)).fetch_optional(conn).await)?;
    Ok(patient.map(PatientId))
}

/// Links through which somebody sees others, or is asked to, and that have not ended: which, and whose data.
pub async fn live_of_viewer(tx: &mut Tx, viewer: UserId) -> Result<Vec<(LinkId, PatientId)>, sqlx::Error> {
    let rows: Vec<(Uuid, Uuid)> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT id, patient_id FROM links WHERE viewer_id = $1 AND status <> 'ENDED' ORDER BY id")
        .bind(viewer.0).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|(link, patient)| (LinkId(link), PatientId(patient))).collect())
}

/// The two sides of a link and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// What it is for.
    pub kind: LinkKind,
    /// Where it stands.
    pub status: LinkStatus,
    /// Whose data.
    pub patient: PatientId,
    /// Who may see it.
    pub viewer: UserId,
}

/// The two sides of a link.
pub async fn sides(tx: &mut Tx, id: LinkId) -> Result<Option<Sides>, sqlx::Error> {
    let row: Option<(String, String, Uuid, Uuid)> = in_tx!(tx, conn => sqlx::query_as(
        "SELECT kind, status, patient_id, viewer_id FROM links WHERE id = $1")
        .bind(id.0).fetch_optional(conn).await)?;
    row.map(|(kind, status, patient, viewer)| {
        Ok(Sides {
            kind: known(LinkKind::parse(&kind), "kind")?,
            status: known(LinkStatus::parse(&status), "status")?,
            patient: PatientId(patient),
            viewer: UserId(viewer),
        })
    })
    .transpose()
}

/// A link with what is shown of the other side.
#[derive(Debug, Clone, PartialEq)]
pub struct WithOther {
    /// Its id.
    pub id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    /// Where it stands.
    pub status: LinkStatus,
    /// Whose data.
    pub patient: PatientId,
    /// Who may see it.
    pub viewer: UserId,
    /// Who has to agree.
    pub awaits: Option<UserId>,
    /// What the patient calls a caregiver, sealed.
    pub label_sealed: Option<Vec<u8>>,
    /// What may be seen.
    pub data_types: Vec<DataType>,
    /// Since when it is in force, UTC.
    pub since: Option<DateTime<Utc>>,
    /// When it ends by itself, UTC.
    pub until: Option<DateTime<Utc>>,
    /// The other side's name, sealed.
    pub other_name_sealed: Option<Vec<u8>>,
    /// The other side's phone number, sealed.
    pub other_phone_sealed: Vec<u8>,
    /// The other side's clinic.
    pub other_clinic: Option<String>,
}

#[derive(sqlx::FromRow)]
struct WithOtherRow {
    id: Uuid,
    kind: String,
    status: String,
    patient_id: Uuid,
    viewer_id: Uuid,
    awaits_id: Option<Uuid>,
    label_sealed: Option<Vec<u8>>,
    data_types: String,
    since: Option<i64>,
    until: Option<i64>,
    name_sealed: Option<Vec<u8>>,
    phone_sealed: Vec<u8>,
    clinic: Option<String>,
}

impl WithOtherRow {
    fn read(self) -> Result<WithOther, sqlx::Error> {
        Ok(WithOther {
            id: LinkId(self.id),
            kind: known(LinkKind::parse(&self.kind), "kind")?,
            status: known(LinkStatus::parse(&self.status), "status")?,
            patient: PatientId(self.patient_id),
            viewer: UserId(self.viewer_id),
            awaits: self.awaits_id.map(UserId),
            label_sealed: self.label_sealed,
            data_types: data_types(&self.data_types)?,
            since: self.since.map(from_ms),
            until: self.until.map(from_ms),
            other_name_sealed: self.name_sealed,
            other_phone_sealed: self.phone_sealed,
            other_clinic: self.clinic,
        })
    }
}

/// Live links in which this is the patient, oldest first; the other side is the viewer.
pub async fn of_patient(store: &Store, patient: PatientId, now: DateTime<Utc>) -> Result<Vec<WithOther>, sqlx::Error> {
    let rows: Vec<WithOtherRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT l.id, l.kind, l.status, l.patient_id, l.viewer_id, l.awaits_id, l.label_sealed, l.data_types, l.since, \
         l.until, u.name_sealed, u.phone_sealed, c.name AS clinic FROM links l JOIN users u ON u.id = l.viewer_id \
         LEFT JOIN clinics c ON c.id = u.clinic_id \
         WHERE l.patient_id = $1 AND l.status <> 'ENDED' AND (l.until IS NULL OR l.until > $2) ORDER BY l.id LIMIT 100")
        .bind(patient.0).bind(to_ms(now)).fetch_all(pool).await)?;
    rows.into_iter().map(WithOtherRow::read).collect()
}

/// Links in which this is the viewer and that are in force or await them, oldest first, at most 200; the other side is
/// the patient.
pub async fn of_viewer(store: &Store, viewer: UserId, now: DateTime<Utc>) -> Result<Vec<WithOther>, sqlx::Error> {
    let rows: Vec<WithOtherRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT l.id, l.kind, l.status, l.patient_id, l.viewer_id, l.awaits_id, l.label_sealed, l.data_types, l.since, \
         l.until, u.name_sealed, u.phone_sealed, c.name AS clinic FROM links l JOIN users u ON u.id = l.patient_id \
         LEFT JOIN clinics c ON c.id = u.clinic_id \
         WHERE l.viewer_id = $1 AND (l.status = 'ACTIVE' OR (l.status = 'PENDING' AND l.awaits_id = $1)) \
         AND (l.until IS NULL OR l.until > $2) ORDER BY l.id LIMIT 200")
        .bind(viewer.0).bind(to_ms(now)).fetch_all(pool).await)?;
    rows.into_iter().map(WithOtherRow::read).collect()
}

/// Whether this person follows somebody, or is asked to.
pub async fn follows(store: &Store, viewer: UserId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let found: Option<Uuid> = on_store!(store, pool => sqlx::query_scalar(
        "SELECT id FROM links WHERE viewer_id = $1 AND kind = 'FAMILY' AND status <> 'ENDED' \
         AND (until IS NULL OR until > $2) LIMIT 1")
        .bind(viewer.0).bind(to_ms(now)).fetch_optional(pool).await)?;
    Ok(found.is_some())
}

/// The doctors who treat some patients, or once did.
pub async fn doctors_of(store: &Store, patients: &[PatientId]) -> Result<Vec<UserId>, sqlx::Error> {
    let mut doctors = Vec::new();
    for patient in patients {
        let found: Vec<Uuid> = on_store!(store, pool => sqlx::query_scalar(
            "SELECT DISTINCT viewer_id FROM links WHERE patient_id = $1 AND kind = 'CARE' ORDER BY viewer_id")
            .bind(patient.0).fetch_all(pool).await)?;
        doctors.extend(found.into_iter().map(UserId));
    }
    doctors.sort_unstable();
    doctors.dedup();
    Ok(doctors)
}

/// A link between a patient and a doctor, for the list.
#[derive(Debug, Clone, PartialEq)]
pub struct CareLink {
    /// Which.
    pub id: LinkId,
    /// Where it stands.
    pub status: LinkStatus,
    /// Whose data.
    pub patient: PatientId,
    /// The patient's phone number, sealed.
    pub patient_phone_sealed: Vec<u8>,
    /// The doctor.
    pub doctor: UserId,
    /// The doctor's name, sealed.
    pub doctor_name_sealed: Option<Vec<u8>>,
    /// The doctor's phone number, sealed.
    pub doctor_phone_sealed: Vec<u8>,
    /// Since when it is in force, UTC.
    pub since: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct CareLinkRow {
    id: Uuid,
    status: String,
    patient_id: Uuid,
    patient_phone: Vec<u8>,
    viewer_id: Uuid,
    doctor_name: Option<Vec<u8>>,
    doctor_phone: Vec<u8>,
    since: Option<i64>,
}

/// Links between patients and doctors, newest first, at most 200.
pub async fn newest_care(store: &Store) -> Result<Vec<CareLink>, sqlx::Error> {
    let rows: Vec<CareLinkRow> = on_store!(store, pool => sqlx::query_as(
        "SELECT l.id, l.status, l.patient_id, p.phone_sealed AS patient_phone, l.viewer_id, \
         d.name_sealed AS doctor_name, d.phone_sealed AS doctor_phone, l.since FROM links l \
         JOIN users p ON p.id = l.patient_id JOIN users d ON d.id = l.viewer_id \
         WHERE l.kind = 'CARE' ORDER BY l.id DESC LIMIT 200")
        .fetch_all(pool).await)?;
    rows.into_iter()
        .map(|row| {
            Ok(CareLink {
                id: LinkId(row.id),
                status: known(LinkStatus::parse(&row.status), "status")?,
                patient: PatientId(row.patient_id),
                patient_phone_sealed: row.patient_phone,
                doctor: UserId(row.viewer_id),
                doctor_name_sealed: row.doctor_name,
                doctor_phone_sealed: row.doctor_phone,
                since: row.since.map(from_ms),
            })
        })
        .collect()
}

fn data_types(json: &str) -> Result<Vec<DataType>, sqlx::Error> {
    serde_json::from_str(json).map_err(|e| sqlx::Error::Decode(e.into()))
}
