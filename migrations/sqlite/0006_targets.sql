-- A doctor's own numbers for a patient (domain::targets::OwnGoals as JSON); NULL: those of the preset.
ALTER TABLE patients ADD COLUMN own_goals TEXT;

-- Who set which targets, when. Rows are only ever added.
CREATE TABLE target_changes (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    set_by BLOB NOT NULL REFERENCES users (id),
    -- domain::targets::Goals as JSON.
    goals TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX target_changes_patient ON target_changes (patient_id, at DESC);
