-- The second factor, and what a session has proven.

-- When the person behind the session last proved who they are, and by what at most.
ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN amr TEXT NOT NULL DEFAULT 'OTP' CHECK (amr IN ('OTP', 'TOTP', 'RECOVERY', 'PASSKEY'));
-- How long it may lie idle.
ALTER TABLE sessions ADD COLUMN idle_ms INTEGER NOT NULL DEFAULT 604800000;

-- One authenticator app per person. Not confirmed: shown, but no code of it was typed yet; it asks for nothing.
CREATE TABLE totp_factors (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    secret_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    -- The newest time step whose code was taken: it and all before are used up.
    last_step INTEGER NOT NULL
);

-- Found by their first characters, which are not secret; the rest only as an argon2id hash.
CREATE TABLE recovery_codes (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    selector TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE UNIQUE INDEX recovery_codes_selector ON recovery_codes (user_id, selector);

-- Guesses at a person's second factor, counted before they are judged.
CREATE TABLE second_factor_guesses (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    window_start INTEGER NOT NULL,
    in_window INTEGER NOT NULL,
    in_a_row INTEGER NOT NULL
);

-- Sign-ins of the app that have the one-time password and lack the second factor.
CREATE TABLE second_factor_challenges (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER
);
CREATE INDEX second_factor_challenges_created ON second_factor_challenges (created_at);
