//! The files of the page that `serve` answers with.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// Path below the page's folder, such as `www/element.js`, and bytes of each
/// file.
pub type Files = &'static [(&'static str, &'static [u8])];

/// Where the page comes from.
#[derive(Clone, Debug)]
pub enum Page {
    /// Nowhere: the proxy is served alone.
    None,
    /// Read from a folder at each request.
    Folder(PathBuf),
    /// Carried in the program.
    Embedded(Files),
}

/// A file of the page and what its headers say.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: &'static str,
    /// `Content-Security-Policy`: documents only.
    pub(super) policy: Option<String>,
}

impl Page {
    /// The file that a request's target names: plain names only, so that
    /// nothing outside the folder can be named.
    pub(super) fn find(&self, target: &str) -> Option<Found> {
        let path = target.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
        let path: Cow<'_, str> = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html").into()
        } else {
            path.into()
        };
        let plain = Path::new(&*path).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || path.contains(['%', '\\', '\0', ':']) {
            return None;
        }
        let bytes = match self {
            Self::None => None,
            Self::Folder(folder) => std::fs::read(folder.join(&*path)).ok(),
            Self::Embedded(files) => {
                files.iter().find(|(name, _)| *name == path).map(|(_, bytes)| bytes.to_vec())
            }
        }?;
        let content_type = content_type(&path);
        let policy = content_type.starts_with("text/html").then(|| policy(&bytes));
        Some(Found { bytes, content_type, policy })
    }
}

fn content_type(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt" | "pub" | "md" | "ts") => "text/plain; charset=utf-8",
        _ if path.ends_with("SHA256SUMS") || path.ends_with("_headers") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The document's own policy (its `meta`, the only place where it is written)
/// as a header, with the one directive that a `meta` cannot give: nobody may
/// put it into a frame (CSP Level 3, section 6.4.2).
fn policy(document: &[u8]) -> String {
    const FRAMES: &str = "frame-ancestors 'none'";
    const META: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let text = String::from_utf8_lossy(document);
    let own = text.split_once(META).and_then(|(_, rest)| rest.split_once('"')).map(|(policy, _)| policy);
    own.map_or_else(|| FRAMES.to_owned(), |own| format!("{own}; {FRAMES}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: Files = &[
        (
            "index.html",
            b"<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">",
        ),
        ("docs/index.html", b"<p>no policy of its own"),
        ("www/engine.wasm", b"\0asm"),
    ];

    #[test]
    fn a_target_names_a_file_or_nothing() {
        let page = Page::Embedded(FILES);
        let found = page.find("/?image=x#y").unwrap();
        assert_eq!(found.content_type, "text/html; charset=utf-8");
        assert_eq!(found.policy.unwrap(), "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(page.find("/docs/").unwrap().policy.unwrap(), "frame-ancestors 'none'");
        let wasm = page.find("/www/engine.wasm").unwrap();
        assert_eq!((wasm.bytes.as_slice(), wasm.content_type), (b"\0asm".as_slice(), "application/wasm"));
        assert!(wasm.policy.is_none());
        for strange in ["/www", "/www/../index.html", "/www/%2e%2e/index.html", "//etc/passwd", "/INDEX.html"]
        {
            assert!(page.find(strange).is_none(), "{strange}");
        }
        assert!(Page::None.find("/").is_none());
    }

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let page = Page::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        assert!(page.find("/lib.rs").is_some());
        for outside in
            ["/../Cargo.toml", "/registry/../../Cargo.toml", "/%2e%2e/Cargo.toml", "/..\\Cargo.toml"]
        {
            assert!(page.find(outside).is_none(), "{outside}");
        }
    }
}
