//! Pages whose code comes in a chunk of its own, one per portal: what a doctor's pages need is not sent to a patient.
//!
//! The server's HTML is complete before any chunk. If one cannot be fetched, the page that was loaded stays as the server
//! sent it, working by plain links and forms; after a navigation inside the browser a notice offers to load it anew.

use std::future::Future;

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::ChooseView;

use crate::{components::LoadError, context, error::AppError};

/// The chunk could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// The `view` of a route whose page is made by a split function.
#[derive(Clone, Copy)]
pub struct LazyPage<F, L> {
    /// Makes the page, once its code is there.
    pub make: F,
    /// Fetches its code. The router waits for it before it hydrates: what is made then is made at once.
    pub load: L,
}

impl<F, Made, L, Loaded> ChooseView for LazyPage<F, L>
where
    F: Fn() -> Made + Send + Clone + 'static,
    Made: Future<Output = Result<AnyView, NotLoaded>>,
    L: Fn() -> Loaded + Send + Clone + 'static,
    Loaded: Future<Output = Result<(), SplitLoaderError>>,
{
    async fn choose(self) -> AnyView {
        match (self.make)().await {
            Ok(view) => view,
            Err(NotLoaded) => view! { <LoadError error=AppError::Transport /> }.into_any(),
        }
    }

    async fn preload(&self) {
        if (self.load)().await.is_err() && context::on_first_page() {
            leave_to_the_browser();
            std::future::pending::<()>().await;
        }
    }
}

/// From now on a click on a link is the browser's own business: the router would show the next page in a document that
/// was never hydrated.
fn leave_to_the_browser() {
    if cfg!(target_arch = "wasm32") {
        use wasm_bindgen::{JsCast, closure::Closure};
        let stop = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| event.stop_immediate_propagation());
        // Without it links do nothing until the page is loaded anew, which is all that is left to do then.
        let _ = window().add_event_listener_with_callback_and_bool("click", stop.as_ref().unchecked_ref(), true);
        // Given to the browser: it is needed as long as the page.
        let _ = stop.into_js_value();
    }
}

/// Declares a portal's pages as one chunk: an enum of them and the split function that makes them.
///
/// `lazy_pages!(patient: Today => TodayPage, Log => LogPage)` gives `Page::{Today, Log}`, each with a `route()` for `view`.
#[macro_export]
macro_rules! lazy_pages {
    ($chunk:ident: $($name:ident => $component:ident),+ $(,)?) => {
        /// A page of this portal.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Page {
            $(#[doc = concat!("[`", stringify!($component), "`]")] $name),+
        }

        impl Page {
            /// For the route's `view`.
            fn route(self) -> impl leptos_router::ChooseView {
                $crate::lazy_page::LazyPage { make: move || page(self), load }
            }
        }

        /// Makes a page; its code lies in this portal's chunk.
        #[leptos::wasm_split::wasm_split($chunk, wasm_split_path = leptos::wasm_split, fallible, preload(load))]
        fn page(page: Page) -> Result<leptos::prelude::AnyView, $crate::lazy_page::NotLoaded> {
            // The server tells the browser to fetch the chunk together with the rest.
            #[cfg(feature = "ssr")]
            leptos::prefetch_lazy_fn_on_server(stringify!($chunk));
            Ok(match page {
                $(Page::$name => leptos::prelude::IntoAny::into_any(leptos::prelude::view! { <$component /> })),+
            })
        }
    };
}
