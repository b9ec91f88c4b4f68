//! Which columns hold words or bytes in clear, and why they may: everything else is sealed or an id. A new column is sealed, or
//! named here with its reason (docs/adr/0010).

use std::collections::BTreeSet;

use server::storage::Store;

use crate::support::TestDb;

const CLEAR: &[(&str, &[&str])] = &[
    (
        "one of a few words that the service itself chose",
        &[
            "audit.action",
            "audit.object_type",
            "audit.reason",
            "audit.role",
            "consents.data_types",
            "consents.language",
            "consents.purpose",
            "consents.text_version",
            "imports.status",
            "inbox.consumer",
            "links.consent_language",
            "links.consent_version",
            "links.data_types",
            "links.kind",
            "links.status",
            "meals.meal_type",
            "outbox.kind",
            "passkey_ceremonies.purpose",
            "passkeys.device",
            "patients.preset",
            "purpose_keys.purpose",
            "readings.clip",
            "readings.source",
            "readings.state",
            "readings.unit",
            "record_files.media_type",
            "records.record_type",
            "saved_views.filter",
            "saved_views.sort",
            "sessions.amr",
            "sessions.kind",
            "users.language",
            "users.role",
            "users.time_zone",
            "users.unit",
        ],
    ),
    (
        "numbers that are scanned, or made of those (docs/adr/0010)",
        &["imports.summary", "patients.own_goals", "patients.standing", "reviews.due_on", "target_changes.goals"],
    ),
    (
        "an id, the app's or a device's own for a reading",
        &["meals.origin_key", "readings.origin_key", "records.origin_key", "target_changes.set_by"],
    ),
    (
        "a hash, a keyed code, a signature or a wrapped key",
        &[
            "audit_chain.mac",
            "audit_cuts.mac",
            "audit_cuts.signature",
            "audit_heads.mac",
            "audit_heads.signature",
            "connection_codes.code_mac",
            "otp_challenges.block_index",
            "otp_challenges.code_mac",
            "otp_challenges.phone_index",
            "otp_failures.phone_index",
            "patient_keys.key_wrapped",
            "recovery_codes.hash",
            "recovery_codes.selector",
            "refresh_tokens.token_hash",
            "users.phone_index",
            "web_sessions.id_hash",
        ],
    ),
    ("a public key, and what it has to sign", &["passkey_ceremonies.state", "passkeys.credential"]),
    ("sealed for the holder of the cookie", &["web_sessions.data"]),
    ("from where somebody signed in, for limits and for the trail", &["audit.address", "otp_challenges.address"]),
    ("a clinic's, public", &["clinics.city", "clinics.name"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_column_is_a_number_an_id_or_sealed_or_has_a_reason_to_be_in_clear() {
    let db = TestDb::sqlite().await;
    let Store::Sqlite { read, .. } = &db.store else { panic!("an SQLite database") };
    // Both engines have the same columns: another test compares them.
    let sql = "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
               WHERE m.type = 'table' AND c.type IN ('TEXT', 'BLOB') AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
    let columns: Vec<String> = sqlx::query_scalar(sql).fetch_all(read).await.unwrap();
    let closed = |column: &str| [".id", "_id", "_sealed"].iter().any(|end| column.ends_with(end));
    assert!(columns.iter().filter(|column| column.ends_with("_sealed")).count() > 8, "{columns:?}");
    let open: BTreeSet<&str> = columns.iter().map(String::as_str).filter(|column| !closed(column)).collect();
    let named: BTreeSet<&str> = CLEAR.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
    assert_eq!(open.difference(&named).collect::<Vec<_>>(), Vec::<&&str>::new(), "in clear and not named: seal it");
    assert_eq!(named.difference(&open).collect::<Vec<_>>(), Vec::<&&str>::new(), "named here and not in the schema");
}
