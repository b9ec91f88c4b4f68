//! Data that is asked for anew each minute while the page is in sight: a value must not look current when it is not.

use std::{future::Future, time::Duration};

use domain::Error;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{
        LoadError,
        fresh::on_return,
        icon::{Glyph, Icon},
    },
    error::AppError,
    tr,
};

/// How often; a sensor gives a value every one to five minutes.
const EVERY: Duration = Duration::from_mins(1);

/// The newest answer of the server, and what kept it from giving a newer one.
pub struct Live<T: Send + Sync + 'static> {
    /// The newest answer.
    pub data: RwSignal<T>,
    trouble: RwSignal<Option<AppError>>,
}

// Derived, they would ask for `T: Copy`.
impl<T: Send + Sync + 'static> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Live<T> {}

impl<T: Clone + Send + Sync + 'static> Live<T> {
    /// Starts from the answer that came with the page. Without WASM it stays at that.
    pub fn new<F, A>(first: T, ask: F) -> Self
    where
        F: Fn() -> A + Clone + 'static,
        A: Future<Output = Result<T, AppError>> + 'static,
    {
        let live = Self { data: RwSignal::new(first), trouble: RwSignal::new(None) };
        let again = move || {
            if document().hidden() {
                return;
            }
            let answer = ask();
            spawn_local(async move {
                let trouble = match answer.await {
                    Ok(data) => {
                        live.data.try_set(data);
                        None
                    }
                    Err(error) => Some(error),
                };
                live.trouble.try_set(trouble);
            });
        };
        let on_tick = again.clone();
        Effect::new(move |_| {
            if let Ok(timer) = set_interval_with_handle(on_tick.clone(), EVERY) {
                on_cleanup(move || timer.clear());
            }
        });
        on_return(again);
        live
    }

    /// Whether the data may no longer be seen: the access ended, or the session.
    pub fn is_gone(self) -> Memo<bool> {
        Memo::new(move |_| self.trouble.with(|trouble| trouble.as_ref().is_some_and(|error| !passes(error))))
    }

    /// Shows the newest answer, with a warning while no newer one can be had.
    pub fn view<V: IntoView + 'static>(self, show: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView {
        (move || match self.trouble.get() {
            Some(error) if !passes(&error) => view! { <LoadError error /> }.into_any(),
            trouble => view! {
                {trouble
                    .map(|_| {
                        view! {
                            <p class="notice notice--warn" role="alert">
                                <Icon glyph=Glyph::Warning />
                                <span>{tr!(caregiver.not_refreshed)}</span>
                            </p>
                        }
                    })}
                {show(self.data.get())}
            }
            .into_any(),
        })
        .into_any()
    }
}

/// Whether an error is a matter of waiting.
fn passes(error: &AppError) -> bool {
    match error {
        AppError::Transport => true,
        AppError::Domain(error) => {
            matches!(error, Error::Unavailable | Error::TooMany { .. } | Error::Internal { .. })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_stays_only_while_it_may_be_seen() {
        for (error, stays) in [
            (AppError::Transport, true),
            (AppError::Domain(Error::Unavailable), true),
            (AppError::Domain(Error::NotFound), false),
            (AppError::Domain(Error::Unauthenticated), false),
            (AppError::Domain(Error::Forbidden), false),
        ] {
            assert_eq!(passes(&error), stays, "{error:?}");
        }
    }
}
