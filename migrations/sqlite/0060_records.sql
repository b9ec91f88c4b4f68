-- Health records: reports of laboratories, medicines, doses, weight, blood pressure. What they say is sealed: nothing is
-- computed over them in SQL.
CREATE TABLE records (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    origin_key TEXT,
    record_type TEXT NOT NULL,
    -- JSON of the type's fields and of the notes, sealed.
    content_sealed BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE INDEX records_patient_recorded ON records (patient_id, recorded_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX records_origin ON records (patient_id, origin_key) WHERE origin_key IS NOT NULL;

-- The file of a record: at most one that is not deleted.
CREATE TABLE record_files (
    id BLOB PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    patient_id BLOB NOT NULL REFERENCES users (id),
    -- What its first bytes say it is.
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE UNIQUE INDEX record_files_live ON record_files (record_id) WHERE deleted_at IS NULL;
CREATE INDEX record_files_patient ON record_files (patient_id);
