//! Build, serve and test webdis-verify.
fn main() {}
