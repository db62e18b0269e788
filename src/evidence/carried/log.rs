//! What a log writes before every line, or around it: a time, a level in brackets, the
//! step of a build, the job of a workflow, the members of a JSON object. Every line has
//! it, or none.

use crate::base::json;
use crate::base::list::CollectVec as _;
use crate::evidence::terminal::shows_digest;

/// Longest bracket, program's name or job before a line, in bytes.
const LONGEST: usize = 120;

/// Members of a logged line that hold what was printed.
const PRINTED: [&str; 4] = ["log", "msg", "message", "line"];
/// Members one of which stands beside it.
const BESIDE: [&str; 8] = ["time", "ts", "timestamp", "@timestamp", "level", "severity", "stream", "logger"];

/// A line without what one kind of log writes before it.
pub(super) const BEFORE: [fn(&str) -> Option<&str>; 9] = [
    after_stream,
    after_unit,
    after_time,
    after_clock,
    after_bracket,
    after_step,
    after_job,
    after_host,
    after_fields,
];

/// What follows `2026-05-04T12:00:00.123Z `, as logs of a build have it.
fn after_time(line: &str) -> Option<&str> {
    let (time, rest) = line.split_once(' ').unwrap_or((line, ""));
    let bytes = time.as_bytes();
    let shaped = (20..=35).contains(&time.len())
        && bytes.get(4) == Some(&b'-')
        && bytes.get(7) == Some(&b'-')
        && bytes.get(10) == Some(&b'T')
        && bytes.get(13) == Some(&b':')
        && bytes.first().is_some_and(u8::is_ascii_digit);
    shaped.then_some(rest)
}

/// `TIME stdout F `, as the CRI logs what a container printed; `TIME 01O `, as GitLab's
/// runner does.
fn after_stream(line: &str) -> Option<&str> {
    let (stream, rest) = after_time(line).map(|rest| rest.split_once(' ').unwrap_or((rest, "")))?;
    if matches!(stream, "stdout" | "stderr") {
        let (part, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        return matches!(part, "F" | "P").then_some(rest);
    }
    let (number, kind) = stream.split_at_checked(2)?;
    (number.bytes().all(|byte| byte.is_ascii_hexdigit()) && matches!(kind, "O" | "E")).then_some(rest)
}

/// `TIME host app[123]: `, as journalctl prints it with `-o short-iso`.
fn after_unit(line: &str) -> Option<&str> {
    let rest = after_time(line)?;
    let (head, rest) = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")))?;
    let (host, unit) = head.split_once(' ')?;
    let plain = !host.is_empty() && head.len() <= LONGEST && !unit.contains(' ');
    (plain && unit.ends_with(']')).then_some(rest)
}

/// `10:11:12 `, `2026-05-04 10:11:12.123 `.
fn after_clock(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    if is_clock(first) {
        return Some(rest);
    }
    let date = first.len() == 10 && first.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/'));
    let (clock, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    (date && is_clock(clock)).then_some(rest)
}

fn is_clock(word: &str) -> bool {
    let bytes = word.as_bytes();
    let shaped = bytes.get(2) == Some(&b':') && bytes.get(5) == Some(&b':');
    let digits = word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b','));
    (8..=18).contains(&word.len()) && shaped && digits
}

/// `[INFO] `, `[2026-05-04T12:00:00Z] `, `[pod/app/server] `.
fn after_bracket(line: &str) -> Option<&str> {
    let (inner, rest) = line.strip_prefix('[')?.split_once(']')?;
    let plain =
        inner.len() <= LONGEST && !inner.bytes().any(|byte| b"\"{[@".contains(&byte)) && !inner.is_empty();
    let apart = rest.is_empty() || rest.starts_with(' ');
    (plain && apart).then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// `#7 0.512 `, as BuildKit prints what a step printed.
fn after_step(line: &str) -> Option<&str> {
    let (number, rest) = line.strip_prefix('#')?.split_once(' ')?;
    let (seconds, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let digits =
        |text: &str, also: char| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == also);
    (digits(number, '0') && digits(seconds, '.') && seconds.contains('.')).then_some(rest)
}

/// Job and step in columns of their own, then a time.
fn after_job(line: &str) -> Option<&str> {
    let mut columns = line.splitn(3, '\t');
    let (job, step, rest) = (columns.next()?, columns.next()?, columns.next()?);
    let plain = |text: &str| !text.is_empty() && text.len() <= LONGEST;
    let rest = rest.strip_prefix('\u{feff}').unwrap_or(rest);
    (plain(job) && plain(step)).then(|| after_time(rest)).flatten()
}

/// `Nov 20 10:11:12 host app[123]: `.
fn after_host(line: &str) -> Option<&str> {
    let head = line.get(..line.find(": ").filter(|at| *at <= LONGEST)?)?;
    let words: Vec<&str> = head.split_whitespace().collect_vec();
    let [month, day, clock, _, _] = words.as_slice() else { return None };
    let named = month.len() == 3 && day.bytes().all(|b| b.is_ascii_digit()) && is_clock(clock);
    named.then(|| line.get(head.len() + 2..)).flatten()
}

/// `time="…" level=info msg=`, where what was printed stands without quotes.
fn after_fields(line: &str) -> Option<&str> {
    let (before, message) = line.split_once(" msg=")?;
    let fields = before.starts_with("time=") || before.starts_with("level=") || before.starts_with("ts=");
    (fields && before.len() <= LONGEST && !message.starts_with('"')).then_some(message)
}

/// What was printed, where every line is an object that a log made of it.
pub(super) fn objects(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut count = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !line.starts_with('{') {
            return None;
        }
        let node = json::parse(line.as_bytes()).ok()?;
        let object = node.object("").ok()?;
        let logged = BESIDE.iter().any(|name| object.get(name).is_some());
        let member = PRINTED.iter().find_map(|name| object.get(name)?.text("").ok()).filter(|_| logged)?;
        // A digest that stands beside it is not to be lost.
        let beside = object.members().iter().any(|beside| {
            let name = beside.name.value.to_ascii_lowercase();
            let of_image = ["image", "digest", "sha", "ref"].iter().any(|word| name.contains(word));
            let value = beside.node.text("").unwrap_or_default();
            value != &*member && (value.contains("sha256") || of_image && shows_digest(value))
        });
        if beside || line.contains("sha256:") && !member.contains("sha256:") {
            return None;
        }
        out.push_str(member.trim_end_matches(['\n', '\r']));
        out.push('\n');
        count += 1;
    }
    (count > 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_log_writes_before_a_line_is_known() {
        for line in [
            "2026-05-04T12:00:00.1Z $ x y",
            "2026-05-04T12:00:00.123456789Z stdout F $ x y",
            "2026-05-04T12:00:00.123456Z 01O $ x y",
            "2026-05-04T12:00:00+0000 host app[123]: $ x y",
            "10:11:12 $ x y",
            "2026-05-04 10:11:12,123 $ x y",
            "[INFO] $ x y",
            "[pod/app/server] $ x y",
            "#7 0.512 $ x y",
            "build\tpull it\t2026-05-04T12:00:00.1Z $ x y",
            "Nov 20 10:11:12 host app[123]: $ x y",
            "time=\"2026-05-04T12:00:00Z\" level=info msg=$ x y",
        ] {
            assert_eq!(BEFORE.iter().find_map(|after| after(line)), Some("$ x y"), "{line}");
        }
        for line in [
            "[{\"Id\": \"x\"}]",
            "[a@sha256:b]",
            "[root@host ~]# docker pull x",
            "#7 exporting manifest",
            "Digest: sha256:x",
            "10:11 a",
            "a\tb\tc",
        ] {
            assert_eq!(BEFORE.iter().find_map(|after| after(line)), None, "{line}");
        }
    }

    #[test]
    fn a_logged_object_holds_what_was_printed() {
        let log = "{\"log\":\"a\\n\",\"stream\":\"stdout\"}\n{\"level\":\"info\",\"msg\":\"b\"}\n";
        assert_eq!(objects(log).unwrap(), "a\nb\n");
        for other in [
            "{\"status\":\"a\"}\n{\"status\":\"b\"}\n",
            "{\"log\":\"a\",\"stream\":\"x\"}\n",
            "{\"log\":\"a\",\"stream\":\"x\"}\nb\n",
            "{\"msg\":\"a\",\"ts\":1,\"digest\":\"sha256:0\"}\n{\"msg\":\"b\",\"ts\":1}\n",
        ] {
            assert_eq!(objects(other), None, "{other}");
        }
    }
}
