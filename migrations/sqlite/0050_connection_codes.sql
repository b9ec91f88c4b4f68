-- A code that a doctor shows to a patient, who types it to be connected. One a doctor: a new one replaces the old one.
CREATE TABLE connection_codes (
    doctor_id BLOB PRIMARY KEY REFERENCES users (id),
    -- A keyed code of the code.
    code_mac BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);

-- What a patient has typed lately: a guess is counted before it is looked at.
CREATE TABLE connection_guesses (
    patient_id BLOB PRIMARY KEY REFERENCES users (id),
    window_start INTEGER NOT NULL,
    in_window INTEGER NOT NULL
);
