// SPDX-License-Identifier: Apache-2.0

/// The sections that show texts.
extension Template {
  static let projection = """
    <section id="projection">
    <h2>Representation space</h2>
    <p class="prose">{{about}} Languages that mix share one space; labels that part can be told \
    apart. {{capped}}</p>
    <div class="projection">
    <fieldset>
    <legend class="unseen">Colour the points</legend>
    <label><input type="radio" name="colour" id="by-language" checked> by language</label>
    <label><input type="radio" name="colour" id="by-label"> by label</label>
    </fieldset>
    {{{chart}}}
    <ul class="keys by-l">
    {{#languageKeys}}
    <li data-group="{{id}}">{{{mark}}} {{name}} <small>{{count}}</small></li>
    {{/languageKeys}}
    </ul>
    <ul class="keys by-k">
    {{#labelKeys}}
    <li data-group="{{id}}" dir="auto">{{{mark}}} {{name}} <small>{{count}}</small></li>
    {{/labelKeys}}
    </ul>
    </div>
    </section>

    """

  static let mistakes = """
    <section id="mistakes">
    <h2>Most confident mistakes</h2>
    {{#hasMistakes}}
    <p class="prose">Sure and wrong: often a label to question, or a text that two labels could \
    claim. {{mistakes.omitted}}</p>
    <table class="sortable mistakes">
    <thead><tr><th scope="col" class="num">Sure, %</th><th scope="col">Language</th>\
    <th scope="col">Text</th><th scope="col">Right</th><th scope="col">Given</th></tr></thead>
    <tbody>
    {{#mistakes.lines}}
    <tr><td class="num" data-v="{{sortConfidence}}">{{confidence}}</td><td>{{called}}</td>\
    <td class="text" dir="auto" lang="{{tag}}">{{snippet}}</td>\
    <td class="tag"><bdi>{{gold}}</bdi></td><td class="tag wrong"><bdi>{{predicted}}</bdi></td></tr>
    {{/mistakes.lines}}
    </tbody>
    </table>
    {{/hasMistakes}}
    {{^hasMistakes}}
    <p class="none">No mistakes were recorded.</p>
    {{/hasMistakes}}
    </section>

    """
}
