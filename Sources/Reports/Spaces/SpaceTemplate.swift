// SPDX-License-Identifier: Apache-2.0

/// The template of a space's page; `{{name}}` is escaped by ``HTMLText``.
enum SpaceTemplate {
  static let all = ["page": page]

  static let page = """
    \(PageTemplate.head)
    <header>
    <p class="kicker">Space of words</p>
    <h1 dir="auto">{{title}}</h1>
    <p class="lead">{{sentence}}</p>
    <dl class="tiles">
    {{#tiles}}
    <div><dt>{{caption}}</dt><dd>{{value}} <small>{{unit}}</small></dd></div>
    {{/tiles}}
    </dl>
    </header>
    <main>
    <section id="space">
    <h2>The space</h2>
    <p class="prose">Look a word up, or choose one in the picture: what is near to it in every language stands beside it. \
    Scroll to come nearer, drag to move.</p>
    <div class="tools">
    <input type="search" id="query" placeholder="A word, or its beginning" aria-label="Find a word" autocomplete="off">
    <button type="button" id="whole">Whole picture</button>
    <ul class="keys">
    {{#keys}}
    <li><button type="button" aria-pressed="true" data-language="{{number}}"><svg width="12" height="12" \
    viewBox="-6 -6 12 12"><path d="{{shape}}" style="fill:var(--c{{color}})"/></svg> {{name}}</button></li>
    {{/keys}}
    </ul>
    </div>
    <ol id="matches" class="matches" aria-live="polite"></ol>
    <div class="space">
    <canvas id="picture" aria-label="Words as points; use the field above to look words up"></canvas>
    <aside id="near" aria-live="polite"><p class="none">No word is chosen.</p></aside>
    </div>
    <noscript><p class="none">The picture needs JavaScript.</p></noscript>
    </section>
    {{#hasPairs}}
    <section id="pairs">
    <h2>How far languages came together</h2>
    <p class="prose">The share of a row's words, in percent, whose best translation in the column's language has them as \
    its own best translation; by CSLS among the words of this page. In languages that did not come together it is small.</p>
    <div class="scroll">
    <table>
    <thead><tr><th scope="col">From</th>{{#heads}}<th scope="col" class="num">{{.}}</th>{{/heads}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{name}}</th>{{#cells}}<td class="num">{{.}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    </section>
    {{/hasPairs}}
    <section id="method">
    <h2>How it was made</h2>
    <p class="prose">Vectors are brought to length one. The picture shows them along their first two principal components, \
    so that far apart there is far apart in the space, while what is near in the picture may be far apart in other \
    directions: trust the list of neighbours, which knows them all. Neighbours in a word's own language have the largest \
    cosine; those in other languages the largest CSLS with ten neighbours (Conneau et al., 2018).</p>
    </section>
    </main>
    <footer>
    <p>Made by Koine.</p>
    </footer>
    <script type="application/json" id="data">{{{data}}}</script>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """
}
