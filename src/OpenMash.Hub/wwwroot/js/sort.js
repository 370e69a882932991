// Sorts in the browser the tables that are wholly on the page: table[data-sort-here], columns th[data-sort="text|number"].
// A cell's data-value is compared where it has one. Ties keep the order they had, so that sorting twice sorts by both.
const order = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' })

function start(root) {
  for (const table of root.querySelectorAll('table[data-sort-here]')) {
    for (const head of table.querySelectorAll('th[data-sort]')) {
      if (head.querySelector('button')) continue
      const button = document.createElement('button')
      button.type = 'button'
      button.append(...head.childNodes)
      head.append(button)
      head.setAttribute('aria-sort', 'none')
      button.addEventListener('click', () => sort(table, head))
    }
  }
}

function sort(table, head) {
  const descending = head.getAttribute('aria-sort') === 'ascending'
  const column = head.cellIndex
  const number = head.dataset.sort === 'number'
  const value = (row) => {
    const cell = row.cells[column]
    const text = (cell?.dataset.value ?? cell?.textContent ?? '').trim()
    if (!number) return text
    const n = parseFloat(text.replace(/[^\d.eE+-]/g, ''))
    return Number.isNaN(n) ? null : n
  }
  // What has no figure stands last whichever way the column is sorted: "not known" is neither small nor large.
  const compare = (a, b) => a === null || b === null ? (a === b ? 0 : a === null ? 1 : -1) : (descending ? -1 : 1) * (number ? a - b : order.compare(a, b))
  for (const body of table.tBodies) body.append(...[...body.rows].map((row) => [value(row), row]).sort((x, y) => compare(x[0], y[0])).map((x) => x[1]))
  for (const other of table.querySelectorAll('th[data-sort]')) other.setAttribute('aria-sort', other === head ? (descending ? 'descending' : 'ascending') : 'none')
  const said = document.getElementById('hub-said')
  if (said) said.textContent = `Sorted by ${head.textContent.trim()}, ${descending ? 'descending' : 'ascending'}`
}

start(document)
document.addEventListener('hub:swapped', (event) => start(event.target.parentElement ?? document))
