//! Signals that end the process while a screen is shown: a closed window, a polite kill.
//!
//! They are waited for in a thread of their own, which gives the terminal back and ends the process
//! itself: the thread of the screen may be busy reading from a terminal that is gone.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::screen::{Tty, give_back};

/// Gives the terminal back and ends the process on SIGHUP, SIGINT, SIGQUIT and SIGTERM, from now on.
/// Ctrl-C on a screen is a key and no signal.
pub(super) fn watch(tty: &Tty) -> io::Result<()> {
    static WATCHED: OnceLock<()> = OnceLock::new();
    if WATCHED.set(()).is_err() {
        return Ok(());
    }
    let tty = *tty;
    let runtime = Builder::new_current_thread().enable_io().build()?;
    // The handlers are in place when this returns, so that no signal comes in between.
    let signals = {
        let _entered = runtime.enter();
        let listen = |kind| signal(kind).map(|signal| (kind, signal));
        [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit(), SignalKind::terminate()]
            .into_iter()
            .map(listen)
            .collect::<io::Result<Vec<_>>>()?
    };
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        let number = runtime.block_on(first(signals));
        give_back(tty.open);
        (tty.ended)(number);
    })?;
    Ok(())
}

/// The number of the first that comes.
async fn first(mut signals: Vec<(SignalKind, Signal)>) -> i32 {
    std::future::poll_fn(|context| {
        for (kind, signal) in &mut signals {
            if signal.poll_recv(context).is_ready() {
                return std::task::Poll::Ready(kind.as_raw_value());
            }
        }
        std::task::Poll::Pending
    })
    .await
}
