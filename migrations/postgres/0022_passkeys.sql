-- Passkeys: keys that a device or a key manager holds, and that sign a challenge of ours (WebAuthn). No secret is here.
CREATE TABLE passkeys (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    -- What the device knows it by.
    credential_id BYTEA NOT NULL UNIQUE,
    -- The public key with its counter and flags, as the library writes it.
    credential TEXT NOT NULL,
    -- The device it was made on.
    device TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Challenges that wait for their signature. Taken once.
CREATE TABLE passkey_ceremonies (
    id UUID PRIMARY KEY,
    -- Nobody yet where a passkey signs in.
    user_id UUID REFERENCES users (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('ADD', 'PROVE', 'SIGN_IN')),
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremonies_expires ON passkey_ceremonies (expires_at);
CREATE INDEX passkey_ceremonies_user ON passkey_ceremonies (user_id);
