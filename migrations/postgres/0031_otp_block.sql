-- Sends are limited per block of numbers as well: a keyed code of the number's first digits (crypto::purpose).
ALTER TABLE otp_challenges ADD COLUMN block_index BYTEA;
CREATE INDEX otp_challenges_block ON otp_challenges (block_index, created_at);
