// SPDX-License-Identifier: Apache-2.0

/// The templates of a subword report, by name; `{{name}}` is escaped by ``HTMLText``.
enum SubwordTemplate {
  static let all: [String: String] = [
    "page": page, "chart": chart, "comparison": comparison, "vocabulary": vocabulary,
    "pieces": pieces,
  ]

  static let page = """
    \(PageTemplate.head)
    <header>
    <p class="kicker">Subword report</p>
    <h1 dir="auto">{{title}}</h1>
    <p class="lead">{{sentence}}</p>
    <dl class="tiles">
    {{#tiles}}
    <div><dt>{{caption}}</dt><dd>{{value}} <small>{{unit}}</small></dd></div>
    {{/tiles}}
    </dl>
    </header>
    <main>
    <section id="findings">
    <h2>Findings</h2>
    <ul class="findings">
    {{#findings}}
    <li>{{.}}</li>
    {{/findings}}
    </ul>
    </section>
    {{#charts}}{{> chart}}{{/charts}}
    {{#comparisons}}{{> comparison}}{{/comparisons}}
    {{#vocabularies}}{{> vocabulary}}{{> pieces}}{{/vocabularies}}
    <section id="method">
    <h2>How it was measured</h2>
    <p class="prose">Nothing is put around a sentence. Words are what white space parts; where most letters are of a \
    script that does without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan and others), numbers that \
    count words are left out. Characters are Unicode scalars. Cost is the ratio of all tokens on the sentences that a \
    language has in common with the pivot (Petrov et al., 2023). Rényi efficiency is the entropy of order 2.5 of the \
    pieces used, divided by the logarithm of their number (Zouhar et al., 2023). Two languages are alike by one minus \
    the Jensen-Shannon divergence of how often they use each piece, punctuation and digits included. Intervals are 95 % \
    of a bootstrap over sentences; they say nothing of other kinds of text.</p>
    {{#hasFacts}}
    <dl class="facts">
    {{#facts}}
    <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/facts}}
    </dl>
    {{/hasFacts}}
    </section>
    </main>
    <footer>
    <p>Made by Koine.</p>
    </footer>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """

  static let chart = """
    <section>
    <h2>{{heading}}</h2>
    <p class="prose">{{about}}</p>
    <ul class="keys marks">
    {{#legend}}
    <li><span class="mark {{mark}}"></span> {{meaning}}</li>
    {{/legend}}
    </ul>
    {{#isFolded}}<details><summary>Show the languages</summary>{{{bars}}}</details>{{/isFolded}}
    {{^isFolded}}{{{bars}}}{{/isFolded}}
    </section>

    """

  static let comparison = """
    <section>
    <h2>{{after}} against {{before}}</h2>
    <p class="prose">Tokens of {{after}} divided by those of {{before}} on the same text, with the 95 % interval of the \
    ratio; bars to the left are shorter. The other columns are differences; shares are in percentage points.</p>
    <div class="scroll tall" tabindex="0" role="region" aria-label="{{after}} against {{before}}">
    <table class="sortable filterable changes">
    <thead><tr><th scope="col">Language</th><th scope="col" class="num">Ratio</th>\
    <th scope="col"><span class="unseen">Ratio, drawn</span></th>\
    <th scope="col" class="num">95 % interval</th><th scope="col" class="num">Per word</th>\
    <th scope="col" class="num">Cost</th><th scope="col" class="num">Whole</th>\
    <th scope="col" class="num">Unknown</th><th scope="col" class="num">In bytes</th>\
    <th scope="col" class="num">Rényi</th></tr></thead>
    <tbody>
    {{#changes}}
    <tr><th scope="row">{{called}}</th><td class="num" data-v="{{sortRatio}}">{{ratio}}</td>\
    <td class="two" data-v="{{sortRatio}}"><span style="{{bar}}"></span></td>\
    <td class="num" data-v="{{sortRatio}}">{{interval}}</td>\
    <td class="num" data-v="{{sortFertility}}">{{fertility}}</td>\
    <td class="num" data-v="{{sortParity}}">{{parity}}</td>\
    <td class="num" data-v="{{sortWhole}}">{{whole}}</td>\
    <td class="num" data-v="{{sortUnknown}}">{{unknown}}</td>\
    <td class="num" data-v="{{sortBytes}}">{{bytes}}</td>\
    <td class="num" data-v="{{sortRenyi}}">{{renyi}}</td></tr>
    {{/changes}}
    </tbody>
    </table>
    </div>
    </section>

    """

  static let vocabulary = """
    <section id="{{anchor}}">
    <h2>All numbers{{suffix}}</h2>
    <p class="prose">Hover over a number for its 95 % interval, over a heading for its meaning.</p>
    <div class="scroll tall" tabindex="0" role="region" aria-label="All numbers{{suffix}}">
    <table class="sortable filterable numbers">
    <thead><tr><th scope="col">Language</th><th scope="col">Script</th>\
    {{#table.columns}}<th scope="col" class="num" title="{{meaning}}">{{heading}}</th>{{/table.columns}}</tr></thead>
    <tbody>
    {{#table.rows}}
    <tr{{#isPivot}} class="origin"{{/isPivot}}><th scope="row">{{called}}</th><td>{{script}}</td>\
    {{#cells}}<td class="num" data-v="{{key}}" title="{{tip}}">{{value}}</td>{{/cells}}</tr>
    {{/table.rows}}
    </tbody>
    </table>
    </div>
    {{#hasMap}}
    <h3>What languages share{{suffix}}</h3>
    <p class="prose">How alike two languages are in the pieces they use, by script. Blocks off the diagonal that are \
    not pale are scripts that share pieces: names, digits and punctuation, or words.</p>
    <ul class="keys marks">
    {{#steps}}
    <li><svg class="overlap" width="14" height="14" viewBox="0 0 1 1"><path class="o{{level}}" d="M0 .5h1"/></svg> \
    {{value}}</li>
    {{/steps}}
    </ul>
    <p class="readout" aria-live="polite">&nbsp;</p>
    <div class="scroll">{{{map}}}</div>
    <details><summary>Nearest languages of each</summary>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Nearest languages">
    <table class="sortable filterable">
    <thead><tr><th scope="col">Language</th><th scope="col">Script</th><th scope="col">Nearest</th></tr></thead>
    <tbody>
    {{#near}}
    <tr><th scope="row">{{called}}</th><td>{{script}}</td><td data-v="{{sortNearest}}">{{nearest}}</td></tr>
    {{/near}}
    </tbody>
    </table>
    </div>
    </details>
    {{/hasMap}}
    </section>

    """

  static let pieces = """
    <section>
    <h2>Pieces{{suffix}}</h2>
    <p class="prose">{{kinds}}</p>
    <div class="halves">
    <div>
    <h3>By script</h3>
    <p class="prose">Solid: used on this text.</p>
    <ol class="amounts">
    {{#scripts}}
    <li title="{{detail}}"><span class="who">{{label}}</span><span class="track">\
    <i style="width:{{width}}%"><b style="width:{{inner}}%"></b></i></span><span class="num">{{amount}}</span></li>
    {{/scripts}}
    </ol>
    <p class="prose"><small>{{otherScripts}}</small></p>
    </div>
    <div>
    <h3>By length in characters</h3>
    <ul class="keys marks"><li><span class="mark bar"></span> share of the pieces</li>\
    <li><span class="mark m0"></span> share of the tokens</li></ul>
    <ol class="columns">
    {{#lengths}}
    <li title="{{tip}}"><span class="pair"><i style="height:{{height}}%"></i><b style="height:{{tokenHeight}}%"></b></span>\
    <small>{{label}}</small></li>
    {{/lengths}}
    </ol>
    <p class="prose"><small>{{longest}}</small></p>
    </div>
    </div>
    {{#hasPacks}}
    <h3>What the packs buy{{suffix}}</h3>
    <p class="prose">Tokens that a language's text takes less because the pack is there, as a share of what it would \
    take without.</p>
    <div class="panels">
    {{#packs}}
    <div class="panel"><h4>{{called}}</h4><p class="prose"><small>{{total}}</small></p>
    <ol class="amounts">
    {{#languages}}
    <li title="{{detail}}"><span class="who">{{label}}</span><span class="track">\
    <i style="width:{{width}}%"><b style="width:{{inner}}%"></b></i></span><span class="num">{{amount}}</span></li>
    {{/languages}}
    </ol><p class="prose"><small>{{more}}</small></p></div>
    {{/packs}}
    </div>
    {{/hasPacks}}
    <h3>Pieces that one language alone uses{{suffix}}</h3>
    <details><summary>Show each language's commonest</summary>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Pieces of one language">
    <table class="sortable filterable own">
    <thead><tr><th scope="col">Language</th><th scope="col" class="num">Pieces</th>\
    <th scope="col" class="num">% of tokens</th><th scope="col">Commonest</th></tr></thead>
    <tbody>
    {{#own}}
    <tr><th scope="row">{{called}}</th><td class="num" data-v="{{sortNumber}}">{{number}}</td>\
    <td class="num" data-v="{{sortShare}}">{{share}}</td>\
    <td class="examples">{{#examples}}<bdi>{{.}}</bdi> {{/examples}}</td></tr>
    {{/own}}
    </tbody>
    </table>
    </div>
    </details>
    </section>

    """
}
