//! One request and one answer for each connection, over plain HTTP/1.1
//! (RFC 9112): all that a server on loopback needs. Connections are not kept
//! alive, so that an idle one cannot hold up another.

use std::io::{self, Read as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::base::limits;

/// Longest request line and headers together.
const HEAD_BYTES: usize = 64 << 10;
/// Most headers.
const HEADERS: usize = 64;
/// Most connections served at the same time.
const CONNECTIONS: usize = 128;
/// How much of an answer is handed to the system at a time, in bytes.
const PIECE: usize = 64 << 10;
/// How much of a streamed answer is read at a time.
const STREAMED: usize = 256 << 10;

/// How long a client may take, in all: to send its request's head, to read
/// the answer, to close.
#[derive(Clone, Copy, Debug)]
struct Patience {
    head: Duration,
    answer: Duration,
    linger: Duration,
}

impl Patience {
    const USUAL: Self = Self {
        head: Duration::from_millis(limits::REQUEST_HEAD_MILLISECONDS),
        answer: Duration::from_millis(limits::ANSWER_MILLISECONDS),
        linger: Duration::from_millis(limits::LINGER_MILLISECONDS),
    };
}

/// A connection whose reads and writes all end by one moment, however many
/// bytes they come in.
#[derive(Debug)]
struct Timed<'s> {
    stream: &'s TcpStream,
    end: Instant,
}

impl<'s> Timed<'s> {
    fn new(stream: &'s TcpStream, patience: Duration) -> Self {
        Self { stream, end: Instant::now() + patience }
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl io::Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl io::Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        // A long write would last as long as something of it goes through.
        self.stream.write(bytes.get(..PIECE).unwrap_or(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A request without a body.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) method: String,
    pub(super) target: String,
    headers: Vec<(String, String)>,
}

impl Incoming {
    /// The first header of this name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}

/// An answer.
pub(super) struct Outgoing {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// What follows the body and is read as it is sent, with its length if it
    /// is known.
    pub(super) stream: Option<Box<dyn io::Read + Send>>,
    /// What `Content-Length` says instead of the body's length: for `HEAD`.
    pub(super) length: Option<usize>,
    headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Outgoing {
    pub(super) fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, body, stream: None, length: None, headers: Vec::new() }
    }

    /// Adds a header; a value that would break the head apart is left out.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if !value.contains(['\r', '\n', '\0']) {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A listening socket.
#[derive(Debug)]
pub(super) struct Listener {
    listener: TcpListener,
    stopped: AtomicBool,
    open: AtomicUsize,
    patience: Patience,
}

impl Listener {
    pub(super) fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let (stopped, open) = (AtomicBool::new(false), AtomicUsize::new(0));
        Ok(Self { listener, stopped, open, patience: Patience::USUAL })
    }

    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Answers requests, each on a thread of its own, until [`Self::stop`].
    pub(super) fn run(&self, answer: impl Fn(&Incoming) -> Outgoing + Sync) {
        std::thread::scope(|scope| {
            for stream in self.listener.incoming() {
                if self.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                if self.open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
                    self.open.fetch_sub(1, Ordering::SeqCst);
                    continue;
                }
                let answer = &answer;
                scope.spawn(move || {
                    // A client that went away is no concern of the server.
                    drop(converse(&stream, self.patience, answer));
                    self.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
    }

    /// Ends [`Self::run`] once requests under way are answered.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the loop that waits for a connection.
        drop(self.address().map(TcpStream::connect));
    }
}

fn converse(
    stream: &TcpStream,
    patience: Patience,
    answer: impl Fn(&Incoming) -> Outgoing,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let request = read(&mut Timed::new(stream, patience.head))?;
    let (method, mut answer) = match &request {
        Some(request) => (request.method.as_str(), answer(request)),
        None => ("GET", Outgoing::new(400, b"This is not an HTTP request.\n".to_vec())),
    };
    let streamed = answer.stream.take();
    write(&mut Timed::new(stream, patience.answer), method, &answer, streamed.is_some())?;
    if let Some(body) = streamed.filter(|_| method != "HEAD") {
        copy(stream, patience, body)?;
    }
    // What the client still sends (a body) is read away for a moment, so that
    // the answer is not lost with it.
    stream.shutdown(Shutdown::Write)?;
    io::copy(&mut Timed::new(stream, patience.linger).take(1 << 20), &mut io::sink()).map(drop)
}

/// Reads a request's head; `None` if it is not one or is too long.
fn read(stream: &mut impl io::Read) -> io::Result<Option<Incoming>> {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece)?;
        head.extend_from_slice(piece.get(..length).unwrap_or_default());
        if length == 0 || head.len() > HEAD_BYTES {
            return Ok(None);
        }
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&head) {
            Ok(httparse::Status::Partial) => {}
            Ok(httparse::Status::Complete(_)) => return Ok(taken(&request)),
            Err(_) => return Ok(None),
        }
    }
}

fn taken(request: &httparse::Request<'_, '_>) -> Option<Incoming> {
    let header = |header: &httparse::Header<'_>| {
        Some((header.name.to_owned(), core::str::from_utf8(header.value).ok()?.to_owned()))
    };
    Some(Incoming {
        method: request.method?.to_owned(),
        target: request.path?.to_owned(),
        headers: request.headers.iter().filter_map(header).collect(),
    })
}

/// Sends what is read as it comes. Each piece may take the time of an answer:
/// who takes none of it ends it, and who is slow gets all.
fn copy(stream: &TcpStream, patience: Patience, mut body: impl io::Read) -> io::Result<()> {
    use io::Write as _;
    let mut piece = vec![0; STREAMED];
    loop {
        let length = body.read(&mut piece)?;
        let bytes = piece.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        Timed::new(stream, patience.answer).write_all(bytes)?;
    }
}

fn write(stream: &mut impl io::Write, method: &str, answer: &Outgoing, streamed: bool) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\nConnection: close\r\n", answer.status, reason(answer.status));
    let length = answer.length.or((!streamed).then_some(answer.body.len()));
    if let Some(length) = length.filter(|_| answer.status != 204 && answer.status != 304) {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&answer.body)?;
    }
    stream.flush()
}

/// The usual phrase; clients read the number.
const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        421 => "Misdirected Request",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        504 => "Gateway Timeout",
        _ => "Answer",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn ask(address: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn idle_connections_hold_up_nobody() {
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.address().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                listener.run(|request| {
                    Outgoing::new(200, request.target.clone().into_bytes()).with("X", "a\r\nb")
                })
            });
            let idle: Vec<_> = (0..40).map(|_| TcpStream::connect(address).unwrap()).collect();
            for n in 0..20 {
                let answer = ask(address, &format!("GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n"));
                assert!(
                    answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(&format!("\r\n\r\n/{n}")),
                    "{answer}"
                );
                assert!(!answer.contains("X:"));
            }
            assert!(ask(address, "HEAD /abc HTTP/1.1\r\n\r\n").ends_with("Content-Length: 4\r\n\r\n"));
            assert!(ask(address, "nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
            drop(idle);
            listener.stop();
        });
    }

    /// A listener of little patience that answers 16 MiB, while `run` uses it.
    fn impatient(run: impl FnOnce(&Listener, SocketAddr)) {
        let mut listener = Listener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let two = Duration::from_secs(2);
        listener.patience = Patience { head: two, answer: two, linger: Duration::from_millis(300) };
        let address = listener.address().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| listener.run(|_| Outgoing::new(200, vec![b' '; 16 << 20])));
            run(&listener, address);
            listener.stop();
        });
    }

    /// Waits until no connection is open; how long that took.
    fn until_closed(listener: &Listener) -> Duration {
        let start = Instant::now();
        while listener.open.load(Ordering::SeqCst) > 0 {
            assert!(start.elapsed() < Duration::from_secs(20), "a connection is held");
            std::thread::sleep(Duration::from_millis(20));
        }
        start.elapsed()
    }

    #[test]
    fn a_byte_now_and_then_holds_no_connection() {
        impatient(|listener, address| {
            let mut dripping: Vec<_> = (0..8).map(|_| TcpStream::connect(address).unwrap()).collect();
            // Each pause is far below the limit; all of them are not.
            let begun = Instant::now();
            let mut refused = false;
            while begun.elapsed() < Duration::from_secs(10) && !refused {
                std::thread::sleep(Duration::from_millis(200));
                refused = dripping.iter_mut().any(|stream| stream.write_all(b"G").is_err());
            }
            assert!(refused, "the server still reads");
            until_closed(listener);
            // The answer is taken as slowly.
            let mut reader = TcpStream::connect(address).unwrap();
            reader.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
            let begun = Instant::now();
            let mut byte = [0];
            while listener.open.load(Ordering::SeqCst) > 0 || begun.elapsed() < Duration::from_secs(1) {
                assert!(begun.elapsed() < Duration::from_secs(20), "a connection is held");
                std::thread::sleep(Duration::from_millis(100));
                drop(reader.read(&mut byte));
            }
        });
    }

    #[test]
    fn who_is_slow_but_in_time_is_answered_in_full() {
        impatient(|listener, address| {
            let mut stream = TcpStream::connect(address).unwrap();
            for piece in ["GET /", " HTTP/1.1\r\nHo", "st: x\r\n", "\r\n"] {
                std::thread::sleep(Duration::from_millis(150));
                stream.write_all(piece.as_bytes()).unwrap();
            }
            let mut answer = vec![0; 1 << 20];
            stream.read_exact(&mut answer).unwrap();
            std::thread::sleep(Duration::from_millis(300));
            let rest = stream.read_to_end(&mut answer).unwrap();
            let text = String::from_utf8_lossy(answer.get(..200).unwrap()).into_owned();
            assert!(text.starts_with("HTTP/1.1 200 OK") && (1 << 20) + rest > 16 << 20, "{text} {rest}");
            drop(stream);
            until_closed(listener);
        });
    }
}
