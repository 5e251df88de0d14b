//! What a build of the handbook leaves for the next one, below the platform's cache folder: a file a piece,
//! named after what it was made of. Nothing here is needed: what cannot be read is made anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use crate::digest::sum;
use crate::keep::Keep;

/// The folder below the cache folder.
const FOLDER: &str = "handbook";
/// What has not been used for so long goes when something new comes.
const UNUSED: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// What is used is marked so at most so often.
const MARKED: Duration = Duration::from_secs(24 * 60 * 60);

/// What tells whether a piece is whole, and the one of its name.
fn sum_of(name: &str, content: &[u8]) -> u64 {
    sum(content) ^ sum(name.as_bytes()).rotate_left(1)
}

/// Pieces in a folder; none where there is no folder for them.
pub struct Kept {
    folder: Option<PathBuf>,
    /// Whether something was put there.
    new: AtomicBool,
}

impl Kept {
    /// Those below a cache folder.
    pub fn below(cache: Option<&Path>) -> Self {
        let folder = cache.map(|cache| cache.join(FOLDER));
        let folder = folder.filter(|folder| fs::create_dir_all(folder).is_ok());
        Kept { folder, new: false.into() }
    }

    /// Takes away what has long been of no use.
    fn sweep(&self) -> Option<()> {
        for entry in fs::read_dir(self.folder.as_ref()?).ok()?.flatten() {
            let used = entry.metadata().and_then(|metadata| metadata.modified());
            if used.is_ok_and(|used| used.elapsed().is_ok_and(|since| since > UNUSED)) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Some(())
    }
}

impl Keep for Kept {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.as_ref()?.join(name);
        let mut bytes = fs::read(&path).ok()?;
        let (content, told) = bytes.split_last_chunk::<8>()?;
        if u64::from_le_bytes(*told) != sum_of(name, content) {
            return None;
        }
        bytes.truncate(bytes.len() - 8);
        let used = fs::metadata(&path).and_then(|metadata| metadata.modified());
        if used.is_ok_and(|used| used.elapsed().is_ok_and(|since| since > MARKED)) {
            // Where it cannot be marked it goes sooner, that is all.
            let file = fs::File::options().append(true).open(&path);
            let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
        }
        Some(bytes)
    }

    fn put(&self, name: &str, mut bytes: Vec<u8>) {
        let Some(folder) = &self.folder else { return };
        bytes.extend_from_slice(&sum_of(name, &bytes).to_le_bytes());
        // Written aside and moved; what a crash leaves half-done is told by its sum.
        let made = tempfile::Builder::new().prefix(".new-").tempfile_in(folder);
        let Ok(made) = made else { return };
        if fs::write(made.path(), &bytes).is_ok() {
            let _ = made.persist(folder.join(name));
        }
        self.new.store(true, Ordering::Relaxed);
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.new.load(Ordering::Relaxed) {
            self.sweep();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_whole_or_not_there() {
        let cache = tempfile::tempdir().expect("a folder");
        let kept = Kept::below(Some(cache.path()));
        assert_eq!(kept.get("a-1"), None);
        kept.put("a-1", b"words".to_vec());
        assert_eq!(kept.get("a-1").as_deref(), Some(&b"words"[..]));
        let path = cache.path().join(FOLDER).join("a-1");
        let mut bytes = fs::read(&path).expect("a file");
        bytes[2] ^= 1;
        fs::write(&path, &bytes).expect("written");
        assert_eq!(kept.get("a-1"), None, "a false byte");
        kept.put("a-1", b"words".to_vec());
        fs::copy(&path, path.with_file_name("a-3")).expect("copied");
        assert_eq!(kept.get("a-3"), None, "the name of another");
        fs::write(&path, &bytes[..4]).expect("written");
        assert_eq!(kept.get("a-1"), None, "cut short");
        let old = SystemTime::now() - UNUSED - MARKED;
        fs::File::options().append(true).open(&path).and_then(|file| file.set_modified(old)).expect("a time");
        kept.put("a-2", Vec::new());
        drop(kept);
        assert!(!path.exists(), "nobody used it");
        assert_eq!(Kept::below(Some(cache.path())).get("a-2"), Some(Vec::new()));
        assert_eq!(Kept::below(None).get("a-2"), None);
    }
}
