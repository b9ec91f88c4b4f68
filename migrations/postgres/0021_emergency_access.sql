-- A doctor's look at a patient who is not theirs, in an emergency: with a reason, for some hours, known to the patient.
CREATE TABLE emergency_access (
    id UUID PRIMARY KEY,
    doctor_id UUID NOT NULL REFERENCES users (id),
    patient_id UUID NOT NULL REFERENCES users (id),
    reason_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX emergency_access_patient ON emergency_access (patient_id, created_at);
CREATE INDEX emergency_access_doctor ON emergency_access (doctor_id, created_at);
