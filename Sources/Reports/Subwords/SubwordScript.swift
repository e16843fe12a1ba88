// SPDX-License-Identifier: Apache-2.0

/// What a subword report adds to every report's script: filter boxes, and a map that reads itself out.
enum SubwordScript {
  static let javaScript = """

    for (const table of document.querySelectorAll("table.filterable")) {
      const rows = [...table.tBodies[0].rows];
      if (rows.length < 8) continue;
      const box = document.createElement("input");
      const found = document.createElement("span");
      box.type = "search";
      box.className = "filter";
      box.placeholder = "Filter: deu, Cyrl, …";
      box.setAttribute("aria-label", "Filter the rows");
      found.className = "found";
      table.parentElement.before(box, found);
      box.addEventListener("input", () => {
        const words = box.value.toLowerCase().split(/[\\s,]+/).filter(Boolean);
        let count = 0;
        for (const row of rows) {
          const text = [...row.cells].slice(0, 2).map((c) => c.textContent).join(" ").toLowerCase();
          row.hidden = words.length > 0 && !words.some((word) => text.includes(word));
          if (!row.hidden) count += 1;
        }
        found.textContent = words.length ? `${count} of ${rows.length}` : "";
      });
    }
    for (const map of document.querySelectorAll("svg.overlap[data-values]")) {
      const names = map.dataset.names.split("\\n");
      const gutter = Number(map.dataset.gutter), cell = Number(map.dataset.cell);
      const readout = map.closest("section").querySelector(".readout");
      const cursor = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      cursor.setAttribute("class", "cursor");
      cursor.setAttribute("width", cell);
      cursor.setAttribute("height", cell);
      cursor.setAttribute("visibility", "hidden");
      map.append(cursor);
      const show = (event) => {
        const box = map.getBoundingClientRect();
        const scale = map.viewBox.baseVal.width / box.width;
        const column = Math.floor(((event.clientX - box.left) * scale - gutter) / cell);
        const row = Math.floor(((event.clientY - box.top) * scale - gutter) / cell);
        const inside = row >= 0 && column >= 0 && row < names.length && column < names.length;
        cursor.setAttribute("visibility", inside ? "visible" : "hidden");
        if (!inside) return;
        cursor.setAttribute("x", gutter + column * cell);
        cursor.setAttribute("y", gutter + row * cell);
        const place = (row * names.length + column) * 2;
        const value = parseInt(map.dataset.values.slice(place, place + 2), 16) / 255;
        readout.textContent = `${names[row]} and ${names[column]}: ${value.toFixed(2)} alike`;
      };
      map.addEventListener("pointermove", show);
      map.addEventListener("pointerdown", show);
    }
    """
}
