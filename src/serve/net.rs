//! The port: which one, who may come, how many at once, and for how long without a word.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

use super::ServeError;

/// The port that is taken where none is asked for, and how many above it are tried.
const PORT: u16 = 4747;
const NEXT: u16 = 30;

/// How many connections may be open.
const CONNECTIONS: usize = 256;

/// A connection over which nothing has gone for so long is closed. Events send a sign of life more often.
const IDLE: Duration = Duration::from_secs(60);

/// A port that is ours.
pub struct Bound {
    listener: std::net::TcpListener,
    address: SocketAddr,
    host: Option<String>,
}

/// Takes a port: the one that is asked for, else the first that is free from 4747 on. Only this machine can
/// reach it, unless a host is named. Errors where there is no such host or no such port.
pub fn bind(host: Option<&str>, port: Option<u16>) -> Result<Bound, ServeError> {
    let ip = match host {
        None => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Some(host) => address_of(host)?,
    };
    let first = port.unwrap_or(PORT);
    let tries = if port.is_some() { 0 } else { NEXT };
    let mut last = None;
    for port in first..=first.saturating_add(tries) {
        match std::net::TcpListener::bind((ip, port)) {
            Ok(listener) => {
                let address = listener.local_addr().unwrap_or_else(|_| SocketAddr::new(ip, port));
                return Ok(Bound { listener, address, host: host.map(str::to_string) });
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => {
                last = Some(error);
                break;
            }
        }
    }
    Err(match last {
        Some(error) if error.kind() == io::ErrorKind::AddrInUse => ServeError {
            message: match port {
                Some(port) => format!("port {port} is in use by another program"),
                None => format!("the ports {PORT} to {} are all in use", PORT + NEXT),
            },
            hint: Some("name another one with `--port`; `--port 0` takes any that is free".into()),
        },
        Some(error) if error.kind() == io::ErrorKind::PermissionDenied => ServeError {
            message: format!("port {first} is only for the system"),
            hint: Some("name one above 1023 with `--port`".into()),
        },
        Some(error) if error.kind() == io::ErrorKind::AddrNotAvailable => ServeError {
            message: format!("`{}` is not an address of this machine", host.unwrap_or_default()),
            hint: Some("name one of its own addresses, or `0.0.0.0` for all of them".into()),
        },
        other => ServeError {
            message: format!(
                "port {first} cannot be had{}",
                other.map(|error| format!(": {error}")).unwrap_or_default()
            ),
            hint: None,
        },
    })
}

fn address_of(host: &str) -> Result<IpAddr, ServeError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse() {
        return Ok(ip);
    }
    let found = (host, 0).to_socket_addrs().ok();
    let mut found: Vec<IpAddr> = found.into_iter().flatten().map(|address| address.ip()).collect();
    // `localhost` is both; browsers try the older one in any case.
    found.sort_by_key(IpAddr::is_ipv6);
    found.first().copied().ok_or_else(|| ServeError {
        message: format!("there is no host `{}`", host.escape_debug()),
        hint: Some("name an address of this machine, or `0.0.0.0` for all of them".into()),
    })
}

impl Bound {
    /// Whether others than this machine can reach it.
    pub fn is_open(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Where a browser on this machine finds it.
    pub fn url(&self) -> String {
        let ip = self.address.ip();
        let host = match &self.host {
            Some(host) if host.parse::<IpAddr>().is_err() && !host.starts_with('[') => host.clone(),
            _ if ip.is_unspecified() => "localhost".to_string(),
            _ if ip.is_ipv6() => format!("[{ip}]"),
            _ => ip.to_string(),
        };
        format!("http://{host}:{}/", self.address.port())
    }

    pub(super) fn listen(self) -> io::Result<Door> {
        self.listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(self.listener)?;
        Ok(Door { listener, room: Arc::new(Semaphore::new(CONNECTIONS)) })
    }
}

/// Lets in so many at once.
pub(super) struct Door {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Listener for Door {
    type Io = Patient;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Patient, SocketAddr) {
        loop {
            let Ok(place) = self.room.clone().acquire_owned().await else {
                // The room is never closed.
                std::future::pending::<()>().await;
                continue;
            };
            match self.listener.accept().await {
                Ok((stream, from)) => {
                    let _ = stream.set_nodelay(true);
                    let end = Box::pin(tokio::time::sleep(IDLE));
                    return (Patient { stream, end, _place: place }, from);
                }
                // No file handles left, or the other side went: others may come later.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when nothing has gone over it for too long.
pub(super) struct Patient {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Patient {
    /// What came of reading or writing; an error where it has waited too long.
    fn judge<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.end.as_mut().reset(Instant::now() + IDLE);
            return done;
        }
        match self.end.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.judge(cx, done)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.judge(cx, done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
