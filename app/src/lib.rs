//! ProCare's pages.
