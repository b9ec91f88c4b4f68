-- The foundation: people, sign-in, links, readings, meals, imports, audit, outbox.
--
-- Both engines have files of the same names, tables and columns (a test compares them). A landed file never changes.
-- Times are UTC milliseconds since 1970 (INTEGER): one ordering on both engines. "_sealed" columns are AES-256-GCM
-- envelopes (docs/security.md). Ids are UUIDv7 made by the service.

CREATE TABLE clinics (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('PATIENT', 'DOCTOR', 'CAREGIVER', 'ADMIN')),
    phone_index BLOB NOT NULL,
    phone_sealed BLOB NOT NULL,
    name_sealed BLOB,
    unit TEXT NOT NULL CHECK (unit IN ('mg/dL', 'mmol/L')),
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    clinic_id BLOB REFERENCES clinics (id),
    active BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX users_phone ON users (phone_index);
CREATE INDEX users_role ON users (role, id);
CREATE INDEX users_updated ON users (updated_at);

-- One row per patient: what their figures are judged by, and where they stand on a work list.
CREATE TABLE patients (
    id BLOB PRIMARY KEY REFERENCES users (id),
    birth_year INTEGER,
    preset TEXT NOT NULL,
    -- domain::triage::Standing as JSON, recomputed when readings change; NULL until the first time.
    standing TEXT,
    standing_at INTEGER
);

CREATE TABLE purpose_keys (
    purpose TEXT PRIMARY KEY,
    key_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE otp_challenges (
    id BLOB PRIMARY KEY,
    phone_index BLOB NOT NULL,
    code_mac BLOB NOT NULL,
    address TEXT,
    -- FALSE: a limit was reached or the phone may not sign in; the row only makes the answer alike.
    sent BOOLEAN NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER
);
CREATE INDEX otp_challenges_phone ON otp_challenges (phone_index, created_at);
CREATE INDEX otp_challenges_address ON otp_challenges (address, created_at);
CREATE INDEX otp_challenges_created ON otp_challenges (created_at);

-- Consecutive wrong codes of a phone; only a success resets it, a new code does not.
CREATE TABLE otp_failures (
    phone_index BLOB PRIMARY KEY,
    failures INTEGER NOT NULL
);

-- One row per signed-in device, browser or app.
CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('WEB', 'API')),
    device TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_revoked ON sessions (revoked_at);

-- Records of tower-sessions; the id is stored hashed.
CREATE TABLE web_sessions (
    id_hash BLOB PRIMARY KEY,
    data BLOB NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX web_sessions_expires ON web_sessions (expires_at);

CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id),
    created_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE links (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('CARE', 'FAMILY')),
    status TEXT NOT NULL CHECK (status IN ('PENDING', 'ACTIVE', 'ENDED')),
    patient_id BLOB NOT NULL REFERENCES users (id),
    viewer_id BLOB NOT NULL REFERENCES users (id),
    -- Who has to agree while it is pending.
    awaits_id BLOB REFERENCES users (id),
    -- What the patient calls a caregiver.
    label_sealed BLOB,
    -- JSON array of domain::consent::DataType.
    data_types TEXT NOT NULL,
    consent_version TEXT,
    consent_language TEXT,
    created_at INTEGER NOT NULL,
    since INTEGER,
    until INTEGER,
    ended_at INTEGER
);
CREATE INDEX links_patient ON links (patient_id, status);
CREATE INDEX links_viewer ON links (viewer_id, status);
CREATE UNIQUE INDEX links_one_live ON links (patient_id, viewer_id, kind) WHERE status <> 'ENDED';

CREATE TABLE reviews (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    doctor_id BLOB NOT NULL REFERENCES users (id),
    reviewed_at INTEGER NOT NULL,
    undone_at INTEGER
);
CREATE INDEX reviews_patient ON reviews (patient_id, reviewed_at DESC);

CREATE TABLE imports (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('PREVIEW', 'CONFIRMED', 'UNDONE')),
    -- domain::ports::ImportPreview as JSON (counts, period, lines refused, questions).
    summary TEXT NOT NULL,
    -- The file itself until it is confirmed or forgotten.
    content_sealed BLOB,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER
);
CREATE INDEX imports_patient ON imports (patient_id, created_at DESC);

CREATE TABLE readings (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    -- Where it came from, so that the same thing twice is stored once: 'c:' and the client's id, or 'i:' and an import's key.
    origin_key TEXT,
    value REAL NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('mg/dL', 'mmol/L')),
    clip TEXT CHECK (clip IN ('LOW', 'HIGH')),
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    notes_sealed BLOB,
    version INTEGER NOT NULL,
    import_id BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);
-- The newest readings of a patient, answered from the index alone: they lie on as many table pages as there are rows.
CREATE INDEX readings_patient_recorded ON readings (
    patient_id, recorded_at DESC, id DESC, origin_key, value, unit, clip, state, source, notes_sealed, version,
    -- Always NULL here; without it the index does not cover a statement that says "deleted_at IS NULL".
    deleted_at
) WHERE deleted_at IS NULL;
CREATE INDEX readings_recorded ON readings (recorded_at);
CREATE UNIQUE INDEX readings_origin ON readings (patient_id, origin_key) WHERE origin_key IS NOT NULL;
CREATE INDEX readings_import ON readings (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE meals (
    id BLOB PRIMARY KEY,
    patient_id BLOB NOT NULL REFERENCES users (id),
    origin_key TEXT,
    -- JSON array of texts, sealed.
    items_sealed BLOB NOT NULL,
    meal_type TEXT NOT NULL,
    carbs REAL,
    photo_id BLOB,
    recorded_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE INDEX meals_patient_recorded ON meals (patient_id, recorded_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX meals_recorded ON meals (recorded_at);
CREATE UNIQUE INDEX meals_origin ON meals (patient_id, origin_key) WHERE origin_key IS NOT NULL;

CREATE TABLE audit (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_id BLOB,
    role TEXT,
    session_id BLOB,
    action TEXT NOT NULL,
    object_type TEXT,
    object_id BLOB,
    patient_id BLOB,
    allowed BOOLEAN NOT NULL
);
CREATE INDEX audit_patient ON audit (patient_id, at);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE outbox (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    patient_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    sent_at INTEGER
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;

-- Events that a consumer has dealt with: an effect happens once.
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
