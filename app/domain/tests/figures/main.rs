//! The clinical figures as a whole: published vectors, what is withheld, the work list, the sentences, the pages' data.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "helpers of tests; a panic is a failed test, and the figures compared exactly are exact"
)]

mod episodes;
mod goals;
mod insights;
mod pages;
mod properties;
mod records;
mod report;
mod support;
mod triage;
