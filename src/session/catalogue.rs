//! Every code there is: what translations and documentation must know.

use crate::base::code::Code;

/// Every code there is, module by module.
#[must_use]
pub fn all() -> Vec<Code> {
    [
        crate::engine::codes::ALL,
        crate::engine::lacking::codes::ALL,
        crate::engine::need::codes::ALL,
        crate::engine::elsewhere::codes::ALL,
        crate::engine::unanswered::codes::ALL,
        crate::engine::released::codes::ALL,
        crate::engine::unread_form::codes::ALL,
        crate::engine::written_anew::codes::ALL,
        crate::engine::procedure::codes::ALL,
        crate::proof::cosign::codes::ALL,
        crate::base::digest::codes::ALL,
        crate::base::encoding::codes::ALL,
        crate::evidence::codes::ALL,
        crate::base::json::codes::ALL,
        crate::model::key::codes::ALL,
        crate::base::limits::codes::ALL,
        crate::model::oci::codes::ALL,
        crate::model::publisher::codes::ALL,
        crate::model::reference::codes::ALL,
        crate::session::registry::codes::ALL,
        crate::report::commands::codes::ALL,
        crate::report::codes::ALL,
        crate::session::check::codes::ALL,
        crate::proof::sigstore::codes::ALL,
        crate::base::time::codes::ALL,
        crate::session::codes::ALL,
        crate::proof::tuf::codes::ALL,
        crate::proof::tuf::trust_text::codes::ALL,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_kebab_case_and_end_in_a_full_stop() {
        let all = all();
        for (i, code) in all.iter().enumerate() {
            assert!(
                code.name().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{code} is not kebab-case"
            );
            assert!(!all[..i].contains(code), "{code} is declared twice");
            assert!(code.template().ends_with(['.', '?', '}']), "{code}: {}", code.template());
        }
    }
}
