//! The addresses: pages and assets, the script that keeps a page live, events, lookup for tools.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::guard::{guard, refuse};
use super::state::{Shared, Shown};
use super::{api, events, page};

/// Every address with who answers there.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/find", get(api::find))
        .route("/api/card", get(api::card))
        .route(page::EVENTS, get(events::events))
        .route(page::SCRIPT, get(|| async { typed("js", page::SCRIPT_TEXT.into()) }))
        .route(page::STYLE, get(|| async { typed("css", page::STYLE_TEXT.into()) }))
        .fallback(file)
        .layer(from_fn_with_state(shared.clone(), guard))
        .with_state(shared)
}

/// A page or an asset.
async fn file(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let path = match decode(uri.path()) {
        Ok(path) => path,
        Err(why) => return refuse(StatusCode::BAD_REQUEST, why),
    };
    let mut heard = shared.shown.subscribe();
    // The first build may be under way; who waits too long is told.
    let shown = match heard.wait_for(Option::is_some).await {
        Ok(shown) => shown.clone().unwrap_or_default(),
        Err(_) => return refuse(StatusCode::SERVICE_UNAVAILABLE, "there are no pages"),
    };
    let name = match &*path {
        "" => "index.html".to_string(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        _ => path.clone(),
    };
    if let Some(bytes) = shown.files.get(&name) {
        return answer(&shared, &shown, &name, bytes, StatusCode::OK);
    }
    if shown.files.contains_key(&format!("{name}/index.html")) {
        // Made of the names of files only, which need no escaping.
        if let Ok(to) = HeaderValue::from_str(&format!("/{name}/")) {
            return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
    }
    match shown.files.get("404.html") {
        Some(bytes) => answer(&shared, &shown, "404.html", bytes, StatusCode::NOT_FOUND),
        None => {
            let bare = page::bare();
            answer(&shared, &shown, "404.html", bare.as_bytes(), StatusCode::NOT_FOUND)
        }
    }
}

fn answer(shared: &Shared, shown: &Shown, name: &str, bytes: &[u8], status: StatusCode) -> Response {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending != "html" {
        return (status, typed(ending, bytes.to_vec())).into_response();
    }
    let live = page::live(shared, shown, &String::from_utf8_lossy(bytes));
    let mut response = (status, typed(ending, live.html.into_bytes())).into_response();
    if let Ok(policy) = HeaderValue::from_str(&live.policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// An answer with the type that its ending says.
fn typed(ending: &str, bytes: Vec<u8>) -> Response {
    let kind = match ending {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "xml" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], bytes).into_response()
}

/// The path of a file of the site; why there can be none.
fn decode(path: &str) -> Result<String, &'static str> {
    let path = path.strip_prefix('/').ok_or("an address begins with a slash")?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |at: usize| tail.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(0), digit(1)) else {
            return Err("a `%` in the address is followed by two digits");
        };
        bytes.push((high * 16 + low) as u8);
        rest = &tail[2..];
    }
    let path = String::from_utf8(bytes).map_err(|_| "the address is not in UTF-8")?;
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return Err("there is a sign in the address that no page has");
    }
    let folders = path.strip_suffix('/').unwrap_or(&path);
    let odd = |part: &str| matches!(part, "" | "." | "..");
    if !path.is_empty() && folders.split('/').any(odd) {
        return Err("the address does not lead down a path");
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn an_address_leads_down_or_nowhere() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(decode(path).ok().as_deref(), expected, "{path}");
        };
        check("/", Some(""));
        check("/en/a/index.html", Some("en/a/index.html"));
        check("/en/", Some("en/"));
        check("/%65n/", Some("en/"));
        check("/vi%E1%BB%87t", Some("việt"));
        for hostile in [
            "/..",
            "/../x",
            "/a/../b",
            "/%2e%2e/x",
            "/%2E./x",
            "/.",
            "//",
            "//a",
            "/a//b",
            "/a%00b",
            "/a%0d%0ab",
            "/a\\b",
            "/..%5cb",
            "/%",
            "/%2",
            "/%zz",
            "/%ff",
            "x",
            "/a/%2e%2e/%2e%2e/etc/passwd",
        ] {
            check(hostile, None);
        }
    }
}
