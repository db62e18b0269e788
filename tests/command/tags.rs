//! `tags` where the registry stops answering part-way: what it resolved is
//! printed, what is missing is named, and it is not asked for more.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use webdis_verify::base::digest::Digest;

/// Thirty tags; after `good` answers about tags, `refusal`. The authority,
/// and the number of questions about tags.
fn registry(good: usize, refusal: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
            let (head, body) = if first.contains("/tags/list") {
                let tags: Vec<String> = (1..=30).map(|n| format!("\"1.{n}\"")).collect();
                ("200 OK".to_owned(), format!(r#"{{"name":"o/n","tags":[{}]}}"#, tags.join(",")))
            } else if count.fetch_add(1, Ordering::SeqCst) < good {
                let digest = Digest::of(b"one image");
                (format!("200 OK\r\nDocker-Content-Digest: {digest}"), String::new())
            } else {
                (refusal.to_owned(), String::new())
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
            drop(stream.write_all(format!("{head}{body}").as_bytes()));
        }
    });
    (authority, asked)
}

fn tags(authority: &str) -> (Option<i32>, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_webdis-verify"))
        .args(["tags", "--no-platforms", &format!("{authority}/o/n")])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

#[test]
fn a_rate_limit_part_way_leaves_what_was_resolved() {
    let (authority, asked) = registry(7, "429 Too Many Requests\r\nRetry-After: 120");
    let (status, out, err) = tags(&authority);
    assert_eq!(status, Some(4), "{err}");
    let line = out.lines().next().unwrap();
    assert!(line.starts_with(&Digest::of(b"one image").to_string()), "{out}");
    assert_eq!(line.split_whitespace().count(), 1 + 7, "{out}");
    assert!(err.contains("23 of 30 tags were not resolved: "), "{err}");
    // What is not printed is named, and nothing is in both.
    let missing: Vec<&str> = err.split("not resolved: ").nth(1).unwrap().split_whitespace().collect();
    assert_eq!(missing.len(), 23, "{err}");
    assert!(missing.iter().all(|tag| !line.split_whitespace().any(|shown| shown == *tag)));
    assert_eq!(err.replace('\n', " ").matches("retry after: 120").count(), 1, "said once: {err}");
    // Those under way were answered; no more were sent.
    let asked = asked.load(Ordering::SeqCst);
    assert!((8..=20).contains(&asked), "{asked} questions");
}

#[test]
fn a_failure_of_one_tag_leaves_the_others() {
    let (authority, asked) = registry(29, "500 Oops");
    let (status, out, err) = tags(&authority);
    assert_eq!(status, Some(4), "{err}");
    assert_eq!(out.split_whitespace().count(), 1 + 29, "{out}");
    assert!(err.contains("1 of 30 tags were not resolved: 1."), "{err}");
    assert_eq!(asked.load(Ordering::SeqCst), 30);
    let (authority, _) = registry(30, "");
    let (status, _, err) = tags(&authority);
    assert_eq!((status, err.as_str()), (Some(0), ""));
}
