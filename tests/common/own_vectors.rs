//! The project's own vectors, `tests/vectors`: facts that real tools left
//! (`index.json`), and what people expect of them (`cases.json`). Always
//! there, so no test that uses them can be skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use webdis_verify::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::session::check::{Options, Publisher};

/// The folder, or a path below it.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

pub fn read(name: &str) -> Vec<u8> {
    let path = path(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn json(name: &str) -> Value {
    serde_json::from_slice(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file below a folder, by its path in it.
pub fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let top = path(folder);
    let (mut files, mut folders) = (BTreeMap::new(), vec![top.clone()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&top).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The metadata files of a Content Trust set, by role.
pub fn metadata(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    files.retain(|name, _| name.ends_with(".json") && !name.starts_with("inspect"));
    files
}

/// What is known of the vectors.
pub struct Facts(Value);

impl Facts {
    pub fn load() -> Self {
        Self(json("index.json"))
    }

    pub fn get(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("index.json has no {pointer}"))
    }

    pub fn text(&self, pointer: &str) -> &str {
        self.get(pointer).as_str().unwrap_or_else(|| panic!("{pointer} is no text"))
    }

    /// The moment after the last signature.
    pub fn now(&self) -> &str {
        self.text("/made")
    }

    /// The digest of an id, `app/index`.
    pub fn digest(&self, id: &str) -> &str {
        self.text(&format!("/digests/{}/digest", id.replace('/', "~1")))
    }

    /// The bytes of an id, from the registry.
    pub fn bytes(&self, id: &str) -> Vec<u8> {
        read(self.text(&format!("/digests/{}/file", id.replace('/', "~1"))))
    }

    /// Every digest that the registry or its images have.
    pub fn known(&self) -> BTreeSet<String> {
        let digests = self.get("/digests").as_object().unwrap();
        digests.values().map(|one| one["digest"].as_str().unwrap().to_owned()).collect()
    }

    /// What a tool answered: its exit status.
    pub fn exit(&self, file: &str) -> i64 {
        self.get(&format!("/files/{}/exit", file.replace('/', "~1"))).as_i64().unwrap()
    }

    /// The outputs of tools below a folder: file and command.
    pub fn outputs(&self, folder: &str) -> Vec<(String, String)> {
        let files = self.get("/files").as_object().unwrap();
        let below = files.iter().filter(|(name, _)| name.starts_with(folder));
        below.map(|(name, fact)| (name.clone(), fact["command"].as_str().unwrap().to_owned())).collect()
    }

    /// `@app/index` is a digest, `@trust.first.root` a key id; other texts are themselves.
    fn meant(&self, text: &str) -> String {
        match text.strip_prefix('@') {
            Some(id) if id.starts_with("trust.") => {
                self.text(&format!("/{}", id.replace('.', "/"))).to_owned()
            }
            Some(id) => self.digest(id).to_owned(),
            None => text.to_owned(),
        }
    }
}

/// One question to the engine and the answer expected.
pub struct Check {
    pub id: String,
    pub given: Vec<Given>,
    pub options: Options,
    pub outcome: String,
    pub code: String,
    /// The digest that is proven.
    pub subject: Option<String>,
    /// The proven case of which this is the negative twin.
    pub twin: Option<String>,
    /// A real tool's answer to the same question, and why ours is another.
    pub oracle: Option<(String, Option<String>)>,
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).map(|found| found.as_str().unwrap_or_else(|| panic!("{name} is no text")).to_owned())
}

/// `FILE`, `paste:FILE`, `FOLDER/` (a Content Trust set) or `FOLDER/ as PATH/`.
fn given(input: &str) -> Vec<Given> {
    let (origin, input) = match input.strip_prefix("paste:") {
        Some(rest) => (Origin::Paste, rest),
        None => (Origin::File, input),
    };
    let (input, prefix) = input.split_once(" as ").unwrap_or((input, ""));
    if let Some(folder) = input.strip_suffix('/') {
        let one = |(name, bytes)| Given { name: format!("{prefix}{name}"), origin: origin.clone(), bytes };
        return metadata(folder).into_iter().map(one).collect();
    }
    let name = if prefix.is_empty() { input.rsplit('/').next().unwrap() } else { prefix };
    vec![Given { name: name.to_owned(), origin, bytes: read(input) }]
}

fn options(facts: &Facts, asked: &Value) -> Options {
    let known = ["image", "digest", "key", "trustedRoot", "ignoreTlog", "rootKey", "repositoryKey", "now"];
    for name in asked.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "no option {name}");
    }
    let option = |name: &str| text(asked, name).map(|value| facts.meant(&value));
    let now = option("now").unwrap_or_else(|| facts.now().to_owned());
    let mut options = Options::at(Time::parse(&now).unwrap());
    options.image = option("image");
    options.digest = option("digest");
    options.ignore_tlog = asked["ignoreTlog"].as_bool().unwrap_or_default();
    options.publisher = match (option("key"), option("rootKey"), option("repositoryKey")) {
        (Some(key), None, None) => Publisher::Key(format!("{key}.pub"), read(&format!("keys/{key}.pub"))),
        (None, Some(root), Some(repository)) => Publisher::ContentTrust(root, repository),
        (None, None, None) => Publisher::Default,
        other => panic!("whose signature? {other:?}"),
    };
    let root = option("trustedRoot").unwrap_or_else(|| "trusted_root".to_owned());
    options.trusted_root = Some(read(&format!("keys/{root}.json")));
    options
}

/// Every case of `cases.json`.
pub fn checks(facts: &Facts) -> Vec<Check> {
    let cases = json("cases.json");
    let one = |case: &Value| Check {
        id: text(case, "id").unwrap(),
        given: case["inputs"].as_array().unwrap().iter().flat_map(|i| given(i.as_str().unwrap())).collect(),
        options: options(facts, &case["options"]),
        outcome: text(case, "outcome").unwrap(),
        code: text(case, "code").unwrap(),
        subject: text(case, "subject").map(|id| facts.meant(&id)),
        twin: text(case, "twin"),
        oracle: text(case, "oracle").map(|file| (file, text(case, "differs"))),
    };
    cases["checks"].as_array().unwrap().iter().map(one).collect()
}

/// Whether a name fits a pattern in which `*` is any text.
pub fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            left.char_indices().map(|(at, _)| at).chain([left.len()]).any(|at| fits(rest, &left[at..]))
        }),
    }
}
