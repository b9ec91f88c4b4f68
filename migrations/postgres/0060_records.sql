-- Health records: reports of laboratories, medicines, doses, weight, blood pressure. What they say is sealed: nothing is
-- computed over them in SQL.
CREATE TABLE records (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES users (id),
    origin_key TEXT,
    record_type TEXT NOT NULL,
    -- JSON of the type's fields and of the notes, sealed.
    content_sealed BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX records_patient_recorded ON records (patient_id, recorded_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX records_origin ON records (patient_id, origin_key) WHERE origin_key IS NOT NULL;

-- The file of a record: at most one that is not deleted.
CREATE TABLE record_files (
    id UUID PRIMARY KEY,
    record_id UUID NOT NULL REFERENCES records (id),
    patient_id UUID NOT NULL REFERENCES users (id),
    -- What its first bytes say it is.
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    content_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX record_files_live ON record_files (record_id) WHERE deleted_at IS NULL;
CREATE INDEX record_files_patient ON record_files (patient_id);
