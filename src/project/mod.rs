//! Effects: finding and reading a book, its index on disk, writing a site.

mod attached;
mod error;
mod files;
mod index;
mod kept;
mod output;
mod schemas;
mod starter;

pub use attached::{THEME, attached, check_links, check_theme_of, listed, theme, theme_finding};
pub use error::ProjectError;
pub use files::{Stamp, book, locate, read, stamps};
pub use index::{Lookup, Notes, home_name, open};
pub use kept::Kept;
pub use output::{SiteWriter, Written, write_file, write_site};
pub use schemas::{KINDS, kind_of, schema_line, schema_text, write_schemas};
pub use starter::{STARTER, init, write_book};
