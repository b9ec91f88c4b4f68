//! The interactive figure: the server's drawing, and once the chunk is there the value under the pointer.
//!
//! The reading under the pointer, finger or arrow key is a slider to assistive technology: its value text is read out as
//! it moves. It becomes one only when the chunk is loaded; before that, and without WASM, the drawing is a plain image.

use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::{Model, Reader, Readout, Seek, lazy};
use crate::tr_in;

/// Shown where a drawing is still to come or could not be had: as large as the drawing.
const BLANK: &str = r#"<svg class="chart-svg chart-blank" width="100%" height="100%" aria-hidden="true"></svg>"#;

/// Where the chunk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chunk {
    /// Not asked for yet, or on its way.
    Awaited,
    /// There.
    Ready,
    /// Could not be fetched.
    Failed,
}

/// The state of a figure.
#[derive(Clone, Copy)]
pub(super) struct Figure {
    /// What is drawn.
    pub model: RwSignal<Model>,
    /// For whom.
    reader: Reader,
    drawing: RwSignal<String>,
    chunk: RwSignal<Chunk>,
    readout: RwSignal<Option<Readout>>,
    shown: RwSignal<bool>,
    watched: StoredValue<bool>,
    canvas: NodeRef<html::Div>,
    cursor: NodeRef<html::Div>,
}

impl Figure {
    /// A figure of a model. On the server it is drawn at once; in the browser the server's drawing is there already, or
    /// the chunk draws it.
    pub(super) fn new(model: Model, reader: Reader) -> Self {
        #[cfg(feature = "ssr")]
        let drawing = model.svg();
        #[cfg(not(feature = "ssr"))]
        let drawing = String::new();
        let figure = Self {
            model: RwSignal::new(model),
            reader,
            drawing: RwSignal::new(drawing),
            chunk: RwSignal::new(Chunk::Awaited),
            readout: RwSignal::new(None),
            shown: RwSignal::new(false),
            watched: StoredValue::new(false),
            canvas: NodeRef::new(),
            cursor: NodeRef::new(),
        };
        Effect::new(move |_| figure.keep_up());
        figure
    }

    /// Whether the chunk is there.
    pub(super) fn is_ready(self) -> bool {
        self.chunk.get() == Chunk::Ready
    }

    /// Where the cursor is, while it is shown: a share of the width, 0 to 1.
    pub(super) fn cursor_at(self) -> Option<f64> {
        self.readout.with_untracked(|r| r.as_ref().map(|r| r.x / 100.0)).filter(|_| self.shown.get_untracked())
    }

    /// Runs when the figure appears and whenever its model changes: what is drawn must be what the model says, never the
    /// drawing of other data.
    fn keep_up(self) {
        let key = self.model.with(Model::key);
        let Some(canvas) = self.canvas.get() else { return };
        let drawn = canvas.first_element_child().and_then(|svg| svg.get_attribute("data-key"));
        if drawn.as_deref() == Some(key.as_str()) {
            self.load_when_visible(&canvas);
            return;
        }
        if self.chunk.get_untracked() != Chunk::Ready {
            self.drawing.set(BLANK.to_owned());
        }
        self.draw();
    }

    /// Draws the model as it is now.
    fn draw(self) {
        let Some(model) = self.model.try_get_untracked() else { return };
        spawn_local(async move {
            let key = model.key();
            let drawn = lazy::draw(model).await;
            // The figure may be gone, or show something else by now.
            if self.model.try_with_untracked(Model::key) != Some(key) {
                return;
            }
            match drawn {
                Ok(svg) => {
                    self.drawing.try_set(svg);
                    self.shown.try_set(false);
                    self.read(Seek::Last);
                }
                Err(lazy::NotLoaded) => {
                    self.chunk.try_set(Chunk::Failed);
                }
            }
        });
    }

    /// Looks a value up.
    fn read(self, seek: Seek) {
        let Some(model) = self.model.try_get_untracked() else { return };
        spawn_local(async move {
            match lazy::read(model, seek).await {
                Ok(readout) => {
                    if self.readout.try_get_untracked().is_some_and(|now| now != readout) {
                        self.readout.try_set(readout);
                    }
                    if self.chunk.try_get_untracked().is_some_and(|now| now != Chunk::Ready) {
                        self.chunk.try_set(Chunk::Ready);
                    }
                }
                Err(lazy::NotLoaded) => {
                    self.chunk.try_set(Chunk::Failed);
                }
            }
        });
    }

    fn show(self, seek: Seek) {
        self.shown.set(true);
        self.read(seek);
    }

    /// Asks for the chunk again.
    fn retry(self) {
        self.chunk.set(Chunk::Awaited);
        if self.drawing.with_untracked(|drawing| drawing == BLANK) { self.draw() } else { self.read(Seek::Last) }
    }

    /// Loads the chunk once the figure is on the screen.
    fn load_when_visible(self, canvas: &web_sys::Element) {
        if self.watched.try_get_value() != Some(false) {
            return;
        }
        self.watched.set_value(true);
        let seen = Closure::<dyn Fn(js_sys::Array, web_sys::IntersectionObserver)>::new(
            move |entries: js_sys::Array, observer: web_sys::IntersectionObserver| {
                let visible = entries.iter().any(|entry| {
                    entry
                        .dyn_ref::<web_sys::IntersectionObserverEntry>()
                        .is_some_and(web_sys::IntersectionObserverEntry::is_intersecting)
                });
                if visible {
                    observer.disconnect();
                    self.read(Seek::Last);
                }
            },
        );
        // Given to the browser's garbage collector: it lives as long as the observer.
        let seen: JsValue = seen.into_js_value();
        match web_sys::IntersectionObserver::new(seen.unchecked_ref()) {
            Ok(observer) => observer.observe(canvas),
            Err(_) => self.read(Seek::Last),
        }
    }

    fn on_pointer(self, event: &ev::PointerEvent) {
        let Some(cursor) = self.cursor.get_untracked() else { return };
        let room = cursor.get_bounding_client_rect();
        if room.width() > 0.0 && self.chunk.get_untracked() != Chunk::Failed {
            self.show(Seek::At((f64::from(event.client_x()) - room.left()) / room.width()));
        }
    }

    /// A lifted finger leaves the value standing, a mouse that goes away takes it along.
    fn on_leave(self, event: &ev::PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.shown.set(false);
        }
    }

    fn on_key(self, event: &ev::KeyboardEvent) {
        let Some((index, of)) = self.readout.with_untracked(|r| r.as_ref().map(|r| (r.index, r.of))) else { return };
        let (index, of) = (i64::try_from(index).unwrap_or(0), i64::try_from(of).unwrap_or(0));
        let nth = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => index - 1,
            "ArrowRight" | "ArrowUp" => index + 1,
            "PageDown" => index - 12,
            "PageUp" => index + 12,
            "Home" => 0,
            "End" => of - 1,
            "Escape" => {
                self.shown.set(false);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.show(Seek::Nth(nth));
    }

    /// Whether there is a value to move to.
    fn is_slider(self) -> bool {
        self.is_ready() && self.readout.with(Option::is_some)
    }

    fn slider<T>(self, get: impl Fn(&Readout) -> T) -> Option<T> {
        if !self.is_ready() {
            return None;
        }
        self.readout.with(|r| r.as_ref().map(get))
    }

    /// The drawing with its cursor, the notice, and the data as a table.
    pub(super) fn view(self, class: &'static str) -> AnyView {
        let language = self.reader.language;
        let caption = tr_in!(language, charts.table);
        view! {
            <div class=format!("chart-canvas {class}")>
                <div class="chart-drawing" node_ref=self.canvas inner_html=move || self.drawing.get()></div>
                <div
                    class="chart-cursor"
                    node_ref=self.cursor
                    role=move || self.is_slider().then_some("slider")
                    tabindex=move || self.is_slider().then_some("0")
                    aria-label=move || self.is_slider().then(|| self.model.with(Model::label))
                    aria-valuemin=move || self.is_slider().then_some("1")
                    aria-valuemax=move || self.slider(|r| r.of.to_string())
                    aria-valuenow=move || self.slider(|r| (r.index + 1).to_string())
                    aria-valuetext=move || self.slider(Readout::spoken)
                    on:pointerdown=move |event| self.on_pointer(&event)
                    on:pointermove=move |event| self.on_pointer(&event)
                    on:pointerleave=move |event| self.on_leave(&event)
                    on:focus=move |_| self.shown.set(true)
                    on:blur=move |_| self.shown.set(false)
                    on:keydown=move |event| self.on_key(&event)
                >
                    <svg class="chart-overlay" width="100%" height="100%" aria-hidden="true">
                        {move || self.readout.get().filter(|_| self.shown.get() && self.is_ready()).map(tip)}
                    </svg>
                </div>
            </div>
            <div class="chart-notice" role="status">
                {move || {
                    (self.chunk.get() == Chunk::Failed)
                        .then(|| {
                            view! {
                                <span>{tr_in!(language, charts.not_loaded)}</span>
                                <button type="button" class="button button--small" on:click=move |_| self.retry()>
                                    {tr_in!(language, charts.retry)}
                                </button>
                            }
                        })
                }}
            </div>
            <details
                class="chart-data"
                open=move || {
                    self.chunk.get() == Chunk::Failed && self.drawing.with(|drawing| drawing == BLANK)
                }
            >
                <summary>{caption}</summary>
                <div
                    class="chart-data__body"
                    role="region"
                    tabindex="0"
                    aria-label=caption
                    inner_html=move || self.model.with(Model::table)
                ></div>
            </details>
        }
        .into_any()
    }
}

/// Height of the box with the value, in pixels.
const TIP_HEIGHT: i32 = 64;

/// The cursor line, a ring around the value, and a box with value and time on the side that has room.
fn tip(readout: Readout) -> AnyView {
    let longest = [&readout.when, &readout.value, &readout.note].into_iter().map(|t| t.chars().count()).max();
    // About 7.5 px a character at this size, and the box's own margins.
    let width = i32::try_from(longest.unwrap_or(0)).unwrap_or(0).clamp(14, 40) * 15 / 2 + 24;
    let left = match readout.x {
        ..30.0 => 12,
        70.0.. => -12 - width,
        _ => -width / 2,
    };
    let (anchor, top) = if readout.y > 45.0 { ("0%", 0) } else { ("100%", -TIP_HEIGHT) };
    let (x, y) = (format!("{:.2}%", readout.x), format!("{:.2}%", readout.y));
    let text = left + 12;
    view! {
        <line class="cursor-line" x1=x.clone() x2=x.clone() y1="0" y2="100%"></line>
        <circle class="cursor-point" cx=x.clone() cy=y r="6"></circle>
        <svg class="tip" x=x y=anchor>
            <rect x=left.to_string() y=top.to_string() width=width.to_string() height=TIP_HEIGHT.to_string() rx="8"></rect>
            <text class="tip-when" x=text.to_string() y=(top + 18).to_string()>{readout.when}</text>
            <text class="tip-value" x=text.to_string() y=(top + 37).to_string()>{readout.value}</text>
            <text class="tip-note" x=text.to_string() y=(top + 55).to_string()>{readout.note}</text>
        </svg>
    }
    .into_any()
}
