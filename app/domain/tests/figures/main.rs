//! The clinical figures as a whole: published vectors, what is withheld, the work list, the sentences, the pages' data.

mod episodes;
mod insights;
mod pages;
mod properties;
mod report;
mod support;
mod triage;
