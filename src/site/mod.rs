//! stub
use std::collections::BTreeMap;
pub struct Options {
    pub public: bool,
    pub generator: &'static str,
}
pub struct Site {
    pub files: BTreeMap<String, Vec<u8>>,
    pub warnings: Vec<String>,
}
pub fn build(_: &crate::book::Book, _: &Options) -> Result<Site, crate::template::pages::TemplateError> {
    Ok(Site { files: BTreeMap::new(), warnings: vec![] })
}
