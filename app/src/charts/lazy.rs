//! The split point: what is reached from here lies in the chunk `charts` of the browser's WASM, fetched on first use.
//!
//! Only data goes in and comes out; every listener lives in the main bundle. A chunk that cannot be fetched is an error
//! to be shown, and asked for again by the next call.
#![expect(clippy::unnecessary_wraps, reason = "the error is the split macro's: a chunk that could not be fetched")]

use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::{Model, Readout, Seek};

/// The chunk could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Draws a chart.
#[wasm_split(charts, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn draw(model: Model) -> Result<String, NotLoaded> {
    Ok(model.svg())
}

/// Looks up one of its values.
#[wasm_split(charts, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn read(model: Model, seek: Seek) -> Result<Option<Readout>, NotLoaded> {
    Ok(model.read(seek))
}
