// SPDX-License-Identifier: Apache-2.0

/// The script of a space's page: the picture, looking words up, and their neighbours.
enum SpaceScript {
  static let javaScript = picture + selection

  private static let picture = """
    "use strict";
    const languages = JSON.parse(document.getElementById("data").textContent).languages;
    const canvas = document.getElementById("picture");
    const pen = canvas.getContext("2d");
    const keys = [...document.querySelectorAll("[data-language]")];
    const shapes = keys.map((key) => new Path2D(key.querySelector("path").getAttribute("d")));
    const shown = languages.map(() => true);
    let view = { x: -400, y: -400, size: 10800 };
    let chosen = null, hovered = null;
    const sizes = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
    const scale = () => Math.min(sizes().width, sizes().height) / view.size;
    const across = (x) => (x - view.x) * scale() + (sizes().width - view.size * scale()) / 2;
    const down = (y) => (view.y + view.size - y) * scale() + (sizes().height - view.size * scale()) / 2;
    const isNear = () => {
      const near = languages.map(() => new Set());
      if (chosen) {
        languages[chosen.language].near.forEach((lists, other) => {
          const list = lists[chosen.word];
          for (let place = 0; place < list.length; place += 2) near[other].add(list[place]);
        });
      }
      return near;
    };
    const draw = () => {
      const { width, height } = sizes();
      const ratio = window.devicePixelRatio || 1;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      const css = getComputedStyle(document.documentElement);
      const ink = css.getPropertyValue("--ink"), page = css.getPropertyValue("--page");
      const near = isNear();
      const labels = [];
      const visible = [];
      languages.forEach((language, number) => {
        if (!shown[number]) return;
        pen.fillStyle = css.getPropertyValue(`--c${number % 8}`);
        for (let word = language.words.length - 1; word >= 0; word--) {
          const x = across(language.x[word]), y = down(language.y[word]);
          if (x < -9 || y < -9 || x > width + 9 || y > height + 9) continue;
          const isChosen = chosen && chosen.language === number && chosen.word === word;
          const marked = isChosen || near[number].has(word);
          pen.globalAlpha = marked ? 1 : chosen ? 0.22 : 0.62;
          const size = isChosen ? 1.5 : marked ? 1.1 : 0.5;
          pen.setTransform(ratio * size, 0, 0, ratio * size, x * ratio, y * ratio);
          pen.fill(shapes[number]);
          pen.setTransform(ratio, 0, 0, ratio, 0, 0);
          if (marked) labels.push({ x, y, text: language.words[word], first: isChosen });
          else visible.push({ x, y, text: language.words[word], rank: word });
        }
      });
      pen.globalAlpha = 1;
      pen.font = "12px system-ui, sans-serif";
      pen.lineWidth = 3;
      pen.strokeStyle = page;
      pen.fillStyle = ink;
      visible.sort((a, b) => a.rank - b.rank);
      const taken = [];
      const write = (label) => {
        const box = { x: label.x + 7, y: label.y - 7, w: pen.measureText(label.text).width, h: 14 };
        const meets = (other) => box.x < other.x + other.w && other.x < box.x + box.w
          && box.y < other.y + other.h && other.y < box.y + box.h;
        if (!label.first && taken.some(meets)) return;
        taken.push(box);
        pen.strokeText(label.text, box.x, label.y + 4);
        pen.fillText(label.text, box.x, label.y + 4);
      };
      labels.sort((a, b) => b.first - a.first).forEach(write);
      if (hovered) write({ ...hovered, first: true });
      visible.slice(0, chosen ? 0 : 60).forEach(write);
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top;
      let best = null, least = 144;
      languages.forEach((language, number) => {
        if (!shown[number]) return;
        language.words.forEach((text, word) => {
          const a = across(language.x[word]), b = down(language.y[word]);
          const distance = (a - x) ** 2 + (b - y) ** 2;
          if (distance < least) {
            least = distance;
            best = { language: number, word, x: a, y: b, text };
          }
        });
      });
      return best;
    };
    let drag = null;
    canvas.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, y: event.clientY, view: { ...view }, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drag) {
        const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
        drag.moved = drag.moved || Math.abs(dx) + Math.abs(dy) > 4;
        view.x = drag.view.x - dx / scale();
        view.y = drag.view.y + dy / scale();
      } else {
        hovered = at(event);
      }
      draw();
    });
    canvas.addEventListener("pointerup", (event) => {
      if (drag && !drag.moved) {
        const found = at(event);
        choose(found ? found.language : null, found ? found.word : 0);
      }
      drag = null;
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      const x = view.x + (event.clientX - box.left - (box.width - view.size * scale()) / 2) / scale();
      const y = view.y + view.size - (event.clientY - box.top - (box.height - view.size * scale()) / 2) / scale();
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300)));
      const size = Math.max(40, Math.min(20000, view.size * factor));
      view = { x: x - (x - view.x) * size / view.size, y: y - (y - view.y) * size / view.size, size };
      draw();
    }, { passive: false });

    """

  private static let selection = """
    const aside = document.getElementById("near");
    const element = (name, text) => {
      const made = document.createElement(name);
      if (text !== undefined) made.textContent = text;
      return made;
    };
    const wordButton = (language, word) => {
      const button = element("button", languages[language].words[word]);
      button.type = "button";
      button.dir = "auto";
      button.addEventListener("click", () => choose(language, word));
      return button;
    };
    const choose = (language, word) => {
      chosen = language === null ? null : { language, word };
      aside.replaceChildren();
      if (!chosen) {
        const none = element("p", "No word is chosen.");
        none.className = "none";
        aside.append(none);
        history.replaceState(null, "", location.pathname + location.search);
        return draw();
      }
      const own = languages[language];
      const head = element("h3", own.words[word]);
      head.dir = "auto";
      aside.append(head, element("small", `${own.name}, word ${word + 1} of ${own.words.length}`));
      own.near.forEach((lists, other) => {
        const title = element("h4");
        title.append(keys[other].querySelector("svg").cloneNode(true), languages[other].name);
        const list = element("ol");
        const found = lists[word];
        for (let place = 0; place < found.length; place += 2) {
          const item = element("li");
          const score = element("span", (found[place + 1] / 1000).toFixed(2));
          score.className = "num";
          item.append(wordButton(other, found[place]), score);
          list.append(item);
        }
        aside.append(title, list);
      });
      history.replaceState(null, "", `#${encodeURIComponent(own.name)}:${encodeURIComponent(own.words[word])}`);
      const xs = [own.x[word]], ys = [own.y[word]];
      isNear().forEach((words, other) => words.forEach((near) => {
        xs.push(languages[other].x[near]);
        ys.push(languages[other].y[near]);
      }));
      const [left, right] = [Math.min(...xs), Math.max(...xs)], [low, high] = [Math.min(...ys), Math.max(...ys)];
      const size = Math.max(400, right - left, high - low) * 1.25;
      view = { x: (left + right - size) / 2, y: (low + high - size) / 2, size };
      draw();
    };
    const matches = document.getElementById("matches");
    document.getElementById("query").addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase();
      matches.replaceChildren();
      if (!wanted) return;
      const found = [];
      languages.forEach((language, number) => {
        if (!shown[number]) return;
        language.words.forEach((text, word) => {
          const lowered = text.toLowerCase();
          if (lowered.startsWith(wanted)) found.push({ number, word, exact: lowered === wanted });
        });
      });
      found.sort((a, b) => b.exact - a.exact || a.word - b.word);
      for (const { number, word } of found.slice(0, 16)) {
        const item = element("li");
        const button = wordButton(number, word);
        button.prepend(keys[number].querySelector("svg").cloneNode(true), " ");
        item.append(button);
        matches.append(item);
      }
      if (!found.length) {
        const item = element("li", "No word begins so.");
        item.className = "none";
        matches.append(item);
      }
    });
    document.getElementById("query").addEventListener("keydown", (event) => {
      if (event.key === "Enter") matches.querySelector("button")?.click();
    });
    for (const key of keys) {
      key.addEventListener("click", () => {
        const number = Number(key.dataset.language);
        shown[number] = !shown[number];
        key.setAttribute("aria-pressed", shown[number]);
        draw();
      });
    }
    document.getElementById("whole").addEventListener("click", () => {
      view = { x: -400, y: -400, size: 10800 };
      choose(null, 0);
    });
    window.addEventListener("resize", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    const [name, word] = location.hash.slice(1).split(":").map(decodeURIComponent);
    const first = languages.findIndex((language) => language.name === name);
    const place = first < 0 ? -1 : languages[first].words.indexOf(word);
    if (place >= 0) choose(first, place);
    else draw();

    """
}
