//! Tokens: values of arguments that stand for words of the catalogue (kinds of
//! documents, kinds of witnesses). The report carries the token; English is
//! filled in here, other languages by the page. Names of programs are no
//! tokens: they are what people type, in every language.

use std::borrow::Cow;

use crate::base::list::CollectVec as _;

/// Arguments whose values may be tokens.
const ARGUMENTS: [&str; 5] = ["kind", "tool", "witness", "source", "platform"];

/// The token for a platform that nothing names: there is only one.
pub const THIS_PLATFORM: &str = "this-platform";

/// Each token with its English words. The other languages of `www/i18n` have
/// the same keys.
pub const TOKENS: [(&str, &str); 20] = [
    ("index", "index"),
    ("manifest-list", "manifest list"),
    ("manifest", "manifest"),
    ("index-or-manifest", "index or manifest"),
    ("config", "config"),
    ("image-id", "image ID"),
    ("image", "image"),
    ("layer", "layer"),
    ("diff-id", "uncompressed layer"),
    ("artifact", "artifact"),
    ("unknown", "digest"),
    ("archive", "the archive"),
    ("document", "a document"),
    ("signature", "the signature"),
    ("registry", "the registry"),
    ("registry-by-proxy", "the registry, as the proxy tells it,"),
    ("printed-manifest", "the printed manifest"),
    (THIS_PLATFORM, "this platform"),
    ("text", "the text"),
    ("command-line", "the command line"),
];

/// The words of an argument's value: those of the token, else the value. A
/// list, with commas, may hold several.
#[must_use]
pub fn shown<'v>(argument: &str, value: &'v str) -> Cow<'v, str> {
    let word =
        |value: &'v str| TOKENS.iter().find(|(token, _)| *token == value).map_or(value, |(_, words)| words);
    if !ARGUMENTS.contains(&argument) {
        return Cow::Borrowed(value);
    }
    if !value.contains(", ") {
        return Cow::Borrowed(word(value));
    }
    Cow::Owned(value.split(", ").map(word).collect_vec().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arguments_that_may_be_tokens_are_replaced() {
        assert_eq!(shown("kind", "manifest-list"), "manifest list");
        assert_eq!(shown("found", "manifest-list"), "manifest-list");
        assert_eq!(shown("tool", "docker pull"), "docker pull");
        assert_eq!(shown("source", "docker pull, printed-manifest"), "docker pull, the printed manifest");
        assert_eq!(shown("image", "docker pull, printed-manifest"), "docker pull, printed-manifest");
    }

    #[test]
    fn every_other_language_has_the_tokens() {
        for text in [include_str!("../../www/i18n/es.json"), include_str!("../../www/i18n/fr.json")] {
            let node = crate::base::json::parse(text.as_bytes()).unwrap();
            let tokens = node.object("").unwrap().need_object("tokens").unwrap();
            let names: Vec<_> = tokens.members().iter().map(|m| m.name.value.to_string()).collect();
            assert_eq!(names, TOKENS.map(|(token, _)| token));
        }
    }
}
