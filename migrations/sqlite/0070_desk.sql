-- What doctors keep beside their work list: tags and saved views of their own, and patients passed to a colleague.

CREATE TABLE tags (
    id BLOB PRIMARY KEY,
    doctor_id BLOB NOT NULL REFERENCES users (id),
    name_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX tags_doctor ON tags (doctor_id);

CREATE TABLE patient_tags (
    tag_id BLOB NOT NULL REFERENCES tags (id),
    patient_id BLOB NOT NULL REFERENCES users (id),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (tag_id, patient_id)
);
CREATE INDEX patient_tags_patient ON patient_tags (patient_id);

CREATE TABLE saved_views (
    id BLOB PRIMARY KEY,
    doctor_id BLOB NOT NULL REFERENCES users (id),
    name_sealed BLOB NOT NULL,
    sort TEXT NOT NULL,
    filter TEXT NOT NULL,
    tag_id BLOB REFERENCES tags (id),
    created_at INTEGER NOT NULL,
    removed_at INTEGER
);
CREATE INDEX saved_views_doctor ON saved_views (doctor_id);

CREATE TABLE handovers (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    from_id BLOB NOT NULL REFERENCES users (id),
    to_id BLOB NOT NULL REFERENCES users (id),
    -- The link that the patient was asked for because of it, if the colleague did not treat them.
    link_id BLOB REFERENCES links (id),
    note_sealed BLOB,
    at INTEGER NOT NULL,
    -- Taken back, or passed on. A review by the colleague settles it without this.
    ended_at INTEGER
);
CREATE UNIQUE INDEX handovers_one_open ON handovers (patient_id) WHERE ended_at IS NULL;
