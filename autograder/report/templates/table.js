"use strict";
const table = document.getElementById("grid");
const query = document.getElementById("query");
const only = document.getElementById("only");
const by = document.getElementById("by");
const shown = document.getElementById("shown");

function key(row, column) {
  const cell = row.cells[column];
  return column === 0 ? cell.textContent.trim() : Number(cell.dataset.v);
}

function compare(a, b) {
  return typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
}

if (table) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const headers = Array.from(table.tHead.rows[0].cells);

  function sort(column, sign) {
    headers.forEach((other) => other.removeAttribute("aria-sort"));
    headers[column].setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    rows.sort((a, b) => sign * compare(key(a, column), key(b, column)));
    body.append(...rows);
    by.selectedIndex = column;
  }

  headers.forEach((header, column) => {
    const name = rows[0].cells[column].dataset.head || "Student";
    by.append(new Option(name, column));
    const button = document.createElement("button");
    button.append(...header.childNodes);
    button.title = `Sort by ${name}`;
    header.append(button);
    button.addEventListener("click", () => {
      sort(column, header.getAttribute("aria-sort") === "ascending" ? -1 : 1);
    });
  });
  headers[0].setAttribute("aria-sort", "ascending");
  by.addEventListener("change", () => sort(by.selectedIndex, by.selectedIndex ? -1 : 1));

  function filter() {
    const words = query.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const row of rows) {
      const named = row.cells[0].textContent.toLocaleLowerCase().includes(words);
      row.hidden = !(named && (only.value === "" || row.dataset[only.value] === "1"));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = `${count} of ${rows.length}`;
  }

  query.addEventListener("input", filter);
  only.addEventListener("change", filter);
  document.getElementById("tools").hidden = false;
  filter();
}
