-- The local day, YYYY-MM-DD, on which the patient is to be looked at again; NULL: when there is something new.
ALTER TABLE reviews ADD COLUMN due_on TEXT;
