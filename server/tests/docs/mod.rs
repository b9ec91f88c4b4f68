//! What the documents promise is there.

mod asvs;
