//! What there is in the whole handbook of a language: the claims, the measures, and what discovery
//! covers. The pages about them and the links to those read it.

use super::view::{At, View};
use crate::book::model::{Dimension, Framework, Metric, Proof, Question};
use crate::language::Language;

/// A framework and the questions that cover it.
#[derive(Debug)]
pub(super) struct Covered<'a> {
    /// The framework.
    pub framework: &'a Framework,
    /// Its dimensions with their questions, in the order of the framework and of the book.
    pub rows: Vec<(&'a Dimension, Vec<At>)>,
    /// The volumes that name it.
    pub volumes: Vec<usize>,
}

/// What there is in one language, each in the order of the book.
#[derive(Debug, Default)]
pub(super) struct Shelves<'a> {
    /// The frameworks that a volume names or a question belongs to.
    pub frameworks: Vec<Covered<'a>>,
    /// The claims.
    pub proofs: Vec<At>,
    /// The measures.
    pub metrics: Vec<At>,
}

impl<'a> Shelves<'a> {
    /// Looks through the volumes of a language.
    pub fn of(view: &View<'a>, language: &Language) -> Self {
        let mut out = Shelves::default();
        for (number, volume) in view.volumes().filter(|(_, volume)| volume.language == *language) {
            out.proofs.extend(view.parts::<Proof>(number).map(|(at, _)| at));
            out.metrics.extend(view.parts::<Metric>(number).map(|(at, _)| at));
            for framework in &volume.frameworks {
                if let Some(at) = out.place(view, framework) {
                    out.frameworks[at].volumes.push(number);
                }
            }
            for (at, question) in view.parts::<Question>(number) {
                let Some((id, dimension)) = &question.dimension else { continue };
                let known = volume.frameworks.iter().chain(&view.book.frameworks);
                let Some(framework) = known.into_iter().find(|known| known.id == *id) else { continue };
                let Some(place) = out.place(view, framework) else { continue };
                let mut rows = out.frameworks[place].rows.iter_mut();
                if let Some((_, questions)) = rows.find(|(known, _)| known.id == *dimension) {
                    questions.push(at);
                }
            }
        }
        out
    }

    /// The number of a framework, put in where it is new; none where it may not be shown.
    fn place(&mut self, view: &View<'a>, framework: &'a Framework) -> Option<usize> {
        if view.public && framework.internal {
            return None;
        }
        let known = self.frameworks.iter().position(|known| known.framework.id == framework.id);
        Some(known.unwrap_or_else(|| {
            let shown = framework.dimensions.iter().filter(|part| !(view.public && part.internal));
            let rows = shown.map(|dimension| (dimension, Vec::new())).collect();
            self.frameworks.push(Covered { framework, rows, volumes: Vec::new() });
            self.frameworks.len() - 1
        }))
    }
}
