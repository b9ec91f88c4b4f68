//! Waiting for data, in the shape of what comes; and [`load`], which joins waiting, failing and showing.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::LoadError;
use crate::{error::AppError, tr};

/// The shape of what is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkeletonKind {
    /// Two lines of text.
    Text,
    /// So many rows of 44 px.
    Rows(u8),
    /// A drawing.
    Chart,
    /// A large value with a line below.
    Value,
    /// A form of so many fields.
    Form(u8),
}

/// Grey bars of the final size.
#[component]
pub fn Skeleton(
    /// The shape.
    kind: SkeletonKind,
) -> impl IntoView {
    let bars = match kind {
        SkeletonKind::Text => vec!["skeleton__bar", "skeleton__bar skeleton__bar--short"],
        SkeletonKind::Rows(count) => vec!["skeleton__bar skeleton__bar--row"; usize::from(count)],
        SkeletonKind::Chart => vec!["skeleton__bar skeleton__bar--block"],
        SkeletonKind::Value => {
            vec!["skeleton__bar skeleton__bar--big", "skeleton__bar skeleton__bar--short"]
        }
        SkeletonKind::Form(fields) => {
            ["skeleton__bar skeleton__bar--short", "skeleton__bar skeleton__bar--row"].repeat(usize::from(fields))
        }
    };
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{tr!(common.loading)}</span>
            {bars.into_iter().map(|class| view! { <span class=class></span> }).collect_view()}
        </div>
    }
    .into_any()
}

/// Shows a resource: a skeleton while it is awaited, [`LoadError`] if it failed, else `show`.
///
/// One call per card. Create the resource with `Resource::new(key, fetcher)` (server functions of
/// [`crate::server_fns`]) just before, in the same component.
pub fn load<T, S, V>(resource: Resource<Result<T, AppError>>, kind: SkeletonKind, show: S) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    S: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Suspense fallback=move || view! { <Skeleton kind /> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(data) => show(data).into_any(),
                        Err(error) => view! { <LoadError error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}
