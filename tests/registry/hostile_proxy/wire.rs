//! A server that answers as it is told: honestly, or not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::world::World;

/// What goes over the wire.
pub(crate) enum Wire {
    /// Status line words, headers, body; Content-Length is added.
    Whole(&'static str, Vec<(String, String)>, Vec<u8>),
    /// As it is.
    Raw(Vec<u8>),
    /// A head, then bytes without end.
    Endless(Vec<u8>),
    /// A head, then a byte every now and then.
    Drip(Vec<u8>),
    /// Nothing at all.
    Silence,
}

/// A request, as far as a liar looks at it.
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tokens: usize,
}

/// What is answered; `None` for the truth.
pub(crate) type Server = dyn Fn(&Call, &World) -> Option<Wire> + Send + Sync;

pub(crate) fn headers(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn status(words: &'static str) -> Wire {
    Wire::Whole(words, headers(&[("Content-Type", "application/json")]), b"{}".to_vec())
}

pub(crate) fn ok(kind: &str, body: &[u8]) -> Wire {
    Wire::Whole("200 OK", headers(&[("Content-Type", kind)]), body.to_vec())
}

pub(crate) fn redirect(to: String) -> Wire {
    Wire::Whole("307 Temporary Redirect", headers(&[("Location", &to)]), Vec::new())
}

pub(crate) fn challenge(words: &str) -> Wire {
    Wire::Whole("401 Unauthorized", headers(&[("WWW-Authenticate", words)]), Vec::new())
}

/// 200 with a digest header for an empty body, as to HEAD.
pub(crate) fn names(digest: &str) -> Wire {
    Wire::Whole("200 OK", headers(&[("Docker-Content-Digest", digest)]), Vec::new())
}

/// Starts a server; the world it speaks of, and its authority.
pub(crate) fn start(world: World, server: Arc<Server>) -> (Arc<World>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let world = Arc::new(World { authority: authority.clone(), ..world });
    let shared = (world.clone(), server);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (world, server) = shared.clone();
            std::thread::spawn(move || drop(answer(stream, &world, &*server)));
        }
    });
    (world, authority)
}

fn answer(mut stream: TcpStream, world: &World, server: &Server) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut tokens = 0;
    for line in lines {
        let line = line?;
        tokens += usize::from(line.to_ascii_lowercase().starts_with("authorization:"));
        if line.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ').map(str::to_owned);
    let call =
        Call { method: words.next().unwrap_or_default(), path: words.next().unwrap_or_default(), tokens };
    let wire = server(&call, world).unwrap_or_else(|| world.honest(&call));
    let end = Instant::now() + Duration::from_secs(20);
    match wire {
        Wire::Whole(words, headers, body) => {
            let mut head =
                format!("HTTP/1.1 {words}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str("\r\n");
            stream.write_all(head.as_bytes())?;
            if call.method != "HEAD" {
                stream.write_all(&body)?;
            }
        }
        Wire::Raw(bytes) => stream.write_all(&bytes)?,
        Wire::Endless(head) => {
            stream.write_all(&head)?;
            let block = [b' '; 65_536];
            while Instant::now() < end {
                stream.write_all(&block)?;
            }
        }
        Wire::Drip(head) => {
            stream.write_all(&head)?;
            while Instant::now() < end {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Wire::Silence => {
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            drop(stream.read(&mut [0; 1]));
        }
    }
    Ok(())
}
