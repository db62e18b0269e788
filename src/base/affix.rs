//! A text without what stands before or behind it, and what the last mark in it divides. The
//! standard library does both by searches backwards, which are downloaded for it.

/// What follows `prefix`, or the whole text.
pub(crate) fn after<'t>(text: &'t str, prefix: &str) -> &'t str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// What stands before `suffix`, or the whole text.
pub(crate) fn before<'t>(text: &'t str, suffix: &str) -> &'t str {
    text.strip_suffix(suffix).unwrap_or(text)
}

/// What stands before and behind the last `mark`.
pub(crate) fn split_last<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let (at, _) = text.match_indices(mark).last()?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// Whether a text begins with one of these letters of ASCII.
pub(crate) fn begins(text: &str, letters: &[u8]) -> bool {
    text.bytes().next().is_some_and(|first| letters.contains(&first))
}

/// The words of a list in one text, divided by `|`: what stands in an array is downloaded with
/// the place of each.
pub(crate) fn each(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').filter(|word| !word.is_empty())
}

/// Whether a text is one of the words of such a list.
#[inline(never)]
pub(crate) fn is_one(text: &str, list: &str) -> bool {
    each(list).any(|word| word == text)
}

/// Whether it begins with one of them.
#[inline(never)]
pub(crate) fn begins_one(text: &str, list: &str) -> bool {
    each(list).any(|word| text.starts_with(word))
}
