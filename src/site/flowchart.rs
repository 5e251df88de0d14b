//! A playbook's stages as a picture: boxes that are links, arrows between them. The stages are a spine from
//! top to bottom; on its right stands how each of them may end, and when; on its left run the jumps. (A
//! general layered layout was tried first: outcomes that many stages share made it a tangle.) Colours come
//! from the style sheet, nothing in it runs or is fetched.

use std::fmt::Write;

use crate::markdown::escape_html;

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// A stage.
    Stage,
    /// The stage that decides.
    Truth,
    /// An outcome that is won.
    Won,
    /// Any other outcome.
    Ended,
    /// A close or an objection that a stage leads to.
    Card,
}

impl NodeKind {
    fn class(self) -> &'static str {
        match self {
            NodeKind::Stage => "n-stage",
            NodeKind::Truth => "n-stage n-truth",
            NodeKind::Won => "n-end n-won",
            NodeKind::Ended => "n-end",
            NodeKind::Card => "n-card",
        }
    }
}

/// A box.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// What is in it.
    pub title: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// Where it leads, ready for an attribute.
    pub href_html: String,
    /// What is said of it besides, for those who point at it.
    pub note: Option<String>,
}

/// An arrow from one box to another, by their numbers.
#[derive(Debug, Clone)]
pub(super) struct Arrow {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// When it is taken.
    pub when: Option<String>,
}

/// The size of the letters, in the picture's units; all other lengths hang on it.
const SIZE: f64 = 14.0;
const LINE: f64 = 18.0;
/// How wide a line in a box may become, in the widths of a CJK letter, and how many there are.
const WIDEST: f64 = 10.0;
const LINES: usize = 3;
/// The same for what is said beside an end.
const NOTE: (f64, usize) = (16.5, 2);
const NOTE_SIZE: f64 = 12.0;
/// Stages: their width. Ends: their height, and from one to the next. Between the two, and between stages.
const STAGE: f64 = 164.0;
const END: f64 = 26.0;
const STEP: f64 = 34.0;
const ACROSS: f64 = 34.0;
const DOWN: f64 = 26.0;
/// From one jump's line to the next.
const LANE: f64 = 12.0;
const EDGE: f64 = 4.0;
/// Larger pictures help nobody: the list below says it all.
const MOST: usize = 120;

/// How wide a text is, in the widths of a CJK letter.
fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            _ if unicode_width::UnicodeWidthChar::width(c) == Some(0) => 0.0,
            _ if unicode_width::UnicodeWidthChar::width(c) == Some(2) => 1.0,
            'i' | 'l' | 'j' | 't' | 'f' | ' ' | '.' | ',' | '\'' | '’' => 0.32,
            'm' | 'w' | 'M' | 'W' => 0.86,
            _ if c.is_uppercase() => 0.66,
            _ => 0.54,
        })
        .sum()
}

/// A text in lines of a width; what is too long ends in an ellipsis.
fn lines(title: &str, (widest, most): (f64, usize)) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut put = |piece: &str, gap: &str| {
        let last = lines.last_mut().map(|line| width(line) + width(gap)).unwrap_or_default();
        match lines.last_mut() {
            Some(line) if line.is_empty() || last + width(piece) <= widest => {
                if !line.is_empty() {
                    line.push_str(gap);
                }
                line.push_str(piece);
            }
            _ => lines.push(piece.to_string()),
        }
    };
    for word in title.split_whitespace() {
        if width(word) <= widest && word.is_ascii() {
            put(word, " ");
            continue;
        }
        // Scripts without spaces, and words that fit no line, may break anywhere.
        let wide = |c: char| unicode_width::UnicodeWidthChar::width(c) == Some(2);
        let breaks = width(word) > widest || word.chars().any(wide);
        if !breaks {
            put(word, " ");
            continue;
        }
        let mut gap = " ";
        let mut piece = String::new();
        let mut chars = word.chars().peekable();
        while let Some(c) = chars.next() {
            piece.push(c);
            let joined = chars.peek().is_some_and(|next| {
                unicode_width::UnicodeWidthChar::width(*next) == Some(0)
                    || "，。！？、）」：；,.!?".contains(*next)
            });
            if !joined {
                put(&piece, gap);
                piece.clear();
                gap = "";
            }
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// A box of the picture.
struct Placed {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    lines: Vec<String>,
}

/// A row of the picture: a stage, and its ways to what is no stage.
struct Row {
    stage: usize,
    /// Arrows to what is no stage, by their numbers.
    ends: Vec<usize>,
}

/// A number with at most one digit after the point.
fn short(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// For each jump, from one height to another, the first lane that is free there; near ones inside.
fn lanes(spans: &[(f64, f64)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    let (top, end) = (|n: usize| spans[n].0.min(spans[n].1), |n: usize| spans[n].0.max(spans[n].1));
    order.sort_by(|a, b| (end(*a) - top(*a)).total_cmp(&(end(*b) - top(*b))).then(a.cmp(b)));
    let mut taken: Vec<Vec<usize>> = Vec::new();
    let mut out = vec![0; spans.len()];
    for jump in order {
        let free = |lane: &Vec<usize>| {
            lane.iter().all(|other| end(*other) + 4.0 < top(jump) || end(jump) + 4.0 < top(*other))
        };
        let lane = taken.iter().position(free).unwrap_or(taken.len());
        if lane == taken.len() {
            taken.push(Vec::new());
        }
        taken[lane].push(jump);
        out[jump] = lane;
    }
    out
}

/// The picture, as an element of a page. `prefix` begins its ids, `label` says what it is. The stages are
/// the first of the nodes. Nothing for what is too large to be read, or has no arrow.
pub(super) fn svg(nodes: &[Node], arrows: &[Arrow], prefix: &str, label: &str) -> Option<String> {
    if arrows.is_empty() || nodes.len() > MOST || arrows.len() > 3 * MOST {
        return None;
    }
    let is_stage = |node: usize| matches!(nodes[node].kind, NodeKind::Stage | NodeKind::Truth);
    let rows: Vec<Row> = (0..nodes.len())
        .filter(|node| is_stage(*node))
        .map(|stage| {
            let ends = (0..arrows.len()).filter(|n| arrows[*n].from == stage && !is_stage(arrows[*n].to));
            Row { stage, ends: ends.collect() }
        })
        .collect();
    let row_of = |stage: usize| rows.iter().position(|row| row.stage == stage);

    // Heights first: they tell which jumps can share a lane.
    let mut stages: Vec<Placed> = Vec::new();
    let mut y = EDGE;
    for row in &rows {
        let lines = lines(&nodes[row.stage].title, (WIDEST, LINES));
        let height = lines.len() as f64 * LINE + 16.0;
        let below = (row.ends.len().max(1) - 1) as f64 * STEP + (END + height) / 2.0;
        stages.push(Placed { x: 0.0, y, width: STAGE, height, lines });
        y += height.max(below) + DOWN;
    }
    let height = y - DOWN + EDGE;
    let middle = |row: usize| stages[row].y + stages[row].height / 2.0;
    let jumps: Vec<(usize, usize, &Arrow)> = arrows
        .iter()
        .filter_map(|arrow| Some((row_of(arrow.from)?, row_of(arrow.to)?, arrow)))
        .filter(|(from, to, _)| *to != from + 1 && from != to)
        .collect();
    // A jump leaves below the middle and arrives above it.
    let spans: Vec<(f64, f64)> =
        jumps.iter().map(|(from, to, _)| (middle(*from) + 6.0, middle(*to) - 6.0)).collect();
    let lanes = lanes(&spans);
    let deepest = lanes.iter().map(|lane| lane + 1).max().unwrap_or(0);
    let left = EDGE + if deepest == 0 { 0.0 } else { (deepest + 1) as f64 * LANE };
    stages.iter_mut().for_each(|stage| stage.x = left);
    let ends_at = left + STAGE + ACROSS;
    let end_width = |arrow: usize| {
        let title = lines(&nodes[arrows[arrow].to].title, (13.0, 1));
        (width(&title[0]) * SIZE + 26.0).round()
    };
    let widest = rows.iter().flat_map(|row| &row.ends).map(|arrow| end_width(*arrow)).fold(0.0, f64::max);
    let notes = arrows.iter().any(|arrow| arrow.when.is_some() && !is_stage(arrow.to));
    let beside = if notes && widest > 0.0 { NOTE.0 * NOTE_SIZE + 10.0 } else { 0.0 };
    let width = if widest > 0.0 { ends_at + widest + beside + EDGE } else { left + STAGE + EDGE };

    let mut out = String::new();
    let (wide, high) = (width.ceil(), height.ceil());
    let _ = write!(
        out,
        "<svg class=\"flow\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" role=\"group\" \
         aria-labelledby=\"{prefix}t\"><title id=\"{prefix}t\">"
    );
    escape_html(label, &mut out);
    let _ = write!(
        out,
        "</title><defs><marker id=\"{prefix}a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>"
    );
    let mut way = |d: String, when: Option<&String>| {
        let _ = write!(out, "<path class=\"way\" d=\"{d}\" marker-end=\"url(#{prefix}a)\">");
        if let Some(when) = when {
            titled(&mut out, when);
        }
        out.push_str("</path>");
    };
    let center = short(left + STAGE / 2.0);
    for arrow in arrows {
        let (Some(from), Some(to)) = (row_of(arrow.from), row_of(arrow.to)) else { continue };
        if to == from + 1 {
            let (from, to) = (&stages[from], &stages[to]);
            way(format!("M{center} {}V{}", short(from.y + from.height), short(to.y)), arrow.when.as_ref());
        }
    }
    for ((_, _, arrow), ((from, to), lane)) in jumps.iter().zip(spans.iter().zip(&lanes)) {
        let (x, bend) = (left - (lane + 1) as f64 * LANE, if to > from { 6.0 } else { -6.0 });
        let path = format!(
            "M{} {}H{}Q{x} {} {x} {}V{}Q{x} {} {} {}H{}",
            short(left),
            short(*from),
            short(x + 6.0),
            short(*from),
            short(from + bend),
            short(to - bend),
            short(*to),
            short(x + 6.0),
            short(*to),
            short(left),
            x = short(x),
        );
        way(path, arrow.when.as_ref());
    }
    for (row, stage) in rows.iter().zip(&stages) {
        let (right, middle) = (stage.x + stage.width, stage.y + stage.height / 2.0);
        for (number, arrow) in row.ends.iter().enumerate() {
            let y = middle + number as f64 * STEP;
            let turn = right + ACROSS / 2.0 - 4.0;
            let path = match number {
                0 => format!("M{} {}H{}", short(right), short(middle), short(ends_at)),
                _ => format!(
                    "M{} {}H{}Q{turn} {} {turn} {}V{}Q{turn} {} {} {}H{}",
                    short(right),
                    short(middle),
                    short(turn - 6.0),
                    short(middle),
                    short(middle + 6.0),
                    short(y - 6.0),
                    short(y),
                    short(turn + 6.0),
                    short(y),
                    short(ends_at),
                    turn = short(turn),
                ),
            };
            way(path, arrows[*arrow].when.as_ref());
        }
    }
    for (row, stage) in rows.iter().zip(&stages) {
        boxed(&mut out, &nodes[row.stage], stage, 6.0);
        for (number, arrow) in row.ends.iter().enumerate() {
            let node = &nodes[arrows[*arrow].to];
            let y = stage.y + stage.height / 2.0 + number as f64 * STEP - END / 2.0;
            let lines_of = lines(&node.title, (13.0, 1));
            let placed = Placed { x: ends_at, y, width: end_width(*arrow), height: END, lines: lines_of };
            let round = if node.kind == NodeKind::Card { 3.0 } else { END / 2.0 };
            boxed(&mut out, node, &placed, round);
            if let Some(when) = &arrows[*arrow].when {
                noted(&mut out, when, ends_at + widest + 10.0, y + END / 2.0);
            }
        }
    }
    out.push_str("</svg>");
    Some(out)
}

fn titled(out: &mut String, title: &str) {
    out.push_str("<title>");
    escape_html(title, out);
    out.push_str("</title>");
}

/// A box with its text, as a link.
fn boxed(out: &mut String, node: &Node, at: &Placed, round: f64) {
    let _ = write!(out, "<a class=\"{}\" href=\"{}\">", node.kind.class(), node.href_html);
    if let Some(note) = &node.note {
        titled(out, &format!("{} · {note}", node.title));
    }
    let (x, y, width, height) = (short(at.x), short(at.y), short(at.width), short(at.height));
    let first = at.y + (at.height - at.lines.len() as f64 * LINE) / 2.0 + LINE * 0.74;
    let _ = write!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/><text y=\"{}\">",
        short(first)
    );
    for (number, line) in at.lines.iter().enumerate() {
        let down = if number == 0 { String::new() } else { format!(" dy=\"{LINE}\"") };
        let _ = write!(out, "<tspan x=\"{}\"{down}>", short(at.x + at.width / 2.0));
        if number == 0 && node.kind == NodeKind::Truth {
            out.push_str("★ ");
        }
        escape_html(line, out);
        // Between two lines stands a space for those who hear them.
        out.push_str(if number + 1 < at.lines.len() { " </tspan>" } else { "</tspan>" });
    }
    out.push_str("</text></a>");
}

/// When a way is taken, beside its end.
fn noted(out: &mut String, when: &str, x: f64, middle: f64) {
    let lines = lines(when, NOTE);
    let first = middle - lines.len() as f64 * 14.0 / 2.0 + 11.0;
    let _ = write!(out, "<text class=\"when\" y=\"{}\">", short(first));
    for (number, line) in lines.iter().enumerate() {
        let down = if number == 0 { "" } else { " dy=\"14\"" };
        let _ = write!(out, "<tspan x=\"{}\"{down}>", short(x));
        escape_html(line, out);
        out.push_str(if number + 1 < lines.len() { " </tspan>" } else { "</tspan>" });
    }
    out.push_str("</text>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(title: &str, kind: NodeKind) -> Node {
        Node { title: title.into(), kind, href_html: "x/index.html".into(), note: None }
    }

    fn arrow(from: usize, to: usize) -> Arrow {
        Arrow { from, to, when: Some("a < b".into()) }
    }

    #[test]
    fn titles_break_where_their_script_does() {
        let lines = |title: &str| super::lines(title, (11.0, 3));
        assert_eq!(lines("Open the call"), ["Open the call"]);
        assert_eq!(lines("Agree on how to go on and when"), ["Agree on how to go on", "and when"]);
        assert_eq!(
            lines("確認對方真正在意的事情是什麼，再往下走"),
            ["確認對方真正在意的事情", "是什麼，再往下走"]
        );
        assert_eq!(lines(&"x".repeat(10_000)).len(), 3);
        assert_eq!(lines(""), [""]);
        assert_eq!(width("e\u{301}"), width("e"));
    }

    #[test]
    fn jumps_that_meet_run_beside_one_another() {
        assert_eq!(lanes(&[(0.0, 10.0), (0.0, 30.0), (20.0, 30.0), (12.0, 5.0)]), [1, 2, 0, 0]);
        assert_eq!(lanes(&[]), [0; 0]);
    }

    #[test]
    fn a_picture_is_the_same_each_time_and_escapes() {
        let nodes = [
            node("One <b>", NodeKind::Stage),
            node("Two", NodeKind::Truth),
            node("Three", NodeKind::Stage),
            node("Won", NodeKind::Won),
            node("Lost & gone", NodeKind::Ended),
        ];
        // A circle, a loop and a jump are no trouble; what several stages lead to stands beside each.
        let arrows =
            [arrow(0, 1), arrow(1, 3), arrow(0, 4), arrow(1, 4), arrow(1, 0), arrow(1, 1), arrow(0, 2)];
        let one = svg(&nodes, &arrows, "f-", "Way \"on\"").expect("a picture");
        assert_eq!(Some(&one), svg(&nodes, &arrows, "f-", "Way \"on\"").as_ref());
        assert!(
            one.contains("One &lt;b&gt;") && one.contains("Lost &amp; gone") && one.contains("★ Two"),
            "{one}"
        );
        assert!(one.contains("<title>a &lt; b</title>"), "{one}");
        assert_eq!(one.matches("<a ").count(), 3 + 3);
        // The loop is not drawn: the list has it.
        assert_eq!(one.matches("class=\"way\"").count(), arrows.len() - 1);
        assert!(!one.contains("NaN") && !one.contains("inf"), "{one}");
        assert_eq!(svg(&nodes, &[], "f-", ""), None);
        let many: Vec<Node> = (0..=MOST).map(|n| node(&n.to_string(), NodeKind::Stage)).collect();
        assert_eq!(svg(&many, &arrows, "f-", ""), None);
    }
}
