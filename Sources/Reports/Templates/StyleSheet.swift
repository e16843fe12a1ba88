// SPDX-License-Identifier: Apache-2.0

/// The page's looks: system type, one accent, light and dark, narrow and wide, screen and paper.
enum StyleSheet {
  static let css = tokens + base + charts + tables + print

  private static let tokens = """
    :root{color-scheme:light dark;--page:#fdfdfc;--ink:#1c2024;--soft:#5b636b;--rule:#dfe2e4;
    --faint:#eceeef;--accent:#0b6e75;--side:#7a838b;--bar:#0b6e75;
    --c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;--c4:#9a7b00;--c5:#3fa0d8;--c6:#555b61;
    --c7:#e69f00}
    @media (prefers-color-scheme:dark){:root{--page:#14171a;--ink:#e6e8ea;--soft:#a0a8b0;
    --rule:#32383e;--faint:#22272c;--accent:#5fc7cd;--side:#8a949d;--bar:#5fc7cd;
    --c0:#4aa3e0;--c1:#f08a3c;--c2:#2fc49a;--c3:#e29cc4;--c4:#e8dc5a;--c5:#8fd0f5;--c6:#b4bac0;
    --c7:#f2b53a}}

    """

  private static let base = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:62rem;padding:3rem 1.5rem 4rem;background:var(--page);
    color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
    font-variant-numeric:tabular-nums}
    h1{font-size:1.15rem;font-weight:600;margin:0 0 1.25rem}
    h2{font-size:1.25rem;font-weight:650;letter-spacing:-.01em;margin:0 0 .5rem}
    h3{font-size:1rem;font-weight:650;margin:2rem 0 .5rem}
    h4{font-size:.95rem;font-weight:600;margin:0}
    p{margin:0 0 .75rem}
    small{font-size:.8125rem;color:var(--soft);font-weight:400}
    section{margin-top:3.5rem;padding-top:1.5rem;border-top:1px solid var(--rule)}
    .kicker{color:var(--accent);font-size:.8125rem;font-weight:600;letter-spacing:.06em;
    text-transform:uppercase;margin:0 0 .25rem}
    .lead{font-size:clamp(1.35rem,1rem + 1.8vw,1.9rem);line-height:1.3;letter-spacing:-.015em;
    font-weight:500;max-width:46rem;text-wrap:pretty;margin:0 0 2rem}
    .prose{max-width:44rem;color:var(--soft);overflow-wrap:anywhere}
    .prose b{color:var(--ink);font-weight:600}
    .none{color:var(--soft);font-style:italic}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
    white-space:nowrap}
    .tiles{display:flex;flex-wrap:wrap;gap:1.25rem 3rem;margin:0}
    .tiles div{display:flex;flex-direction:column-reverse}
    .tiles dt{color:var(--soft);font-size:.875rem}
    .tiles dd{margin:0;font-size:1.6rem;font-weight:600;letter-spacing:-.02em;line-height:1.2}
    .facts{display:flex;flex-wrap:wrap;gap:.35rem 2rem;margin:.25rem 0 .75rem;font-size:.9rem}
    .facts div{display:flex;gap:.5rem;min-width:0}
    .facts dt,.hashes dt{color:var(--soft);white-space:nowrap}
    .facts dd,.hashes dd{margin:0;overflow-wrap:anywhere}
    .hashes div{margin-bottom:.35rem;font-size:.85rem}
    .dataset{margin-top:1rem}
    .dataset p{margin:0;font-size:.9rem}
    code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
    font-size:.8125rem}
    pre{background:var(--faint);padding:1rem;overflow:auto;max-height:30rem;border-radius:4px;
    line-height:1.45}
    details{margin-top:1rem}
    summary{cursor:pointer;color:var(--accent);font-size:.9375rem;width:fit-content}
    details[open]>summary{margin-bottom:.5rem}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    footer{margin-top:4rem;color:var(--soft);font-size:.8125rem}

    """

  private static let charts = """
    .keys{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:.5rem 0;padding:0;
    font-size:.875rem}
    .keys svg{vertical-align:-.1em;overflow:visible}
    .lane,.axis{display:block;overflow:visible}
    .axis text,.reliability text{fill:var(--soft);font-size:11px}
    .lane .grid,.reliability .grid{stroke:var(--rule)}
    .lane .source{stroke:var(--accent);stroke-dasharray:3 3;opacity:.8}
    .lane g line{stroke-width:1.5}
    .main{fill:var(--accent);stroke:var(--accent)}
    .side{fill:var(--page);stroke:var(--side)}
    .main path{stroke:none}
    .side path{stroke-width:1.4}
    .side line{opacity:.55}
    .map{display:block;width:100%;height:auto;border:1px solid var(--rule);border-radius:4px;
    margin:.5rem 0}
    .map use{fill-opacity:.72}
    .map g:hover use{fill-opacity:1;stroke:var(--ink);stroke-width:1.5}
    .map .dim{opacity:.06}
    .projection fieldset{border:0;padding:0;margin:0;display:flex;gap:1.25rem;font-size:.9375rem}
    .projection input{accent-color:var(--accent)}
    .by-k,.projection:has(#by-label:checked) .by-l{display:none}
    .projection:has(#by-label:checked) use.by-k{display:inline}
    .projection:has(#by-label:checked) ul.by-k{display:flex}
    .keys button{font:inherit;color:inherit;background:none;border:0;padding:.1rem .25rem;
    margin:-.1rem -.25rem;cursor:pointer;border-radius:3px}
    .keys button[aria-pressed=true]{background:var(--faint);font-weight:600}
    .c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}
    .c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}.c7{fill:var(--c7)}
    .panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:2rem}
    .panels.wide{grid-template-columns:minmax(0,1fr)}
    .panel{min-width:0}
    figure{margin:0;max-width:19rem}
    figcaption{font-size:.875rem;color:var(--soft)}
    figcaption b{color:var(--ink);font-weight:600}
    .reliability{display:block;width:100%;height:auto}
    .reliability .bar{fill:var(--bar)}
    .reliability .ideal{stroke:var(--ink);stroke-dasharray:1 4;stroke-linecap:round;stroke-width:1.5}

    """

  private static let tables = """
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.9rem}
    th{font-weight:500;text-align:start}
    thead th{color:var(--soft);font-size:.8125rem;font-weight:500;vertical-align:bottom}
    th,td{padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--faint);vertical-align:top}
    tr>:last-child{padding-inline-end:0}
    .num{text-align:end;white-space:nowrap}
    td small,th small{display:block;line-height:1.35}
    thead button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;
    white-space:nowrap}
    thead button::after{content:"";display:inline-block;width:1em;text-align:center}
    thead button:hover{color:var(--ink)}
    [aria-sort=ascending] button::after{content:"↑"}
    [aria-sort=descending] button::after{content:"↓"}
    .lanes{table-layout:fixed}
    .lanes th,.lanes td{padding-block:0;vertical-align:middle}
    .lanes thead th{vertical-align:bottom;border-bottom-color:var(--rule)}
    .lanes th:first-child{width:9.5rem;overflow-wrap:anywhere;line-height:1.2}
    .lanes th:nth-child(2){padding-inline:.25rem 1rem}
    .lanes td:nth-child(2){padding-inline:.25rem 1rem}
    .lanes th:last-child{width:4rem}
    .lanes .origin th,.lanes .origin td{color:var(--accent);font-weight:600}
    .methods th[scope=row]{min-width:12rem;max-width:22rem}
    .chosen th,.chosen td{font-weight:600}
    .chosen small{font-weight:400}
    .chosen th:first-child{box-shadow:inset 2px 0 var(--accent);padding-inline-start:.6rem}
    .heat{width:auto;font-size:.75rem;margin-bottom:.5rem}
    .heat caption{text-align:start;font-weight:600;font-size:.9375rem;padding-bottom:.5rem}
    .heat td{min-width:1.9rem;height:1.75rem;padding:0 .2rem;text-align:center;
    vertical-align:middle;border:1px solid var(--page);background:var(--faint)}
    .heat thead td{background:none}
    .heat th{color:var(--soft);font-weight:400;border:0;padding:0 .5rem 0 0;white-space:nowrap;
    text-align:end;vertical-align:middle;max-width:14rem;overflow:hidden;text-overflow:ellipsis}
    .heat thead th{padding:0 0 .35rem;vertical-align:bottom;height:1px}
    .heat thead span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);
    max-height:11rem;overflow:hidden}
    .heat .hit{font-weight:600}
    .heat tbody th{position:sticky;left:0;background:var(--page)}
    .mistakes .text{min-width:14rem;overflow-wrap:anywhere}
    .mistakes .tag{font-size:.8125rem;overflow-wrap:anywhere}
    .mistakes .wrong{color:var(--soft)}
    .costs{max-width:40rem}
    .costs .bar{width:45%}
    .costs .bar span{display:block;height:.55rem;margin-top:.45rem;background:var(--accent);
    min-width:1px}
    tfoot th,tfoot td{border-bottom:0;font-weight:600}
    @media (max-width:40rem){body{padding:1.75rem 1rem 3rem}
    section{margin-top:2.5rem}
    .tiles{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
    .lanes th:first-child{width:6.2rem}.lanes th:last-child{width:3.1rem}
    .lanes{font-size:.8125rem}
    .methods th[scope=row]{min-width:8rem}.heat th{max-width:8.5rem}
    path[id^=m]{transform:scale(1.7)}
    .mistakes,.mistakes tbody,.mistakes tr,.mistakes td{display:block;border:0;padding:0}
    .mistakes thead{display:none}
    .mistakes tr{padding:.7rem 0;border-bottom:1px solid var(--faint)}
    .mistakes td{display:inline;text-align:start;color:var(--soft);font-size:.8125rem}
    .mistakes .text{display:block;color:var(--ink);font-size:.9375rem;margin:.1rem 0}
    .mistakes .num::after{content:" % sure · "}
    .mistakes .wrong::before{content:" → "}}

    """

  private static let print = """
    @media print{:root{--page:#fff;--ink:#000;--soft:#444;--rule:#ccc;--faint:#eee;
    --accent:#0b6e75;--bar:#0b6e75;--side:#666}
    body{max-width:none;padding:0;font-size:10pt;print-color-adjust:exact;
    -webkit-print-color-adjust:exact}
    section{margin-top:1.5rem;padding-top:.75rem}
    h2,h3,.prose{break-after:avoid}tr,figure,.map,.panel,.dataset{break-inside:avoid}
    .scroll,pre{overflow:visible;max-height:none}pre{white-space:pre-wrap}
    .projection fieldset{display:none}}

    """
}
