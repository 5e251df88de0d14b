#!/bin/sh
# Writes src/cold.ld anew: the functions that a cold `find` runs, so that the linker lays them side by
# side (see build.rs). Wants valgrind and a release build; what it writes is only ever a hint.
#   cargo build --release && tests/bench/order.sh
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=$here/target/release/callbook
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
# A book of many files: sorting and hashing many is other code than a few.
cp -R "$here/playbooks" "$work/book"
cd "$work/book"
for file in $(seq 200); do
    printf 'playbook: more-%s\ntitle: More %s\nlanguage: en\nobjections:\n  - id: o%s\n    title: Reason %s\n' \
        "$file" "$file" "$file" "$file" >"more-$file.yaml"
    printf '    responses:\n      - id: r\n        say: What would have to happen for this to be right for you?\n' >>"more-$file.yaml"
done
"$program" find budget >"$work/first" # makes the index
number=0
seen() {
    number=$((number + 1))
    valgrind --tool=callgrind --demangle=no --callgrind-out-file="$work/$number.out" \
        "$program" find "$@" >/dev/null 2>"$work/log" || test $? -eq 1
}
seen we have no budget for this
seen "giá cao quá em ơi" --format json
seen 太貴了 -l zh
seen "mahal sangat, twenty percent off?" --explain
seen zxcvbnm qwertz
seen asdfgh --format json
nm "$program" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort -u >"$work/own"
sed -n 's/^c\{0,1\}fn=([0-9]*) //p' "$work"/*.out | sed -E "s/'[0-9]+\$//" |
    LC_ALL=C sort -u | LC_ALL=C join - "$work/own" >"$work/run"
# A name ends in a hash of its types (`17h…E`) and may carry one of its crate (`Cs…_`); any will do, but
# where many types share a name (`Vec<T>::drop`): there only the ones that ran, until types change.
awk '
    function loose(name) {
        sub(/\.llvm\.[0-9]+$/, "", name); sub(/17h[0-9a-f]+E$/, "17h*", name)
        gsub(/Cs[0-9A-Za-z]+_/, "Cs*_", name); return name
    }
    NR == FNR { many[loose($0)]++; next }
    { name = loose($0); if (many[name] > 4) { name = $0; sub(/\.llvm\.[0-9]+$/, "*", name) } print name }
' "$work/own" "$work/run" | grep -E '^[A-Za-z_][][A-Za-z0-9_.$*]*$' | LC_ALL=C sort -u >"$work/names"
{
    echo '/* Made by tests/bench/order.sh: what a cold `find` runs, laid side by side. Only a hint. */'
    echo 'SECTIONS {'
    echo '  .text.cold_find : {'
    sed 's/.*/    *(.text.& .text.unlikely.&)/' "$work/names"
    echo '  }'
    echo '} INSERT BEFORE .text;'
} >"$work/cold.ld"
mv "$work/cold.ld" "$here/src/cold.ld"
wc -l "$here/src/cold.ld"
