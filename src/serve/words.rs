//! The few words that a live page has beside those of the handbook, by the page's language.

use serde::Serialize;

use crate::language::{Language, Spoken};

/// The words of one language. `{n}` stands for a number.
#[derive(Debug, Serialize)]
pub struct Words {
    /// One error; several.
    pub error: [&'static str; 2],
    /// One warning; several.
    pub warning: [&'static str; 2],
    /// What the page below is of, while there are errors: the book as it last was without any.
    pub last_good: &'static str,
    /// The same where the book never was without errors.
    pub sound_rest: &'static str,
    /// That there are more than are shown.
    pub more: &'static str,
    /// That nothing is heard of the server any more.
    pub gone: &'static str,
}

const EN: Words = Words {
    error: ["1 error in the book", "{n} errors in the book"],
    warning: ["1 warning", "{n} warnings"],
    last_good: "The page below is from the last state without errors.",
    sound_rest: "The page below shows what can be shown of the book.",
    more: "{n} more; callbook check shows them all.",
    gone: "callbook serve has stopped; this page no longer follows the files.",
};

const VI: Words = Words {
    error: ["Sổ tay có 1 lỗi", "Sổ tay có {n} lỗi"],
    warning: ["1 cảnh báo", "{n} cảnh báo"],
    last_good: "Trang bên dưới là bản gần nhất không có lỗi.",
    sound_rest: "Trang bên dưới chỉ hiện những phần còn đọc được.",
    more: "Còn {n} lỗi khác; chạy callbook check để xem tất cả.",
    gone: "callbook serve đã dừng; trang này không còn cập nhật theo tệp.",
};

const ZH_HANT: Words = Words {
    error: ["手冊有 1 個錯誤", "手冊有 {n} 個錯誤"],
    warning: ["1 個警告", "{n} 個警告"],
    last_good: "以下頁面是最後一次沒有錯誤的版本。",
    sound_rest: "以下頁面只顯示目前讀得到的部分。",
    more: "還有 {n} 個；執行 callbook check 可看全部。",
    gone: "callbook serve 已停止，此頁不再隨檔案更新。",
};

const ZH_HANS: Words = Words {
    error: ["手册有 1 个错误", "手册有 {n} 个错误"],
    warning: ["1 个警告", "{n} 个警告"],
    last_good: "以下页面是最近一次没有错误的版本。",
    sound_rest: "以下页面只显示目前能读取的部分。",
    more: "还有 {n} 个；运行 callbook check 可查看全部。",
    gone: "callbook serve 已停止，此页不再随文件更新。",
};

const MS: Words = Words {
    error: ["1 ralat dalam buku", "{n} ralat dalam buku"],
    warning: ["1 amaran", "{n} amaran"],
    last_good: "Halaman di bawah ialah versi terakhir tanpa ralat.",
    sound_rest: "Halaman di bawah menunjukkan bahagian yang masih boleh dibaca.",
    more: "{n} lagi; jalankan callbook check untuk melihat semuanya.",
    gone: "callbook serve telah berhenti; halaman ini tidak lagi mengikut fail.",
};

/// The words for a page in a language; English ones where there are none.
pub fn words(tag: &str) -> &'static Words {
    let Ok(language) = Language::parse(tag) else { return &EN };
    language.pick(Spoken { en: &EN, vi: &VI, zh_hant: &ZH_HANT, zh_hans: &ZH_HANS, ms: &MS })
}

impl Words {
    /// One or several, with the number.
    pub fn count(forms: &[&str; 2], n: usize) -> String {
        forms[usize::from(n != 1)].replace("{n}", &n.to_string())
    }
}
