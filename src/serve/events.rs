//! What pages listen to: the name of the state that is shown, at once and whenever it changes.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::guard::refuse;
use super::state::{Shared, Shown};

/// A sign of life goes out so often, so that the other side's going is noticed.
const ALIVE: Duration = Duration::from_secs(15);

type Heard = watch::Receiver<Option<Arc<Shown>>>;
/// Waits for what is shown next, and gives the receiver back.
type Next = Pin<Box<dyn Future<Output = Option<(Arc<Shown>, Heard)>> + Send>>;

/// Opens a stream of events.
pub async fn events(State(shared): State<Arc<Shared>>) -> Response {
    let Ok(place) = shared.streams.clone().try_acquire_owned() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "too many pages are open");
    };
    let mut heard = shared.shown.subscribe();
    // What is shown now is news to whoever has just come.
    heard.mark_changed();
    let stream = Names { next: Box::pin(next(heard)), shared, _place: place };
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)).into_response()
}

async fn next(mut heard: Heard) -> Option<(Arc<Shown>, Heard)> {
    loop {
        heard.changed().await.ok()?;
        let shown = heard.borrow_and_update().clone();
        if let Some(shown) = shown {
            return Some((shown, heard));
        }
    }
}

/// The names of states, as they come. Of states that follow closely only the last is sent.
struct Names {
    next: Next,
    shared: Arc<Shared>,
    _place: OwnedSemaphorePermit,
}

impl Stream for Names {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((shown, heard)) = ready!(self.next.as_mut().poll(cx)) else {
            return Poll::Ready(None);
        };
        self.next = Box::pin(next(heard));
        Poll::Ready(Some(Ok(Event::default().data(self.shared.name(&shown)))))
    }
}
