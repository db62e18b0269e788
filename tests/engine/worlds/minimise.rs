//! The least that still fails, and what it looks like.

use webdis_verify::session::check::{Options, Publisher};

use super::world::Input;

/// Takes inputs away one by one as long as the rest still fails.
pub(super) fn minimise(inputs: &[Input], fails: &dyn Fn(&[Input]) -> bool) -> Vec<Input> {
    let mut least = inputs.to_vec();
    let mut at = 0;
    while at < least.len() {
        let mut fewer = least.clone();
        fewer.remove(at);
        if fails(&fewer) {
            least = fewer;
            at = 0;
        } else {
            at += 1;
        }
    }
    least
}

/// The question and the inputs, shortened.
pub(super) fn shown(options: &Options, inputs: &[Input]) -> String {
    let publisher = match &options.publisher {
        Publisher::Key(name, _) if options.ignore_tlog => format!("{name}, no log"),
        Publisher::Key(name, _) => name.clone(),
        _ => "a profile with Content Trust".to_owned(),
    };
    let mut out = format!("    image {:?}, digest {:?}, {publisher}\n", options.image, options.digest);
    for input in inputs {
        let text = String::from_utf8_lossy(&input.bytes[..input.bytes.len().min(240)]).into_owned();
        let text = if input.is_text() { text.replace('\n', "\n        ") } else { String::new() };
        let evil = if input.evil { ", evil" } else { "" };
        out.push_str(&format!(
            "      [{} ({:?}{evil}): {}]\n        {text}\n",
            input.label, input.part, input.name
        ));
    }
    out
}
