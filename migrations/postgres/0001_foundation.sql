-- The foundation: people, sign-in, links, readings, meals, imports, audit, outbox.
--
-- Both engines have files of the same names, tables and columns (a test compares them). A landed file never changes.
-- Times are UTC milliseconds since 1970 (BIGINT): one ordering on both engines. "_sealed" columns are AES-256-GCM
-- envelopes (docs/security.md). Ids are UUIDv7 made by the service.

CREATE TABLE clinics (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('PATIENT', 'DOCTOR', 'CAREGIVER', 'ADMIN')),
    phone_index BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,
    name_sealed BYTEA,
    unit TEXT NOT NULL CHECK (unit IN ('mg/dL', 'mmol/L')),
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    clinic_id UUID REFERENCES clinics (id),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_phone ON users (phone_index);
CREATE INDEX users_role ON users (role, id);
CREATE INDEX users_updated ON users (updated_at);

-- One row per patient: what their figures are judged by, and where they stand on a work list.
CREATE TABLE patients (
    id UUID PRIMARY KEY REFERENCES users (id),
    birth_year INTEGER,
    preset TEXT NOT NULL,
    -- domain::triage::Standing as JSON, recomputed when readings change; NULL until the first time.
    standing TEXT,
    standing_at BIGINT
);

CREATE TABLE purpose_keys (
    purpose TEXT PRIMARY KEY,
    key_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE otp_challenges (
    id UUID PRIMARY KEY,
    phone_index BYTEA NOT NULL,
    code_mac BYTEA NOT NULL,
    address TEXT,
    -- FALSE: a limit was reached or the phone may not sign in; the row only makes the answer alike.
    sent BOOLEAN NOT NULL,
    attempts INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT
);
CREATE INDEX otp_challenges_phone ON otp_challenges (phone_index, created_at);
CREATE INDEX otp_challenges_address ON otp_challenges (address, created_at);
CREATE INDEX otp_challenges_created ON otp_challenges (created_at);

-- Consecutive wrong codes of a phone; only a success resets it, a new code does not.
CREATE TABLE otp_failures (
    phone_index BYTEA PRIMARY KEY,
    failures INTEGER NOT NULL
);

-- One row per signed-in device, browser or app.
CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('WEB', 'API')),
    device TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_revoked ON sessions (revoked_at);

-- Records of tower-sessions; the id is stored hashed.
CREATE TABLE web_sessions (
    id_hash BYTEA PRIMARY KEY,
    data BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX web_sessions_expires ON web_sessions (expires_at);

CREATE TABLE refresh_tokens (
    token_hash BYTEA PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE links (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('CARE', 'FAMILY')),
    status TEXT NOT NULL CHECK (status IN ('PENDING', 'ACTIVE', 'ENDED')),
    patient_id UUID NOT NULL REFERENCES users (id),
    viewer_id UUID NOT NULL REFERENCES users (id),
    -- Who has to agree while it is pending.
    awaits_id UUID REFERENCES users (id),
    -- What the patient calls a caregiver.
    label_sealed BYTEA,
    -- JSON array of domain::consent::DataType.
    data_types TEXT NOT NULL,
    consent_version TEXT,
    consent_language TEXT,
    created_at BIGINT NOT NULL,
    since BIGINT,
    until BIGINT,
    ended_at BIGINT
);
CREATE INDEX links_patient ON links (patient_id, status);
CREATE INDEX links_viewer ON links (viewer_id, status);
CREATE UNIQUE INDEX links_one_live ON links (patient_id, viewer_id, kind) WHERE status <> 'ENDED';

CREATE TABLE reviews (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES users (id),
    doctor_id UUID NOT NULL REFERENCES users (id),
    reviewed_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX reviews_patient ON reviews (patient_id, reviewed_at DESC);

CREATE TABLE imports (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('PREVIEW', 'CONFIRMED', 'UNDONE')),
    -- domain::ports::ImportPreview as JSON (counts, period, lines refused, questions).
    summary TEXT NOT NULL,
    -- The file itself until it is confirmed or forgotten.
    content_sealed BYTEA,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
);
CREATE INDEX imports_patient ON imports (patient_id, created_at DESC);

CREATE TABLE readings (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES users (id),
    -- Where it came from, so that the same thing twice is stored once: 'c:' and the client's id, or 'i:' and an import's key.
    origin_key TEXT,
    value DOUBLE PRECISION NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('mg/dL', 'mmol/L')),
    clip TEXT CHECK (clip IN ('LOW', 'HIGH')),
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    notes_sealed BYTEA,
    version BIGINT NOT NULL,
    import_id UUID,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
-- The newest readings of a patient, answered from the index alone: they lie on as many table pages as there are rows.
CREATE INDEX readings_patient_recorded ON readings (patient_id, recorded_at DESC, id DESC)
    INCLUDE (origin_key, value, unit, clip, state, source, notes_sealed, version)
    WHERE deleted_at IS NULL;
CREATE INDEX readings_recorded ON readings (recorded_at);
CREATE UNIQUE INDEX readings_origin ON readings (patient_id, origin_key) WHERE origin_key IS NOT NULL;
CREATE INDEX readings_import ON readings (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE meals (
    id UUID PRIMARY KEY,
    patient_id UUID NOT NULL REFERENCES users (id),
    origin_key TEXT,
    -- JSON array of texts, sealed.
    items_sealed BYTEA NOT NULL,
    meal_type TEXT NOT NULL,
    carbs DOUBLE PRECISION,
    photo_id UUID,
    recorded_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX meals_patient_recorded ON meals (patient_id, recorded_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX meals_recorded ON meals (recorded_at);
CREATE UNIQUE INDEX meals_origin ON meals (patient_id, origin_key) WHERE origin_key IS NOT NULL;

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id UUID,
    role TEXT,
    session_id UUID,
    action TEXT NOT NULL,
    object_type TEXT,
    object_id UUID,
    patient_id UUID,
    allowed BOOLEAN NOT NULL
);
CREATE INDEX audit_patient ON audit (patient_id, at);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE outbox (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    patient_id UUID NOT NULL,
    at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;

-- Events that a consumer has dealt with: an effect happens once.
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id UUID NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
