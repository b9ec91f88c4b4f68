-- What people agreed to, word for word by version, and when they took it back; and erasures that they asked for.

-- One row each time somebody gives or withdraws consent. Rows are only ever added.
CREATE TABLE consents (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL,
    -- Who was let in.
    viewer_id UUID NOT NULL,
    link_id UUID NOT NULL,
    given BOOLEAN NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('CARE', 'FAMILY')),
    -- JSON array of domain::consent::DataType.
    data_types TEXT NOT NULL,
    text_version TEXT NOT NULL,
    language TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT
);
CREATE INDEX consents_patient ON consents (patient_id, at, id);

CREATE FUNCTION consents_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only with everything else of an erased person.
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM patient_keys k WHERE k.patient_id = OLD.patient_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the consent ledger is only added to';
END $$;
CREATE TRIGGER consents_no_change BEFORE UPDATE OR DELETE ON consents FOR EACH ROW EXECUTE FUNCTION consents_refused();

CREATE TABLE erasures (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX erasures_due ON erasures (due_at);
