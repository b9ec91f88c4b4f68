-- The second factor, and what a session has proven.

-- When the person behind the session last proved who they are, and by what at most.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN amr TEXT NOT NULL DEFAULT 'OTP' CHECK (amr IN ('OTP', 'TOTP', 'RECOVERY', 'PASSKEY'));
-- How long it may lie idle.
ALTER TABLE sessions ADD COLUMN idle_ms BIGINT NOT NULL DEFAULT 604800000;

-- One authenticator app per person. Not confirmed: shown, but no code of it was typed yet; it asks for nothing.
CREATE TABLE totp_factors (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    secret_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- The newest time step whose code was taken: it and all before are used up.
    last_step BIGINT NOT NULL
);

-- Found by their first characters, which are not secret; the rest only as an argon2id hash.
CREATE TABLE recovery_codes (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    selector TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX recovery_codes_selector ON recovery_codes (user_id, selector);

-- Guesses at a person's second factor, counted before they are judged.
CREATE TABLE second_factor_guesses (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    window_start BIGINT NOT NULL,
    in_window INTEGER NOT NULL,
    in_a_row INTEGER NOT NULL
);

-- Sign-ins of the app that have the one-time password and lack the second factor.
CREATE TABLE second_factor_challenges (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT
);
CREATE INDEX second_factor_challenges_created ON second_factor_challenges (created_at);
