//! What pages are made of. Each part is usable without WASM; the browser half only adds comfort.
//!
//! - [`Page`]: the frame of every page (skip link, brand, navigation, flash, one `h1`). [`PublicPage`] without navigation.
//! - [`load`]: shows a resource with its skeleton and its failure; [`Skeleton`], [`LoadError`], [`EmptyState`].
//! - [`form`]: [`Form`] and its fields; [`PostButton`] posts without further fields; [`SubmitButton`] ends a form.
//! - [`Table`], [`BandChip`], [`Icon`], [`ago`] ("5 min ago").
//! - `report`: the report shared by the doctor's patient page and the patient's trends.

pub mod band;
pub mod button;
pub mod empty;
pub mod error_view;
pub mod flash;
pub mod form;
pub mod fresh;
pub mod icon;
pub mod layout;
pub mod names;
pub mod nav;
pub mod problem;
mod raw_text;
pub mod relative;
pub mod report;
pub mod skeleton;
pub mod table;

pub use band::{BandChip, band_class, band_letter, band_word};
pub use button::{ButtonKind, PostButton};
pub use empty::EmptyState;
pub use error_view::LoadError;
pub use form::{CheckBox, Choices, Field, Form, Hidden, Select, SubmitButton, TextArea};
pub use icon::Icon;
pub use layout::{Page, PublicPage};
pub use names::{data_type_word, meal_word, role_word, source_word, state_word, trend_word};
pub use nav::Section;
pub use problem::problem_text;
pub use relative::ago;
pub use skeleton::{Skeleton, SkeletonKind, load};
pub use table::Table;
