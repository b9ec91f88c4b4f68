//! The icons: a few strokes on a 24-unit grid, drawn here so that no file has to be fetched.

use leptos::prelude::*;

/// What an icon shows. All are decoration: the words beside them (or an `aria-label`) say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// The first page of the day.
    Today,
    /// A drop: a glucose reading.
    Drop,
    /// Add.
    Plus,
    /// Take away.
    Close,
    /// A list of what was.
    History,
    /// Curves.
    Trends,
    /// Further pages.
    More,
    /// A meal.
    Meal,
    /// A file coming in.
    Upload,
    /// People.
    People,
    /// One person.
    Person,
    /// Settings.
    Settings,
    /// Leave.
    SignOut,
    /// A clinic.
    Clinic,
    /// A link between two.
    Link,
    /// Done.
    Check,
    /// Something to mind.
    Warning,
    /// Change.
    Edit,
    /// Remove.
    Delete,
    /// A printer.
    Print,
    /// A looking glass.
    Search,
    /// Further.
    Next,
    /// Back.
    Back,
    /// A closed lock.
    Lock,
    /// A letter.
    Mail,
    /// A heart: those who care.
    Heart,
    /// A stethoscope.
    Doctor,
    /// Two characters of two scripts.
    Language,
    /// Down.
    Down,
    /// Up.
    Up,
    /// Level.
    Level,
    /// Slowly up.
    UpRight,
    /// Slowly down.
    DownRight,
}

impl Glyph {
    /// The strokes.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Today => "M4 11.2 12 4.5l8 6.7M6 9.8V19.5h4.5v-5h3v5H18V9.8",
            Self::Drop => "M12 3.5c3.6 4.3 6 7.3 6 10.5a6 6 0 0 1-12 0c0-3.2 2.4-6.2 6-10.5Z",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::History => "M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4.2 6.5h.01M4.2 12h.01M4.2 17.5h.01",
            Self::Trends => "M4 4v16h16M7.5 14.5l3.5-4 3 2.5 5-6.5",
            Self::More => {
                "M4.75 12a.75.75 0 1 0 1.5 0 .75.75 0 1 0-1.5 0M11.25 12a.75.75 0 1 0 1.5 0 .75.75 0 1 0-1.5 0M17.75 12a.75.75 0 1 0 1.5 0 .75.75 0 1 0-1.5 0"
            }
            Self::Meal => {
                "M7 3.5v6a2.5 2.5 0 0 0 2.5 2.5h0M4.5 3.5V8A4 4 0 0 0 7 11.7V20.5M9.5 3.5V8A4 4 0 0 1 7 11.7M17.5 20.5v-17c-2.5 1.5-3.5 4-3.5 7v3h3.5"
            }
            Self::Upload => "M12 16V4.5M7.5 9 12 4.5 16.5 9M4.5 15.5v4h15v-4",
            Self::People => {
                "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c0-3.3 2.9-5.5 6.5-5.5s6.5 2.2 6.5 5.5M16 4.9a3.5 3.5 0 0 1 0 6.3M18 14.5c2.1.7 3.5 2.5 3.5 5"
            }
            Self::Person => {
                "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM4.5 20c0-3.5 3.3-5.75 7.5-5.75s7.5 2.25 7.5 5.75"
            }
            Self::Settings => "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h11M19 17h1M17 15v4",
            Self::SignOut => "M13.5 4.5H5v15h8.5M10 12h10M16.5 8.5 20 12l-3.5 3.5",
            Self::Clinic => "M4.5 20.5V6.5L12 3.5l7.5 3v14M9.5 20.5v-4h5v4M12 7.8v4.4M9.8 10h4.4",
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"
            }
            Self::Check => "M5 12.5 10 17.5 19.5 7",
            Self::Warning => "M12 4 2.8 19.8h18.4L12 4ZM12 10v4.5M12 17.2h.01",
            Self::Edit => {
                "M14.5 5.5l4 4M4.5 19.5l1-4.5L16 4.5a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L9 18.5l-4.5 1Z"
            }
            Self::Delete => "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v5.5M14 10.5v5.5",
            Self::Print => "M7 9V4h10v5M7 16.5H4.5V9h15v7.5H17M7 14h10v6H7v-6Z",
            Self::Search => "M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM16 16l4 4",
            Self::Next => "M9.5 5.5 16 12l-6.5 6.5",
            Self::Back => "M14.5 5.5 8 12l6.5 6.5",
            Self::Lock => "M5.5 11h13v9h-13v-9ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Mail => "M3.5 6h17v12.5h-17V6ZM4 6.5l8 6.5 8-6.5",
            Self::Heart => {
                "M12 19.5C6.5 15.8 3.5 12.8 3.5 9.3A4.3 4.3 0 0 1 12 7.8a4.3 4.3 0 0 1 8.5 1.5c0 3.5-3 6.5-8.5 10.2Z"
            }
            Self::Doctor => {
                "M6 3.5H4.5V8a4.5 4.5 0 0 0 9 0V3.5H12M9 12.5v3a5 5 0 0 0 10 0V13M19 13a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z"
            }
            Self::Language => {
                "M4 6h9M8.5 4v2M11 6c-.8 4-3.3 6.7-6.5 8M6.5 9.5c1 2 2.8 3.5 5 4.3M12 20l4-9.5L20 20M13.4 17h5.2"
            }
            Self::Down => "M12 5v14M6.5 13.5 12 19l5.5-5.5",
            Self::Up => "M12 19V5M6.5 10.5 12 5l5.5 5.5",
            Self::Level => "M5 12h14M13.5 6.5 19 12l-5.5 5.5",
            Self::UpRight => "M6.5 17.5l11-11M9.5 6.5h8v8",
            Self::DownRight => "M6.5 6.5l11 11M17.5 9.5v8h-8",
        }
    }
}

/// An icon, hidden from screen readers.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
    /// A class besides `icon`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { "icon".to_owned() } else { format!("icon {class}") };
    view! {
        <svg class=class viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=glyph.path() />
        </svg>
    }
    .into_any()
}
