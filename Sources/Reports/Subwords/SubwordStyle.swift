// SPDX-License-Identifier: Apache-2.0

/// What a subword report adds to the looks of every report.
enum SubwordStyle {
  static let css = """

    .findings{max-width:44rem;padding-inline-start:1.1rem;margin:.5rem 0}
    .findings li{margin-bottom:.5rem;overflow-wrap:anywhere}
    .bars,.amounts{list-style:none;margin:1rem 0;padding:0;font-size:.8125rem;line-height:1.45}
    .bars{columns:3 15.5rem;column-gap:2rem}
    .bars li,.amounts li{display:grid;grid-template-columns:5.2rem 1fr 2.6rem;gap:.5rem;
    align-items:center;break-inside:avoid}
    .amounts li{grid-template-columns:5.2rem 1fr 4.2rem}
    .who{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    .bars .num,.amounts .num{color:var(--soft)}
    .bars .origin,.bars .origin .num{color:var(--accent);font-weight:650}
    .track{position:relative;height:.7rem;display:block}
    .bars .track::before{content:"";position:absolute;left:var(--line);top:-.2rem;bottom:-.2rem;
    border-left:1px solid var(--soft);z-index:1}
    .track i{position:absolute;inset:0 auto 0 0;min-width:1px;background:var(--accent);opacity:.55}
    .origin .track i{opacity:1}
    .lost .track i,.mark.bar.lost{background:repeating-linear-gradient(135deg,var(--side) 0 2px,
    transparent 2px 5px);opacity:.8}
    .track u{position:absolute;top:50%;height:0;border-top:1.5px solid var(--ink);opacity:.7;z-index:2}
    .bars .track b{position:absolute;top:-.1rem;bottom:-.1rem;width:3px;margin-left:-1px;z-index:3}
    .m0{background:var(--c1)}.m1{background:var(--c3)}.m2{background:var(--c4)}
    .marks{align-items:center}
    .mark{display:inline-block;width:.9rem;height:.7rem;vertical-align:-.05rem}
    .mark.bar{background:var(--accent);opacity:.55}
    .marks .m0,.marks .m1,.marks .m2{width:4px;margin-inline:.3rem}
    .amounts .track i{background:var(--faint);opacity:1;overflow:hidden}
    .amounts .track i b{position:absolute;inset:0 auto 0 0;background:var(--accent);opacity:.75}
    .halves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 3rem}
    .columns{list-style:none;display:flex;gap:.3rem;margin:1rem 0;padding:0;height:11rem}
    .columns li{flex:1;display:flex;flex-direction:column;min-width:0}
    .columns small{display:block;text-align:center;font-size:.6875rem}
    .columns .pair{flex:1;display:flex;align-items:flex-end;gap:1px;border-bottom:1px solid var(--rule)}
    .columns i{flex:1;background:var(--accent);opacity:.55}
    .columns b{flex:1;background:var(--c1)}
    .tall{max-height:34rem;overflow:auto}
    .tall thead th{position:sticky;top:0;background:var(--page);z-index:2;padding-block:.35rem}
    .tall tbody th{position:sticky;left:0;background:var(--page);white-space:nowrap}
    .tall thead th:first-child{left:0;z-index:3}
    .numbers td,.numbers th{padding-inline-end:.65rem}
    .numbers .origin th,.numbers .origin td{color:var(--accent);font-weight:600}
    .filter{font:inherit;font-size:.875rem;color:inherit;background:var(--page);padding:.3rem .6rem;
    border:1px solid var(--rule);border-radius:4px;width:min(100%,20rem);margin-bottom:.5rem}
    .filter+.found{margin-inline-start:.75rem;color:var(--soft);font-size:.8125rem}
    .changes .two{position:relative;min-width:7rem}
    .changes .two::before{content:"";position:absolute;left:50%;top:.2rem;bottom:.2rem;
    border-left:1px solid var(--rule)}
    .changes .two span{position:absolute;top:.55rem;height:.6rem;min-width:1px;background:var(--accent);
    opacity:.75}
    .overlap{display:block;width:100%;height:auto}
    .keys .overlap{display:inline-block;width:14px;height:14px}
    .overlap path{fill:none;stroke-width:1}
    .overlap .edge{stroke:var(--page);stroke-width:.12}
    .overlap text{fill:var(--soft);font-size:11px}
    .overlap .cursor{fill:none;stroke:var(--ink);stroke-width:1.5}
    .readout{font-size:.875rem;min-height:1.5rem;margin:.25rem 0}
    .own .examples{min-width:16rem;line-height:1.9}
    .own bdi{background:var(--faint);border-radius:3px;padding:.05rem .35rem;white-space:pre-wrap;
    overflow-wrap:anywhere}
    @media (max-width:40rem){.bars{columns:1}.tall{max-height:26rem}}
    @media print{.tall{max-height:none;overflow:visible}.filter,.found,.readout{display:none}}

    """
}
