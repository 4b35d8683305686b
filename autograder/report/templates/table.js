"use strict";
const table = document.getElementById("grid");
const body = table.tBodies[0];
const rows = Array.from(body.rows);
const headers = Array.from(table.tHead.rows[0].cells);
const query = document.getElementById("query");
const only = document.getElementById("only");
const shown = document.getElementById("shown");

function key(row, column) {
  const cell = row.cells[column];
  return column === 0 ? cell.textContent.trim() : Number(cell.dataset.v);
}

function compare(a, b) {
  return typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
}

headers.forEach((header, column) => {
  const button = document.createElement("button");
  button.append(...header.childNodes);
  header.append(button);
  button.addEventListener("click", () => {
    const sign = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    headers.forEach((other) => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    rows.sort((a, b) => sign * compare(key(a, column), key(b, column)));
    body.append(...rows);
  });
});

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
