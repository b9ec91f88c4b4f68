-- Passkeys: keys that a device or a key manager holds, and that sign a challenge of ours (WebAuthn). No secret is here.
CREATE TABLE passkeys (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    -- What the device knows it by.
    credential_id BLOB NOT NULL UNIQUE,
    -- The public key with its counter and flags, as the library writes it.
    credential TEXT NOT NULL,
    -- The device it was made on.
    device TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Challenges that wait for their signature. Taken once.
CREATE TABLE passkey_ceremonies (
    id BLOB PRIMARY KEY,
    -- Nobody yet where a passkey signs in.
    user_id BLOB REFERENCES users (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('ADD', 'PROVE', 'SIGN_IN')),
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX passkey_ceremonies_expires ON passkey_ceremonies (expires_at);
CREATE INDEX passkey_ceremonies_user ON passkey_ceremonies (user_id);
