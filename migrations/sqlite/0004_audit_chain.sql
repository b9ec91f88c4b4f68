-- The audit trail's chain: every row of "audit" gets a number and a keyed code over itself and the code before it, within a
-- second of being committed (docs/adr/0007). Rows are only ever added; the triggers refuse everything else, but for what
-- a signed cut of the retention covers.

-- Where a sign-in came from, and why something was refused (fixed words).
ALTER TABLE audit ADD COLUMN address TEXT;
ALTER TABLE audit ADD COLUMN reason TEXT;
CREATE INDEX audit_actor ON audit (actor_id, at);

CREATE TABLE audit_chain (
    seq INTEGER PRIMARY KEY,
    audit_id BLOB NOT NULL,
    mac BLOB NOT NULL
);
CREATE UNIQUE INDEX audit_chain_row ON audit_chain (audit_id);

-- Committed rows that have no number yet; filled by a trigger, so that no writer can forget it.
CREATE TABLE audit_unchained (
    audit_id BLOB PRIMARY KEY
);

-- The newest code, signed every five minutes, and written outside of the database as well.
CREATE TABLE audit_heads (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    mac BLOB NOT NULL,
    signature BLOB NOT NULL
);

-- Up to where the retention has taken rows away, signed: the chain is verified from there.
CREATE TABLE audit_cuts (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    mac BLOB NOT NULL,
    signature BLOB NOT NULL
);

INSERT INTO audit_unchained (audit_id) SELECT id FROM audit;

CREATE TRIGGER audit_added AFTER INSERT ON audit BEGIN
    INSERT INTO audit_unchained (audit_id) VALUES (NEW.id);
END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.audit_id = OLD.id AND c.seq <= (SELECT MAX(seq) FROM audit_cuts)) BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
WHEN NOT EXISTS (SELECT 1 FROM audit_cuts k WHERE k.seq >= OLD.seq) BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_heads_no_update BEFORE UPDATE ON audit_heads BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_cuts_no_update BEFORE UPDATE ON audit_cuts BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
CREATE TRIGGER audit_cuts_no_delete BEFORE DELETE ON audit_cuts BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only added to');
END;
