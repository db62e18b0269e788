//! What the fuzz targets ask of each parser, asked of every file of their
//! corpus: what was found once is not found again, without a nightly compiler.

use std::fs;
use std::path::Path;

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

#[test]
fn the_corpus_of_each_fuzz_target_is_no_finding() {
    for (name, ask) in targets::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut asked = 0;
        for file in files {
            let path = file.unwrap().path();
            println!("{}", path.display());
            ask(&fs::read(path).unwrap());
            asked += 1;
        }
        assert!(asked > 1, "{name}: {asked} files");
    }
}
