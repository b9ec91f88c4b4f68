-- What a device calls itself may name its owner: sealed with their key, as their name is.
ALTER TABLE sessions ADD COLUMN device_sealed BLOB;
ALTER TABLE sessions DROP COLUMN device;
