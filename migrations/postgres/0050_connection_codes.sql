-- A code that a doctor shows to a patient, who types it to be connected. One a doctor: a new one replaces the old one.
CREATE TABLE connection_codes (
    doctor_id UUID PRIMARY KEY REFERENCES users (id),
    -- A keyed code of the code.
    code_mac BYTEA NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- What a patient has typed lately: a guess is counted before it is looked at.
CREATE TABLE connection_guesses (
    patient_id UUID PRIMARY KEY REFERENCES users (id),
    window_start BIGINT NOT NULL,
    in_window INTEGER NOT NULL
);
