-- What people agreed to, word for word by version, and when they took it back; and erasures that they asked for.

-- One row each time somebody gives or withdraws consent. Rows are only ever added.
CREATE TABLE consents (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL,
    -- Who was let in.
    viewer_id BLOB NOT NULL,
    link_id BLOB NOT NULL,
    given BOOLEAN NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('CARE', 'FAMILY')),
    -- JSON array of domain::consent::DataType.
    data_types TEXT NOT NULL,
    text_version TEXT NOT NULL,
    language TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER
);
CREATE INDEX consents_patient ON consents (patient_id, at, id);

CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents BEGIN
    SELECT RAISE(ABORT, 'the consent ledger is only added to');
END;
-- Only with everything else of an erased person.
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents
WHEN EXISTS (SELECT 1 FROM patient_keys k WHERE k.patient_id = OLD.patient_id) BEGIN
    SELECT RAISE(ABORT, 'the consent ledger is only added to');
END;

CREATE TABLE erasures (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    asked_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL
);
CREATE INDEX erasures_due ON erasures (due_at);
