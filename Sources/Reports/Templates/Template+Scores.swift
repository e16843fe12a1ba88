// SPDX-License-Identifier: Apache-2.0

/// The sections that show how well it went.
extension Template {
  static let languages = """
    <section id="languages">
    <h2>Languages</h2>
    <p class="prose">{{measure}} in percent\
    {{#hasIntervals}}, with 95 % intervals{{/hasIntervals}}. {{#hasSource}}The source stands first, then the \
    others from the smallest loss to the largest under <b>{{headlineName}}</b>; the dashed line is \
    its score in {{sourceName}}.{{/hasSource}}{{^hasSource}}From the best to the worst under \
    <b>{{headlineName}}</b>.{{/hasSource}}</p>
    <ul class="keys">
    {{#keys}}
    <li>{{{sign}}} {{called}}</li>
    {{/keys}}
    </ul>
    <table class="lanes">
    <thead><tr><th scope="col">Language</th><th scope="col"><span class="unseen">{{measure}}</span>\
    {{{axis}}}</th><th scope="col" class="num">Gap</th></tr></thead>
    <tbody>
    {{#lanes}}
    <tr{{#isSource}} class="origin"{{/isSource}}><th scope="row" title="{{code}}">{{called}}</th>\
    <td>{{{chart}}}</td><td class="num">{{loss}}</td></tr>
    {{/lanes}}
    </tbody>
    </table>
    <details>
    <summary>All numbers</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="All numbers">
    <table class="sortable">
    <thead><tr><th scope="col">Language</th><th scope="col">Code</th><th scope="col">Method</th>\
    <th scope="col" class="num">n</th><th scope="col" class="num">{{measure}}</th>\
    <th scope="col" class="num">95 % interval</th>{{#hasClasses}}<th scope="col" class="num">Macro-F1</th>\
    <th scope="col" class="num">Calibration error</th>{{/hasClasses}}<th scope="col" class="num">Gap</th></tr>\
    </thead>
    <tbody>
    {{#cells}}
    <tr><th scope="row">{{called}}</th><td>{{code}}</td><td>{{method}}</td>\
    <td class="num" data-v="{{n}}">{{count}}</td>\
    <td class="num" data-v="{{sortAccuracy}}">{{accuracy}}</td>\
    <td class="num" data-v="{{sortAccuracy}}">{{interval}}</td>\
    {{#hasClasses}}<td class="num" data-v="{{sortMacroF1}}">{{macroF1}}</td>\
    <td class="num" data-v="{{sortCalibration}}">{{calibration}}</td>{{/hasClasses}}\
    <td class="num" data-v="{{sortLoss}}">{{loss}}</td></tr>
    {{/cells}}
    </tbody>
    </table>
    </div>
    </details>
    </section>

    """

  static let methods = """
    <section id="methods">
    <h2>Methods</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Methods">
    <table class="methods">
    <thead><tr><th scope="col">Method</th><th scope="col" class="num">Source</th>\
    <th scope="col" class="num">Others</th><th scope="col" class="num">Gap</th>\
    <th scope="col" class="num">Weakest</th><th scope="col" class="num">Trained</th>\
    <th scope="col" class="num">Time</th><th scope="col" class="num">Memory</th></tr></thead>
    <tbody>
    {{#methods}}
    <tr{{#isHeadline}} class="chosen"{{/isHeadline}}><th scope="row">{{methodName}}\
    <small>{{about}}</small></th><td class="num">{{source}}</td><td class="num">{{others}}</td>\
    <td class="num">{{gap}}</td><td class="num">{{weakest}}<small>{{weakestName}}</small></td>\
    <td class="num">{{parameters}}</td><td class="num">{{time}}</td>\
    <td class="num">{{memory}}</td></tr>
    {{/methods}}
    </tbody>
    </table>
    </div>
    </section>

    """

  static let reliability = """
    <section id="reliability">
    <h2>Confidence</h2>
    <p class="prose">How often the model is right against how sure it says it is. Bars below the \
    dotted line are over-confident; faint bars stand for few predictions.</p>
    <div class="panels">
    {{#reliability}}
    <figure>
    {{{chart}}}
    <figcaption><b>{{group}}</b>, calibration error {{error}} points, n {{items}}</figcaption>
    </figure>
    {{/reliability}}
    {{^reliability}}
    <p class="none">No confidences were recorded.</p>
    {{/reliability}}
    </div>
    </section>

    """

  static let confusion = """
    <section id="confusion">
    <h2>Confusion</h2>
    <p class="prose">Rows are the right labels, columns the given ones; a cell is tinted by its \
    share of the row.</p>
    <div class="panels wide">
    {{#confusions}}
    <div class="panel">
    <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
    {{{heatMap}}}
    </div>
    {{#folded}}<p class="none">The {{.}} rarest labels are folded into one.</p>{{/folded}}
    </div>
    {{/confusions}}
    {{^confusions}}
    <p class="none">No confusion matrix was recorded.</p>
    {{/confusions}}
    </div>
    </section>

    """
}
