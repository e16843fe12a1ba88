// SPDX-License-Identifier: Apache-2.0

/// The page's templates, by name.
///
/// They are constants rather than resource files: a resource bundle is found by a path that was
/// fixed at build time, and a `koine` that was copied to another machine would lose its
/// reports. `{{name}}` is escaped by ``HTMLText``; `{{{name}}}` is used only for drawings that
/// ``Markup`` has escaped and for the style sheet and script, which hold no data.
enum Template {
  static let all: [String: String] = [
    "page": page, "languages": languages, "methods": methods, "projection": projection,
    "reliability": reliability, "confusion": confusion, "mistakes": mistakes,
    "provenance": provenance, "costs": costs,
  ]

  static let page = """
    \(PageTemplate.head)
    <header>
    <p class="kicker">Transfer report</p>
    <h1 dir="auto">{{title}}</h1>
    <p class="lead">{{sentence}}</p>
    <dl class="tiles">
    {{#tiles}}
    <div><dt>{{caption}}</dt><dd>{{value}} <small>{{unit}}</small></dd></div>
    {{/tiles}}
    </dl>
    </header>
    <main>
    {{#languages}}{{> languages}}{{/languages}}
    {{#comparesMethods}}{{> methods}}{{/comparesMethods}}
    {{#projection}}{{> projection}}{{/projection}}
    {{#hasClasses}}{{> reliability}}{{> confusion}}{{/hasClasses}}
    {{> mistakes}}
    {{#hasNotes}}
    <section id="notes">
    <h2>Notes</h2>
    {{#notes}}
    <p class="prose">{{.}}</p>
    {{/notes}}
    </section>
    {{/hasNotes}}
    {{> provenance}}
    {{#costs}}{{> costs}}{{/costs}}
    </main>
    <footer>
    <p>Made by Koine. Shares are in percent, differences in percentage points.</p>
    </footer>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """
}
