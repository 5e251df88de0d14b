//! The words of the window in which cards are looked up, in each language.

use serde::Serialize;

use super::Words;

/// The words of one language.
#[derive(Debug, Serialize)]
pub(in crate::site) struct Find {
    /// On the button.
    pub search: &'static str,
    /// In the empty field: what to type.
    pub hint: &'static str,
    /// The filters, while they let everything through.
    pub stages: &'static str,
    /// See [`Find::stages`].
    pub categories: &'static str,
    /// See [`Find::stages`].
    pub kinds: &'static str,
    /// See [`Find::stages`].
    pub languages: &'static str,
    /// How many cards fit, `{n}`.
    pub found: &'static str,
    /// Before what comes nearest.
    pub nearest: &'static str,
    /// Where nothing comes near.
    pub nothing: &'static str,
    /// What was looked up before.
    pub recent: &'static str,
    /// Forgets it.
    pub clear: &'static str,
    /// Where the index could not be read.
    pub failed: &'static str,
    /// What is not an objection but should be noticed.
    pub signal: &'static str,
}

impl Find {
    /// The words of the language that these are of.
    pub fn of(words: &Words) -> &'static Find {
        match words.tag {
            "vi" => &VI,
            "zh-Hant" => &ZH_HANT,
            "zh-Hans" => &ZH_HANS,
            "ms" => &MS,
            _ => &EN,
        }
    }
}

const EN: Find = Find {
    search: "Search",
    hint: "What did they say?",
    stages: "All stages",
    categories: "All categories",
    kinds: "All kinds",
    languages: "All languages",
    found: "Cards found: {n}",
    nearest: "Nothing fits. Nearest:",
    nothing: "Nothing fits. Try their own words.",
    recent: "Looked up before",
    clear: "Clear",
    failed: "The search could not be loaded. Reload the page to try again.",
    signal: "Signal",
};

const VI: Find = Find {
    search: "Tìm",
    hint: "Khách vừa nói gì?",
    stages: "Mọi bước",
    categories: "Mọi nhóm",
    kinds: "Mọi loại",
    languages: "Mọi ngôn ngữ",
    found: "Tìm thấy {n} thẻ",
    nearest: "Không có thẻ nào khớp. Gần nhất là:",
    nothing: "Không có thẻ nào khớp. Thử gõ đúng lời khách nói.",
    recent: "Đã tìm gần đây",
    clear: "Xóa",
    failed: "Không tải được phần tìm kiếm. Hãy tải lại trang rồi thử lại.",
    signal: "Dấu hiệu",
};

const ZH_HANT: Find = Find {
    search: "搜尋",
    hint: "對方說了什麼？",
    stages: "所有階段",
    categories: "所有類別",
    kinds: "所有類型",
    languages: "所有語言",
    found: "找到 {n} 張卡片",
    nearest: "沒有相符的卡片，最接近的是：",
    nothing: "沒有相符的卡片，試試對方的原話。",
    recent: "最近查過",
    clear: "清除",
    failed: "搜尋無法載入，請重新整理頁面再試一次。",
    signal: "訊號",
};

const ZH_HANS: Find = Find {
    search: "搜索",
    hint: "对方说了什么？",
    stages: "所有阶段",
    categories: "所有类别",
    kinds: "所有类型",
    languages: "所有语言",
    found: "找到 {n} 张卡片",
    nearest: "没有相符的卡片，最接近的是：",
    nothing: "没有相符的卡片，试试对方的原话。",
    recent: "最近查过",
    clear: "清除",
    failed: "搜索无法加载，请刷新页面再试一次。",
    signal: "信号",
};

const MS: Find = Find {
    search: "Cari",
    hint: "Apa yang mereka kata?",
    stages: "Semua langkah",
    categories: "Semua kategori",
    kinds: "Semua jenis",
    languages: "Semua bahasa",
    found: "{n} kad ditemui",
    nearest: "Tiada kad yang sesuai. Yang paling hampir:",
    nothing: "Tiada kad yang sesuai. Cuba guna kata-kata mereka sendiri.",
    recent: "Carian terdahulu",
    clear: "Padam",
    failed: "Carian tidak dapat dimuatkan. Muat semula halaman dan cuba lagi.",
    signal: "Isyarat",
};
