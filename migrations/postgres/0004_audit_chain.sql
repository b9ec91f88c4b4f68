-- The audit trail's chain: every row of "audit" gets a number and a keyed code over itself and the code before it, within a
-- second of being committed (docs/adr/0007). Rows are only ever added; the triggers refuse everything else, but for what
-- a signed cut of the retention covers.

-- Where a sign-in came from, and why something was refused (fixed words).
ALTER TABLE audit ADD COLUMN address TEXT;
ALTER TABLE audit ADD COLUMN reason TEXT;
CREATE INDEX audit_actor ON audit (actor_id, at);

CREATE TABLE audit_chain (
    seq BIGINT PRIMARY KEY,
    audit_id UUID NOT NULL,
    mac BYTEA NOT NULL
);
CREATE UNIQUE INDEX audit_chain_row ON audit_chain (audit_id);

-- Committed rows that have no number yet; filled by a trigger, so that no writer can forget it.
CREATE TABLE audit_unchained (
    audit_id UUID PRIMARY KEY
);

-- The newest code, signed every five minutes, and written outside of the database as well.
CREATE TABLE audit_heads (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    signature BYTEA NOT NULL
);

-- Up to where the retention has taken rows away, signed: the chain is verified from there.
CREATE TABLE audit_cuts (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    signature BYTEA NOT NULL
);

INSERT INTO audit_unchained (audit_id) SELECT id FROM audit;

CREATE FUNCTION audit_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unchained (audit_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION audit_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only added to';
END $$;
CREATE FUNCTION audit_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_chain c WHERE c.audit_id = OLD.id AND c.seq <= (SELECT MAX(seq) FROM audit_cuts)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is only added to';
END $$;
CREATE FUNCTION audit_chain_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_cuts k WHERE k.seq >= OLD.seq) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is only added to';
END $$;

CREATE TRIGGER audit_added AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_added();
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_deleted();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_chain_deleted();
CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_heads_no_change BEFORE UPDATE OR DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_heads_no_truncate BEFORE TRUNCATE ON audit_heads FOR EACH STATEMENT EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_cuts_no_change BEFORE UPDATE OR DELETE ON audit_cuts FOR EACH ROW EXECUTE FUNCTION audit_refused();
CREATE TRIGGER audit_cuts_no_truncate BEFORE TRUNCATE ON audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION audit_refused();
