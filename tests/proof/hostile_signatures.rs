//! Evidence of our own making with one rule broken each: refused with the
//! code that names the rule; its valid twins accepted.

use crate::common::hostile;

#[test]
fn every_broken_rule_is_refused_with_its_code() {
    let all = hostile::all();
    let mut wrong = Vec::new();
    for case in &all {
        let found = match hostile::judge(case.base, &case.change) {
            Ok(()) => "proven".to_owned(),
            Err(error) => error.code().name().to_owned(),
        };
        if found != case.code {
            wrong.push(format!("{:?} {}: {} expected, {found} found", case.base, case.name, case.code));
        }
    }
    println!("{} hostile variants, {} as expected", all.len(), all.len() - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.len() >= 80);
}

#[test]
fn every_valid_twin_is_accepted() {
    let valid = hostile::valid();
    for case in &valid {
        let verdict = hostile::judge(case.base, &case.change);
        assert_eq!(verdict, Ok(()), "{:?} {}", case.base, case.name);
    }
    println!("{} valid twins accepted", valid.len());
}
