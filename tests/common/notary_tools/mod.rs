//! The real notary programs (Debian package `notary`), and a server of fixed
//! files for them, all on loopback.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// Whether all programs are on the search path. Without them a test says so
/// and passes, unless it runs in CI.
pub(crate) fn have(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let Some(absent) = programs.iter().find(|name| !there(name)) else { return true };
    let sentence = format!("{absent} is not there (Debian and Ubuntu: `apt-get install notary openssl`).");
    let ci = std::env::var("CI").is_ok_and(|v| !["", "0", "false"].contains(&v.as_str()));
    assert!(!ci, "{sentence}");
    eprintln!("SKIPPED: {sentence}");
    false
}

/// A folder of this test, removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("webdis-verify-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A child process, ended with the test.
pub(crate) struct Server(Child);

impl Server {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A port nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something listens.
pub(crate) fn wait_for(port: u16) {
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("nothing listens on port {port}");
}

/// Media type and bytes by path.
type Pages = BTreeMap<String, (String, Vec<u8>)>;

/// Serves fixed bytes over HTTP on loopback; a path it does not have is 404.
pub(crate) struct Static {
    pub(crate) port: u16,
    pages: Arc<Mutex<Pages>>,
}

impl Static {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages = Arc::new(Mutex::new(Pages::new()));
        let shared = Arc::clone(&pages);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pages = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, &pages));
            }
        });
        Self { port, pages }
    }

    pub(crate) fn put(&self, path: &str, kind: &str, bytes: &[u8]) {
        self.pages.lock().unwrap().insert(path.to_owned(), (kind.to_owned(), bytes.to_vec()));
    }

    pub(crate) fn clear(&self) {
        self.pages.lock().unwrap().clear();
    }
}

/// One request a connection. A Notary client asks for `ROLE.SHA256.json` too:
/// that is the same file here, so that the client has to notice by itself.
fn answer(mut stream: TcpStream, pages: &Mutex<Pages>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = first.split(' ').nth(1).unwrap_or_default();
    let parts: Vec<&str> = path.split('.').collect();
    let hashed = |part: &&str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let plain = parts.iter().filter(|part| !hashed(part)).copied().collect::<Vec<_>>().join(".");
    let page = pages.lock().unwrap().get(&plain).cloned();
    let (status, (kind, bytes)) = match page {
        Some(page) => ("200 OK", page),
        None => ("404 Not Found", ("application/json".to_owned(), b"{}".to_vec())),
    };
    let body = if first.starts_with("HEAD") { &[][..] } else { &bytes };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    drop(stream.write_all(&[head.as_bytes(), body].concat()));
}

/// A row of `notary list`.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) tag: String,
    pub(crate) digest: String,
    pub(crate) role: String,
}

/// What the client said.
pub(crate) struct Answer {
    pub(crate) success: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the client with a trust folder and `arguments`.
pub(crate) fn notary(folder: &Path, config: &str, port: u16, arguments: &[&str]) -> Answer {
    std::fs::create_dir_all(folder).unwrap();
    let config_file = folder.join("client.json");
    std::fs::write(&config_file, config).unwrap();
    let mut command = Command::new("notary");
    command.arg("-c").arg(config_file).args(["-s", &format!("http://127.0.0.1:{port}"), "-d"]);
    command.arg(folder.join("trust")).args(arguments).env("HOME", folder);
    for role in ["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"] {
        command.env(format!("NOTARY_{role}_PASSPHRASE"), "a passphrase of this test");
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Rotating the root key asks whether one is sure.
    drop(child.stdin.take().unwrap().write_all(b"yes\n"));
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let stdout = text(&output.stdout);
    let row = |line: &str| match line.split_whitespace().collect::<Vec<_>>().as_slice() {
        [tag, digest, size, role] if digest.len() == 64 && size.parse::<u64>().is_ok() => {
            Some(Row { tag: (*tag).to_owned(), digest: (*digest).to_owned(), role: (*role).to_owned() })
        }
        _ => None,
    };
    let rows = stdout.lines().filter_map(row).collect();
    Answer { success: output.status.success(), rows, stderr: text(&output.stderr), stdout }
}
