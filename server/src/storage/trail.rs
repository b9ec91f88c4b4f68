//! Reading the audit trail: by patient for the patient, by ids for an admin.

use chrono::{DateTime, Utc};
use domain::{
    ids::{LinkId, PatientId, UserId},
    page::Cursor,
    people::Role,
    trail::{TrailLine, TrailQuery},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Store, on_store,
    rows::{from_row, known},
    time::{from_ms, to_ms},
};

/// A row about a patient, with what tells who it was.
pub struct OfPatient {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// As what they acted.
    pub role: Option<Role>,
    /// What.
    pub action: String,
    /// Whether it was allowed.
    pub allowed: bool,
    /// Who.
    pub actor: UserId,
    /// Their name.
    pub name_sealed: Option<Vec<u8>>,
    /// Their clinic.
    pub clinic: Option<String>,
    /// The newest link in which the patient gave them a name, and that name.
    pub label: Option<(LinkId, Vec<u8>)>,
}

from_row!(OfPatient, row => {
    let link: Option<Uuid> = row.try_get(8)?;
    let label: Option<Vec<u8>> = row.try_get(9)?;
    Ok(Self {
        id: row.try_get(0)?,
        at: from_ms(row.try_get(1)?),
        role: row.try_get::<Option<String>, _>(2)?.map(|text| known(Role::parse(&text), "role")).transpose()?,
        action: row.try_get(3)?,
        allowed: row.try_get(4)?,
        actor: UserId(row.try_get(5)?),
        name_sealed: row.try_get(6)?,
        clinic: row.try_get(7)?,
        label: link.map(LinkId).zip(label),
    })
});

/// What others did with a patient's data, newest first, before the last one seen.
pub async fn of_patient(
    store: &Store,
    patient: PatientId,
    from: DateTime<Utc>,
    before: Cursor,
    limit: i64,
) -> Result<Vec<OfPatient>, sqlx::Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT a.id, a.at, a.role, a.action, a.allowed, a.actor_id, u.name_sealed, c.name, \
         (SELECT l.id FROM links l WHERE l.patient_id = a.patient_id AND l.viewer_id = a.actor_id \
          AND l.label_sealed IS NOT NULL ORDER BY l.id DESC LIMIT 1), \
         (SELECT l.label_sealed FROM links l WHERE l.patient_id = a.patient_id AND l.viewer_id = a.actor_id \
          AND l.label_sealed IS NOT NULL ORDER BY l.id DESC LIMIT 1) \
         FROM audit a LEFT JOIN users u ON u.id = a.actor_id LEFT JOIN clinics c ON c.id = u.clinic_id \
         WHERE a.patient_id = $1 AND a.actor_id <> $1 AND a.at >= $2 AND (a.at, a.id) < ($3, $4) \
         ORDER BY a.at DESC, a.id DESC LIMIT $5")
        .bind(patient.0)
        .bind(to_ms(from))
        .bind(before.at_ms)
        .bind(before.id)
        .bind(limit)
        .fetch_all(pool).await)
}

struct Line(TrailLine);

from_row!(Line, row => Ok(Self(TrailLine {
    id: row.try_get(0)?,
    at: from_ms(row.try_get(1)?),
    actor: row.try_get::<Option<Uuid>, _>(2)?.map(UserId),
    role: row.try_get(3)?,
    action: row.try_get(4)?,
    object_type: row.try_get(5)?,
    object_id: row.try_get(6)?,
    patient: row.try_get::<Option<Uuid>, _>(7)?.map(PatientId),
    allowed: row.try_get(8)?,
    address: row.try_get(9)?,
    reason: row.try_get(10)?,
    request: row.try_get(11)?,
})));

/// The rows that a search finds, newest first, before the last one seen.
pub async fn search(
    store: &Store,
    query: &TrailQuery,
    from: DateTime<Utc>,
    before: Cursor,
    limit: i64,
) -> Result<Vec<TrailLine>, sqlx::Error> {
    let lines: Vec<Line> = on_store!(store, pool => {
        let mut sql = QueryBuilder::new(
            "SELECT id, at, actor_id, role, action, object_type, object_id, patient_id, allowed, address, reason, request_id \
             FROM audit WHERE at >= ",
        );
        sql.push_bind(to_ms(from)).push(" AND (at, id) < (").push_bind(before.at_ms).push(", ").push_bind(before.id).push(")");
        if let Some(actor) = query.actor {
            sql.push(" AND actor_id = ").push_bind(actor.0);
        }
        if let Some(patient) = query.patient {
            sql.push(" AND patient_id = ").push_bind(patient.0);
        }
        if let Some(action) = query.action.as_deref() {
            sql.push(" AND action = ").push_bind(action);
        }
        sql.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit);
        sql.build_query_as().fetch_all(pool).await
    })?;
    Ok(lines.into_iter().map(|Line(line)| line).collect())
}
