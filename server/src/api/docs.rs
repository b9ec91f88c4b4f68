//! The API's description as a page: rendered here, no script, nothing from elsewhere.

use std::fmt::Write;

use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName};
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::web::plain::escape;

/// Only the page's own style.
pub const POLICY: [(HeaderName, &str); 1] = [(
    CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
)];

/// The page's style.
pub const STYLE: &str = include_str!("docs.css");

/// Methods in the order in which they are shown.
const METHODS: [&str; 5] = ["get", "post", "patch", "put", "delete"];

/// The page.
pub fn page(document: &OpenApi) -> String {
    let value = serde_json::to_value(document).unwrap_or_default();
    let mut html = String::with_capacity(64 * 1024);
    let title = text(&value, "/info/title");
    put(
        &mut html,
        format_args!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title}</title><link rel=\"stylesheet\" href=\"/api/v1/docs.css\"></head><body>\
             <header><h1>{title} <small>{version}</small></h1><p>{about}</p>\
             <p><a href=\"/api/v1/openapi.json\">OpenAPI {openapi} description</a></p></header>",
            title = escape(title),
            version = escape(text(&value, "/info/version")),
            about = escape(text(&value, "/info/description")),
            openapi = escape(text(&value, "/openapi")),
        ),
    );
    let tags: Vec<&Value> = value.pointer("/tags").and_then(Value::as_array).into_iter().flatten().collect();
    html.push_str("<nav aria-label=\"Calls\"><ul>");
    for tag in &tags {
        let name = escape(text(tag, "/name"));
        put(&mut html, format_args!("<li><a href=\"#{name}\">{name}</a></li>"));
    }
    html.push_str("<li><a href=\"#shapes\">shapes</a></li></ul></nav><main>");
    for tag in &tags {
        let name = text(tag, "/name");
        put(
            &mut html,
            format_args!(
                "<section><h2 id=\"{name}\">{name}</h2><p>{about}</p>",
                name = escape(name),
                about = escape(text(tag, "/description"))
            ),
        );
        for (path, item) in value.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for method in METHODS {
                if let Some(operation) = item.get(method)
                    && operation.pointer("/tags/0").and_then(Value::as_str) == Some(name)
                {
                    call(&mut html, path, method, operation);
                }
            }
        }
        html.push_str("</section>");
    }
    shapes(&mut html, &value);
    html.push_str("</main></body></html>");
    html
}

fn call(html: &mut String, path: &str, method: &str, operation: &Value) {
    let signed_in = operation.get("security").is_some();
    put(
        html,
        format_args!(
            "<article><h3><span class=\"method\">{method}</span> <code>{path}</code></h3><p>{summary}</p>",
            method = method.to_uppercase(),
            path = escape(path),
            summary = escape(text(operation, "/summary")),
        ),
    );
    if signed_in {
        html.push_str("<p class=\"note\">Needs an access token.</p>");
    }
    let parameters: Vec<&Value> = operation.get("parameters").and_then(Value::as_array).into_iter().flatten().collect();
    if !parameters.is_empty() {
        html.push_str("<table><caption>Parameters</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
        for parameter in parameters {
            put(
                html,
                format_args!(
                    "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>",
                    escape(text(parameter, "/name")),
                    escape(text(parameter, "/in")),
                    kind(parameter.get("schema").unwrap_or(&Value::Null)),
                    escape(text(parameter, "/description")),
                ),
            );
        }
        html.push_str("</tbody></table>");
    }
    if let Some((kind_name, content)) =
        operation.pointer("/requestBody/content").and_then(Value::as_object).and_then(|content| content.iter().next())
    {
        put(
            html,
            format_args!(
                "<p>Body: {} <small>{}</small></p>",
                kind(content.get("schema").unwrap_or(&Value::Null)),
                escape(kind_name)
            ),
        );
    }
    html.push_str("<table><caption>Answers</caption><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Meaning</th><th scope=\"col\">Body</th></tr></thead><tbody>");
    for (status, answer) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
        let schema = answer
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.values().next())
            .and_then(|content| content.get("schema"));
        put(
            html,
            format_args!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
                escape(status),
                escape(text(answer, "/description")),
                schema.map(kind).unwrap_or_default(),
            ),
        );
    }
    html.push_str("</tbody></table></article>");
}

fn shapes(html: &mut String, value: &Value) {
    html.push_str("<section><h2 id=\"shapes\">shapes</h2>");
    for (name, schema) in value.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten() {
        put(
            html,
            format_args!(
                "<article><h3 id=\"shape-{name}\">{name}</h3><p>{about}</p>",
                name = escape(name),
                about = escape(text(schema, "/description"))
            ),
        );
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties: Vec<_> = schema.get("properties").and_then(Value::as_object).into_iter().flatten().collect();
        if properties.is_empty() {
            put(html, format_args!("<p>{}</p>", kind(schema)));
        } else {
            html.push_str("<table><caption>Fields</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
            for (field, shape) in properties {
                let optional = if required.contains(&field.as_str()) { "" } else { " <small>optional</small>" };
                put(
                    html,
                    format_args!(
                        "<tr><th scope=\"row\"><code>{}</code>{optional}</th><td>{}</td><td>{}</td></tr>",
                        escape(field),
                        kind(shape),
                        escape(text(shape, "/description")),
                    ),
                );
            }
            html.push_str("</tbody></table>");
        }
        html.push_str("</article>");
    }
    html.push_str("</section>");
}

/// A schema's type in a few words, with a link where it is a shape.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#shape-{name}\">{name}</a>", name = escape(name));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema.get(choice).and_then(Value::as_array) {
            return options.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let names = values.iter().filter_map(Value::as_str).map(|name| format!("<code>{}</code>", escape(name)));
        return names.collect::<Vec<_>>().join(", ");
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return "any".to_owned(),
    };
    let name = names.join(" or ");
    match (schema.get("items"), schema.get("format").and_then(Value::as_str)) {
        (Some(items), _) => format!("list of {}", kind(items)),
        (None, Some(format)) => format!("{} <small>{}</small>", escape(&name), escape(format)),
        (None, None) => escape(&name),
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

fn put(html: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = html.write_fmt(arguments);
}
