-- Which request caused a row: the id in its log lines and in the answer that the client got.
ALTER TABLE audit ADD COLUMN request_id TEXT;
