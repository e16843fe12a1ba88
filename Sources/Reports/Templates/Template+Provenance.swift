// SPDX-License-Identifier: Apache-2.0

/// The sections that say where it all came from and what it cost.
extension Template {
  static let provenance = """
    <section id="provenance">
    <h2>Provenance</h2>
    <dl class="facts">
    {{#facts}}
    <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/facts}}
    </dl>
    <h3>Data</h3>
    {{#datasets}}
    <div class="dataset">
    <h4>{{dataset}}</h4>
    <p>{{origin}}, version {{version}}, licence {{licence}}</p>
    <dl class="facts">
    {{#counts}}
    <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/counts}}
    </dl>
    {{#hasHashes}}
    <details><summary>Checksums</summary>
    <dl class="hashes">
    {{#hashes}}
    <div><dt>{{name}}</dt><dd><code>{{value}}</code></dd></div>
    {{/hashes}}
    </dl>
    </details>
    {{/hasHashes}}
    </div>
    {{/datasets}}
    {{^datasets}}
    <p class="none">No dataset was recorded.</p>
    {{/datasets}}
    {{#hasBase}}
    <h3>Base encoder</h3>
    <dl class="facts">
    {{#baseEncoder}}
    <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/baseEncoder}}
    </dl>
    {{/hasBase}}
    {{#recipe}}
    <details id="recipe"><summary>Recipe, as resolved</summary>
    <pre tabindex="0">{{.}}</pre>
    </details>
    {{/recipe}}
    </section>

    """

  static let costs = """
    <section id="costs">
    <h2>What it cost</h2>
    <table class="costs">
    <thead><tr><th scope="col">Stage</th><th scope="col" class="num">Time</th>\
    <th scope="col"><span class="unseen">Share</span></th></tr></thead>
    <tbody>
    {{#lines}}
    <tr><th scope="row">{{stage}}</th><td class="num">{{time}}</td>\
    <td class="bar"><span style="width:{{width}}%"></span></td></tr>
    {{/lines}}
    </tbody>
    <tfoot><tr><th scope="row">Total</th><td class="num">{{total}}</td>\
    <td>peak memory {{peak}}</td></tr></tfoot>
    </table>
    </section>

    """
}
