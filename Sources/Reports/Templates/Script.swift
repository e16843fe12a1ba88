// SPDX-License-Identifier: Apache-2.0

/// The page's script: sorting, highlighting, unfolding for print.
///
/// It holds no data, and the page is whole without it.
enum Script {
  static let javaScript = """
    "use strict";
    for (const table of document.querySelectorAll("table.sortable")) {
      const heads = [...table.tHead.rows[0].cells];
      const body = table.tBodies[0];
      const key = (row, column) => {
        const cell = row.cells[column];
        if (cell.dataset.v === undefined) return cell.textContent;
        return cell.dataset.v === "" ? NaN : Number(cell.dataset.v);
      };
      const compare = (a, b) => {
        if (typeof a === "string") return a.localeCompare(b, "en");
        return a - b;
      };
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const numeric = body.rows[0] && typeof key(body.rows[0], column) === "number";
          const now = head.getAttribute("aria-sort");
          const order = now ? (now === "ascending" ? -1 : 1) : numeric ? -1 : 1;
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", order > 0 ? "ascending" : "descending");
          const rows = [...body.rows].sort((a, b) => {
            const x = key(a, column), y = key(b, column);
            const missing = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
            return missing || order * compare(x, y) || 0;
          });
          body.append(...rows);
        });
      });
    }
    for (const list of document.querySelectorAll(".projection ul.keys")) {
      const points = list.closest(".projection").querySelectorAll(".map > g");
      for (const item of list.children) {
        const button = document.createElement("button");
        button.type = "button";
        button.setAttribute("aria-pressed", "false");
        button.append(...item.childNodes);
        item.append(button);
        button.addEventListener("click", () => {
          const on = button.getAttribute("aria-pressed") === "false";
          for (const other of list.closest(".projection").querySelectorAll("button"))
            other.setAttribute("aria-pressed", "false");
          button.setAttribute("aria-pressed", String(on));
          for (const point of points)
            point.classList.toggle("dim", on && !point.classList.contains(item.dataset.group));
        });
      }
    }
    for (const radio of document.querySelectorAll(".projection input")) {
      radio.addEventListener("change", () => {
        for (const point of document.querySelectorAll(".map > g.dim"))
          point.classList.remove("dim");
        for (const button of document.querySelectorAll(".projection button"))
          button.setAttribute("aria-pressed", "false");
      });
    }
    addEventListener("beforeprint", () => {
      for (const fold of document.querySelectorAll("details")) fold.open = true;
    });
    """
}
