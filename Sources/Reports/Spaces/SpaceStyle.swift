// SPDX-License-Identifier: Apache-2.0

/// What a space's page adds to the looks of every report.
enum SpaceStyle {
  static let css = """

    body{max-width:76rem}
    .tools{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:1rem 0 .25rem}
    .tools input,.tools>button{font:inherit;font-size:.9375rem;color:inherit;background:var(--page);
    padding:.35rem .65rem;border:1px solid var(--rule);border-radius:4px}
    .tools input{width:min(100%,18rem)}
    .tools>button{cursor:pointer}
    .keys button[aria-pressed=false]{opacity:.4;text-decoration:line-through}
    .matches{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem;margin:.25rem 0 .75rem;padding:0;
    min-height:1.9rem;font-size:.875rem}
    .matches button,.space button{font:inherit;color:inherit;background:var(--faint);border:0;border-radius:3px;
    padding:.1rem .45rem;cursor:pointer}
    .space{display:grid;grid-template-columns:minmax(0,1fr) 17rem;gap:1.25rem}
    .space canvas{width:100%;height:36rem;border:1px solid var(--rule);border-radius:4px;touch-action:none;
    cursor:crosshair}
    .space aside{max-height:36rem;overflow:auto;font-size:.9rem}
    .space aside h3{margin:0 0 .25rem;font-size:1.15rem;overflow-wrap:anywhere}
    .space aside h4{margin:.9rem 0 .25rem;display:flex;gap:.4rem;align-items:center;font-size:.875rem}
    .space aside ol{list-style:none;margin:0;padding:0}
    .space aside li{display:flex;justify-content:space-between;gap:.5rem;margin-bottom:.15rem}
    .space aside li button{overflow-wrap:anywhere;text-align:start}
    .space aside .num{color:var(--soft)}
    @media (max-width:52rem){.space{grid-template-columns:1fr}.space canvas{height:24rem}
    .space aside{max-height:none}}
    @media print{.tools input,.tools>button,.matches{display:none}}

    """
}
