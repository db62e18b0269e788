//! A text without what stands before or behind it. The standard library's `trim_matches`
//! of a string takes off what is repeated, by a search that is downloaded for it.

/// What follows `prefix`, or the whole text.
pub(crate) fn after<'t>(text: &'t str, prefix: &str) -> &'t str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// What stands before `suffix`, or the whole text.
pub(crate) fn before<'t>(text: &'t str, suffix: &str) -> &'t str {
    text.strip_suffix(suffix).unwrap_or(text)
}
