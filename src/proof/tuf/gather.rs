//! From everything that was dropped to the files of one repository.
//!
//! A collection is one repository: by its folder, and by the name in the
//! certificate of its root. `~/.docker/trust/tuf` holds many; the others are
//! set aside whole. Order, names and repetitions of files tell nothing.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};

use super::body::{Content, Kind};
use super::file::File;
use super::role_matching::{folder_of_name, kind_of_role, role_of_name};
use super::verification::Aside;
use super::{NamedFile, codes};
use crate::base::error::{Error, Result};

/// A parsed file and the role its name claims.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) file: File,
    pub(super) claimed: Option<String>,
    folder: Option<String>,
}

/// The files that may be of the repository.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) placed: Vec<Placed>,
    /// Errors of files that could not be read, by the role their name claims.
    pub(super) broken: BTreeMap<String, Error>,
    /// Unreadable files, and those of other repositories.
    pub(super) aside: Vec<Aside>,
    /// Why a root was set aside: its certificate is another repository's.
    pub(super) foreign: Option<Error>,
}

impl Pool {
    /// Reads all files and keeps those that may be of `gun`.
    pub(super) fn read(files: &[NamedFile<'_>], gun: &str) -> Self {
        let mut pool = Self::default();
        let mut sorted = files.to_vec();
        order::sort_by_key(&mut sorted, |given| (given.bytes, given.name));
        sorted.dedup_by_key(|given| (given.bytes, given.name));
        let mut broken = Vec::new();
        for given in sorted {
            let claimed = role_of_name(given.name);
            let folder = folder_of_name(given.name);
            match read(given, claimed.as_deref()) {
                Ok(file) => pool.placed.push(Placed { file, claimed, folder }),
                Err(reason) => {
                    pool.aside.push(Aside { name: given.name.to_owned(), reason: reason.clone() });
                    broken.push_all(claimed.map(|role| (role, folder, reason)));
                }
            }
        }
        let others = pool.other_folders(gun);
        let foreign_folder = |folder: &Option<String>| folder.as_ref().is_some_and(|f| others.contains(f));
        for (role, folder, reason) in broken {
            if !foreign_folder(&folder) {
                let first = pool.broken.get(&role).cloned().unwrap_or(reason);
                pool.broken.insert(role, first);
            }
        }
        let all = core::mem::take(&mut pool.placed);
        for placed in all {
            let foreign = is_named(&placed.file, gun).and_then(core::result::Result::err);
            if foreign.is_none() && !foreign_folder(&placed.folder) {
                pool.placed.push(placed);
                continue;
            }
            let name = placed.file.name().to_owned();
            let reason = Error::new(codes::OTHER_REPOSITORY).found(&name);
            pool.aside.push(Aside { name, reason });
            pool.foreign = pool.foreign.take().or(foreign);
        }
        pool
    }

    /// Folders whose roots are all of other repositories.
    fn other_folders(&self, gun: &str) -> BTreeSet<String> {
        let mut ours: BTreeMap<&String, bool> = BTreeMap::new();
        for placed in self.placed.iter().filter(|placed| placed.file.body().kind == Kind::Root) {
            if let Some(folder) = &placed.folder {
                let own = !matches!(is_named(&placed.file, gun), Some(Err(_)));
                ours.change(folder, |ours| *ours |= own);
            }
        }
        ours.into_iter().filter(|(_, ours)| !ours).map(|(folder, _)| folder.clone()).collect()
    }

    /// All files of a kind.
    pub(super) fn of(&self, kind: Kind) -> Vec<&File> {
        self.placed.iter().map(|placed| &placed.file).filter(|file| file.body().kind == kind).collect_vec()
    }

    /// The targets files whose name claims `role`, or claims none.
    pub(super) fn claiming(&self, role: &str, nameless: bool) -> Vec<&File> {
        let fits = |placed: &&Placed| match &placed.claimed {
            Some(claimed) => claimed == role,
            None => nameless,
        };
        let files = self.placed.iter().filter(fits).map(|placed| &placed.file);
        files.filter(|file| file.body().kind == kind_of_role(role)).collect_vec()
    }
}

fn read(given: NamedFile<'_>, claimed: Option<&str>) -> Result<File> {
    let file = File::read(given.name, given.bytes)?;
    match claimed.map(kind_of_role) {
        Some(kind) if kind != file.body().kind => {
            Err(Error::new(codes::WRONG_TYPE).expected(kind.type_name()).found(file.body().kind.type_name()))
        }
        _ => Ok(file),
    }
}

/// Whether a root is for `gun` by the certificates of its root keys; `None`
/// for other kinds, and for a root whose certificates cannot be read.
fn is_named(file: &File, gun: &str) -> Option<Result<()>> {
    let Content::Root { keys, roles } = &file.body().content else {
        return None;
    };
    let certificates = roles.get("root")?.key_ids.iter().filter_map(|id| keys.get(id)?.certificate());
    let checks: Vec<Result<()>> = certificates.map(|certificate| certificate.is_for(gun)).collect_vec();
    let ours = checks.iter().position(Result::is_ok).unwrap_or_default();
    checks.into_iter().nth(ours)
}
