//! What a terminal showed, out of a recording of it (asciicast, versions 2 and 3): a header,
//! and an array for each output with its time, `"o"` and the text.

use crate::base::json;
use crate::evidence::normalize::without_terminal_codes;

/// What was shown; nothing if this is no recording.
pub(super) fn text(text: &str) -> Option<String> {
    let (header, events) = text.trim_start().split_once('\n')?;
    if !header.starts_with('{') || !header.contains("\"version\"") {
        return None;
    }
    let header = json::parse(header.as_bytes()).ok()?;
    let header = header.object("").ok()?;
    let terminal = header.get("width").is_some() || header.get("term").is_some();
    terminal.then(|| shown(events)).flatten()
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn shown(events: &str) -> Option<String> {
    let mut out = String::with_capacity(events.len());
    // Comments begin with a cross in version 3.
    for line in events.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let event = json::parse(line.as_bytes()).ok()?;
        let [_, code, data] = event.array("").ok()? else { return None };
        if code.text("").ok()? == "o" {
            out.push_str(data.text("").ok()?);
        }
    }
    Some(without_terminal_codes(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_what_was_shown() {
        let header = "{\"version\": 2, \"width\": 80, \"height\": 24}\n";
        let events =
            "[0.1, \"o\", \"\\u001b[1m$ docker pu\"]\n[0.2, \"i\", \"x\"]\n[0.3, \"o\", \"ll a:1\\r\\n\"]\n";
        assert_eq!(text(&format!("{header}{events}")).unwrap(), "$ docker pull a:1\r\n");
        assert_eq!(text(events), None);
        assert_eq!(text(&format!("{header}{events}$ docker pull a:2\n")), None);
        assert_eq!(text("{\"version\": 4}\n[1, \"o\", \"a\"]\n"), None);
    }
}
