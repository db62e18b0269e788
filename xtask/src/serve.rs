//! A static server for `dist/` on loopback. It reads files, nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use crate::shell::say;
use crate::{Result, site};

/// No request line or header block is longer.
const MAX_HEAD: u64 = 16 * 1024;

/// Builds the page and serves it until interrupted.
pub(crate) fn run(address: &str) -> Result<()> {
    let dist = site::build()?;
    let (listener, note) = listen(address)?;
    let at = listener.local_addr().map_err(|e| format!("{address} cannot be used ({e})."))?;
    if let Some(note) = note {
        say(&note);
    }
    println!("Serving webdis-verify at http://{at}/ (stop with Ctrl-C)");
    for stream in listener.incoming().flatten() {
        let dist = dist.clone();
        std::thread::spawn(move || {
            // A browser that goes away is no concern of the server.
            drop(answer(&stream, &dist));
        });
    }
    Ok(())
}

/// Listens at the address; at any free port if the default one is taken.
fn listen(address: &str) -> Result<(TcpListener, Option<String>)> {
    match TcpListener::bind(address) {
        Ok(listener) => Ok((listener, None)),
        Err(e) if address == "127.0.0.1:8080" => TcpListener::bind("127.0.0.1:0")
            .map(|l| (l, Some(format!("{address} is taken ({e}); using another port"))))
            .map_err(|e| format!("No port on 127.0.0.1 can be used ({e}).")),
        Err(e) => {
            Err(format!("{address} cannot be used ({e}); choose another with --listen 127.0.0.1:PORT."))
        }
    }
}

fn answer(stream: &TcpStream, dist: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(30)))?;
    let mut lines = BufReader::new(stream.take(MAX_HEAD)).lines();
    let Some(request) = lines.next().transpose()? else { return Ok(()) };
    // The headers are read to their end, so that closing does not reset.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if method != "GET" && method != "HEAD" {
        return respond(stream, method, "405 Method Not Allowed", "text/plain", b"Only GET and HEAD.\n");
    }
    match file_for(dist, target).and_then(|path| Some((std::fs::read(&path).ok()?, path))) {
        Some((bytes, path)) => respond(stream, method, "200 OK", content_type(&path), &bytes),
        None => respond(stream, method, "404 Not Found", "text/plain", b"Not found.\n"),
    }
}

/// The file a request path names: inside `dist`, plain names only.
fn file_for(dist: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let relative =
        if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let plain = Path::new(&relative).components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !relative.contains(['%', '\\'])).then(|| dist.join(relative))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt" | "pub" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn respond(
    mut stream: &TcpStream,
    method: &str,
    status: &str,
    kind: &str,
    body: &[u8],
) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    if method == "GET" {
        stream.write_all(body)?;
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_folder_are_served() {
        let dist = Path::new("/d");
        assert_eq!(file_for(dist, "/"), Some("/d/index.html".into()));
        assert_eq!(file_for(dist, "/www/main.js?x#y"), Some("/d/www/main.js".into()));
        for bad in ["", "x", "//etc/passwd", "/../x", "/a/../../x", "/%2e%2e/x", "/a\\b"] {
            assert_eq!(file_for(dist, bad), None, "{bad}");
        }
    }
}
