//! Translations: every code and every kind has its words, with the same
//! placeholders, and no words are left of a code that went.

use std::collections::BTreeSet;
use std::{fs, path::Path};

use serde_json::Value;
use webdis_verify::session::catalogue;

fn language(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("www/i18n/{name}.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The placeholders of a text: `{found}`.
fn holes(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// What is wrong with the words of one language.
fn complaints(own: &Value) -> Vec<String> {
    let all = catalogue::all();
    assert!(all.len() > 50, "{}", all.len());
    let mut wrong = Vec::new();
    for code in &all {
        let name = code.name();
        let words = &own["codes"][name];
        let Some(sentence) = words[0].as_str() else {
            wrong.push(format!("{name} has no words"));
            continue;
        };
        let step = words[1].as_str().unwrap_or_default();
        for (ours, english) in [(sentence, code.template()), (step, code.next_step())] {
            if holes(ours) != holes(english) {
                wrong.push(format!("{name}: {:?}, not {:?}", holes(ours), holes(english)));
            }
        }
        if step.is_empty() != code.next_step().is_empty() {
            wrong.push(format!("{name}: one of the two languages has no next step"));
        }
    }
    let known = |name: &&String| all.iter().any(|code| code.name() == name.as_str());
    let own = own["codes"].as_object().unwrap().keys();
    wrong.extend(own.filter(|name| !known(name)).map(|name| format!("{name} is no code")));
    wrong
}

#[test]
fn every_code_has_its_words_in_every_language() {
    for name in ["es", "fr"] {
        assert_eq!(complaints(&language(name)), Vec::<String>::new(), "{name}");
    }
    // The twins: a code without words, other placeholders, a step too few, words of no code.
    let mut broken = language("fr");
    let codes = broken["codes"].as_object_mut().unwrap();
    codes.remove("archive-path");
    codes["archive-damaged"][0] = "{other}".into();
    codes["archive-layer-differs"] = serde_json::json!(["{expected} {found}"]);
    codes.insert("no-such-code".to_owned(), serde_json::json!(["x"]));
    assert_eq!(complaints(&broken).len(), 4, "{:?}", complaints(&broken));
}

#[test]
fn every_language_has_the_words_of_english() {
    let english = language("en");
    for name in ["es", "fr"] {
        let own = language(name);
        for group in ["words", "kinds"] {
            for (key, text) in english[group].as_object().unwrap() {
                let words = own[group][key].as_str().unwrap_or_else(|| panic!("{name}: no {group}.{key}"));
                assert_eq!(holes(words), holes(text.as_str().unwrap()), "{name}: {group}.{key}");
            }
        }
    }
}

/// What commands print is named in every language: the page finds it by its English words.
#[test]
fn every_language_names_what_a_command_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/commands.rs");
    let source = fs::read_to_string(path).unwrap();
    let (shipped, _) = source.split_once("#[cfg(test)]").unwrap();
    let printed: BTreeSet<&str> = shipped
        .split('"')
        .filter(|part| ["the ", "what the "].iter().any(|first| part.starts_with(first)))
        .collect();
    assert!(printed.len() >= 7, "{printed:?}");
    for name in ["es", "fr"] {
        let own = language(name);
        let known: BTreeSet<&str> = own["printed"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(known, printed, "{name}");
    }
}
