//! What is refused before anything looks at it, and the headers that every answer has.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::Shared;

/// The longest address that is looked at, in bytes.
const LONGEST: usize = 8 << 10;

/// An answer takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(10);

/// What no answer but a page may do.
const STRICT: &str = "default-src 'none'; frame-ancestors 'none'";

/// A short answer that says why there is no other.
pub fn refuse(status: StatusCode, why: &str) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    (status, [kind], format!("{}: {why}\n", status.as_u16())).into_response()
}

/// Stands before everything.
pub async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&shared, &request) {
        Some(response) => response,
        None => match tokio::time::timeout(PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, "this takes too long; try again");
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
                // Browsers ask again by themselves: a first build may take longer.
                response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
                response
            }
        },
    };
    dress(response.headers_mut());
    response
}

fn refusal(shared: &Shared, request: &Request) -> Option<Response> {
    let (uri, headers) = (request.uri(), request.headers());
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    if target.len() > LONGEST {
        return Some(refuse(StatusCode::URI_TOO_LONG, "the address is too long"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        close(&mut response);
        return Some(response);
    }
    let has_length = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    if has_length || headers.contains_key(header::TRANSFER_ENCODING) {
        let mut response = refuse(StatusCode::PAYLOAD_TOO_LARGE, "a question has no body");
        close(&mut response);
        return Some(response);
    }
    if !shared.open && !is_local(headers, uri.authority()) {
        let why = "this server is for this machine only; `--host` opens it to others";
        return Some(refuse(StatusCode::MISDIRECTED_REQUEST, why));
    }
    None
}

/// Nobody reads what comes after.
fn close(response: &mut Response) {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

/// Whether the question is for this machine by name. A page elsewhere can make its own name lead here;
/// its browser then sends that name.
fn is_local(headers: &HeaderMap, asked: Option<&Authority>) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(host) = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    let local = |name: &Authority| {
        let plain = !name.as_str().contains('@');
        plain && matches!(&*name.host().to_ascii_lowercase(), "localhost" | "127.0.0.1" | "[::1]")
    };
    local(&host) && asked.is_none_or(local)
}

/// Headers that keep an answer to itself; those that are there already stay.
fn dress(headers: &mut HeaderMap) {
    let all: [(HeaderName, &'static str); 7] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, STRICT),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in all {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
