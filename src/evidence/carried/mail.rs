//! The parts of a mail (RFC 2045, section 6): quoted-printable, which breaks long lines with
//! a `=`, and base64. A message is often saved whole, as `.eml`.

use std::borrow::Cow;

use crate::base::encoding::base64;

const HEADER: &str = "content-transfer-encoding:";

/// The text with its encoded parts decoded; nothing if it has none.
pub(super) fn text(text: &str) -> Option<String> {
    if text.contains("ransfer-") { decoded(text) } else { None }
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn decoded(text: &str) -> Option<String> {
    let header = |line: &str| {
        let name = line.get(..HEADER.len()).filter(|name| name.eq_ignore_ascii_case(HEADER))?;
        let value = line.get(name.len()..)?.trim().trim_start_matches('"');
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        Some(value.split(|c| !word(c)).next().unwrap_or_default().to_ascii_lowercase())
    };
    let mut out = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    let (mut encoding, mut changed) = (None, false);
    while let Some(line) = lines.next() {
        // A header goes on in a line that begins with a blank.
        let folded = lines.next_if(|next| line.ends_with(':') && next.starts_with([' ', '\t']));
        let line = &folded.map_or(Cow::Borrowed(line), |more| Cow::Owned(format!("{line}{more}")));
        out.push_str(line);
        out.push('\n');
        encoding = header(line).or(encoding);
        let Some(known) = encoding.take_if(|_| line.is_empty()) else { continue };
        // Up to the boundary of the next part.
        let mut body = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("--") || line.starts_with("-- ")) {
            body.push(line);
        }
        let decoded = match known.as_str() {
            "quoted-printable" => String::from_utf8(quoted(&body)).ok(),
            "base64" => base64::decode(&body.concat().replace([' ', '\t'], ""))
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok()),
            _ => None,
        };
        changed |= decoded.is_some();
        out.push_str(&decoded.unwrap_or_else(|| body.join("\n")));
        out.push('\n');
    }
    changed.then_some(out)
}

/// Lines of quoted-printable: `=` and two digits is a byte, `=` at the end is no break.
fn quoted(lines: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        let line = line.trim_end();
        let whole = line.strip_suffix('=').unwrap_or(line);
        let mut parts = whole.split('=');
        out.extend(parts.next().unwrap_or_default().bytes());
        for part in parts {
            let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            match byte {
                Some(byte) => {
                    out.push(byte);
                    out.extend(part.bytes().skip(2));
                }
                None => {
                    out.push(b'=');
                    out.extend(part.bytes());
                }
            }
        }
        if whole.len() == line.len() {
            out.push(b'\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_mail_are_decoded() {
        let digest = format!("sha256:{}", "e".repeat(64));
        let soft = format!("image: a=3D{}=\n{}\n", &digest[..40], &digest[40..]);
        let mail =
            format!("Subject: x\ncontent-transfer-encoding:\n \"Quoted-Printable\" (x)\n\n{soft}--b--\n");
        assert!(text(&mail).unwrap().contains(&format!("image: a={digest}\n")), "{mail}");
        let lines = base64::encode(format!("Digest: {digest}\n").repeat(2).as_bytes());
        let (one, two) = lines.split_at(60);
        let mail = format!("--b\nContent-Transfer-Encoding: base64\n\n{one}\r\n{two}\r\n\r\n--b\n\nplain\n");
        let decoded = text(&mail).unwrap();
        assert!(decoded.contains(&format!("Digest: {digest}\nDigest: {digest}\n")), "{decoded}");
        assert!(decoded.ends_with("--b\n\nplain\n"), "{decoded}");
    }

    #[test]
    fn what_is_not_encoded_stays() {
        for mail in [
            "Content-Transfer-Encoding: 7bit\n\na=3D\n",
            "a\n\nb=3D\n",
            "Content-Transfer-Encoding: base64\n\n!!\n",
            "",
        ] {
            assert_eq!(text(mail), None, "{mail}");
        }
        assert_eq!(quoted(&["a=zz", "b="]), b"a=zz\nb");
    }
}
