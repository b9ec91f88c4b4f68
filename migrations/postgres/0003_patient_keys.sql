-- One random key per person, wrapped by a master key (docs/adr/0008). Deleting the row makes everything that was sealed
-- with it unreadable, in backups too.
CREATE TABLE patient_keys (
    patient_id UUID NOT NULL,
    generation BIGINT NOT NULL,
    -- Which key of ENCRYPTION_KEYS wraps it.
    master_id BIGINT NOT NULL,
    key_wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (patient_id, generation)
);
CREATE INDEX patient_keys_master ON patient_keys (master_id, patient_id);
