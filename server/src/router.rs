//! How the doors join, and every layer in order, outermost first: [`crate::edge`], compression, then each door's own.

use axum::{Router, middleware};
use tower_http::compression::{
    CompressionLayer, CompressionLevel, Predicate,
    predicate::{DefaultPredicate, SizeAbove},
};

use crate::{api, edge, health, state::AppState, web};

/// Answers below this many bytes fit into one packet as they are.
const COMPRESS_FROM: u16 = 1024;
/// Of brotli's and gzip's levels: a report's page, 280 kB, is 33 kB after 4 ms; the fastest level sends 60.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(5);

/// Everything that is served.
pub fn router(app: &AppState) -> Router {
    // Never event streams (an event would wait for the next one), images, or what is compressed already.
    let worth_it = DefaultPredicate::new().and(SizeAbove::new(COMPRESS_FROM));
    Router::new()
        .merge(health::router())
        .merge(api::router(app))
        .merge(web::router(app))
        .layer(CompressionLayer::new().quality(COMPRESSION).compress_when(worth_it))
        .layer(middleware::from_fn_with_state(app.clone(), edge::edge))
        .with_state(app.clone())
}
