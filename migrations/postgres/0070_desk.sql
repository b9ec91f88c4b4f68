-- What doctors keep beside their work list: tags and saved views of their own, and patients passed to a colleague.

CREATE TABLE tags (
    id UUID PRIMARY KEY,
    doctor_id UUID NOT NULL REFERENCES users (id),
    name_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX tags_doctor ON tags (doctor_id);

CREATE TABLE patient_tags (
    tag_id UUID NOT NULL REFERENCES tags (id),
    patient_id UUID NOT NULL REFERENCES users (id),
    set_at BIGINT NOT NULL,
    PRIMARY KEY (tag_id, patient_id)
);
CREATE INDEX patient_tags_patient ON patient_tags (patient_id);

CREATE TABLE saved_views (
    id UUID PRIMARY KEY,
    doctor_id UUID NOT NULL REFERENCES users (id),
    name_sealed BYTEA NOT NULL,
    sort TEXT NOT NULL,
    filter TEXT NOT NULL,
    tag_id UUID REFERENCES tags (id),
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX saved_views_doctor ON saved_views (doctor_id);

CREATE TABLE handovers (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES users (id),
    from_id UUID NOT NULL REFERENCES users (id),
    to_id UUID NOT NULL REFERENCES users (id),
    -- The link that the patient was asked for because of it, if the colleague did not treat them.
    link_id UUID REFERENCES links (id),
    note_sealed BYTEA,
    at BIGINT NOT NULL,
    -- Taken back, or passed on. A review by the colleague settles it without this.
    ended_at BIGINT
);
CREATE UNIQUE INDEX handovers_one_open ON handovers (patient_id) WHERE ended_at IS NULL;
