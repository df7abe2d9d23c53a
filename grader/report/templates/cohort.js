"use strict";
// Without this script every table stands in the order in which it was written.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value ?? cell.textContent.trim();
  };
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const rows = [...body.rows];
      const numeric = rows.every((row) => value(row, column) === "" || !isNaN(value(row, column)));
      const before = heading.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : numeric;
      const order = (a, b) => (numeric ? Number(a) - Number(b) : a.localeCompare(b));
      const empty = (row) => value(row, column) === "";
      rows.sort((a, b) =>
        empty(a) - empty(b) || (descending ? -1 : 1) * order(value(a, column), value(b, column)));
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      body.append(...rows);
    });
  });
}
