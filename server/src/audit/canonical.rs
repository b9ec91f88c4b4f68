//! A row of the audit trail as bytes: versioned, every part with its length, so that no two rows give the same.

use crate::storage::audit_chain::StoredEntry;

/// Of rows that no request caused, and of all before rows had one.
const WITHOUT_REQUEST: u8 = 1;
const WITH_REQUEST: u8 = 2;

/// The bytes that a row's code is made over.
pub(super) fn canonical(seq: i64, entry: &StoredEntry) -> Vec<u8> {
    let mut bytes = vec![if entry.request.is_some() { WITH_REQUEST } else { WITHOUT_REQUEST }];
    bytes.extend(seq.to_be_bytes());
    bytes.extend(entry.at.to_be_bytes());
    bytes.push(u8::from(entry.allowed));
    let parts = [
        Some(entry.id.as_bytes().as_slice()),
        entry.actor.as_ref().map(|id| id.as_bytes().as_slice()),
        entry.role.as_deref().map(str::as_bytes),
        entry.session.as_ref().map(|id| id.as_bytes().as_slice()),
        Some(entry.action.as_bytes()),
        entry.object_type.as_deref().map(str::as_bytes),
        entry.object_id.as_ref().map(|id| id.as_bytes().as_slice()),
        entry.patient.as_ref().map(|id| id.as_bytes().as_slice()),
        entry.address.as_deref().map(str::as_bytes),
        entry.reason.as_deref().map(str::as_bytes),
    ];
    for part in parts.into_iter().chain(entry.request.as_deref().map(|request| Some(request.as_bytes()))) {
        // Absent is not empty.
        bytes.push(u8::from(part.is_some()));
        let part = part.unwrap_or_default();
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

/// The bytes that a signed place in the chain is signed over; `kind` tells a head from a cut.
pub(super) fn signed(kind: &[u8], seq: i64, at_ms: i64, mac: &[u8]) -> Vec<u8> {
    let mut bytes = b"procare/audit/v1/".to_vec();
    bytes.extend(kind);
    bytes.push(0);
    bytes.extend(seq.to_be_bytes());
    bytes.extend(at_ms.to_be_bytes());
    bytes.extend(mac);
    bytes
}

/// A head.
pub(super) const HEAD: &[u8] = b"head";
/// A cut.
pub(super) const CUT: &[u8] = b"cut";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_column_can_change_or_move_without_other_bytes() {
        let id = Uuid::from_u128;
        let row = StoredEntry {
            id: id(1),
            at: 5,
            actor: Some(id(2)),
            role: Some("DOCTOR".into()),
            session: Some(id(3)),
            action: "patient.view".into(),
            object_type: Some("patients".into()),
            object_id: Some(id(4)),
            patient: Some(id(4)),
            allowed: true,
            address: None,
            reason: None,
            request: None,
        };
        let changed = [
            row.clone(),
            StoredEntry { id: id(9), ..row.clone() },
            StoredEntry { at: 6, ..row.clone() },
            StoredEntry { actor: None, ..row.clone() },
            StoredEntry { actor: Some(id(3)), session: Some(id(2)), ..row.clone() },
            StoredEntry { role: Some("ADMIN".into()), ..row.clone() },
            StoredEntry { session: None, ..row.clone() },
            StoredEntry { action: "patient.vie".into(), object_type: Some("wpatients".into()), ..row.clone() },
            StoredEntry { object_type: None, ..row.clone() },
            StoredEntry { object_id: None, ..row.clone() },
            StoredEntry { patient: Some(id(5)), ..row.clone() },
            StoredEntry { allowed: false, ..row.clone() },
            StoredEntry { address: Some("1.2.3.4".into()), ..row.clone() },
            StoredEntry { address: Some(String::new()), ..row.clone() },
            StoredEntry { reason: Some("1.2.3.4".into()), ..row.clone() },
            StoredEntry { reason: Some(String::new()), ..row.clone() },
            StoredEntry { request: Some("1.2.3.4".into()), ..row.clone() },
            StoredEntry { request: Some(String::new()), ..row.clone() },
        ];
        let bytes: HashSet<_> = changed.iter().map(|row| canonical(1, row)).chain([canonical(2, &row)]).collect();
        assert_eq!(bytes.len(), changed.len() + 1);
    }
}
