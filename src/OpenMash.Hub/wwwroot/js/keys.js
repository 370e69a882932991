// Keys: / search, g then a letter to go (data-go on links of the navigation; h and q from the body), ? the list of keys,
// Escape closes the menu of the head; [data-hotkey] presses what carries it and goes on to the field named in data-then; j and k through the rows of table[data-rows], Enter opens the row's first link. Nothing happens while someone types in a field.
const body = document.body
const dialog = document.getElementById('hub-keys')
let pendingGo = 0

const typing = (el) => el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button|submit|file)$/.test(el.type))

// Escape closes an open menu of the head and gives the focus back to what opened it.
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' ? document.querySelector('details.hub-person[open]') : null
  if (!menu) return
  menu.open = false
  if (menu.contains(document.activeElement) || document.activeElement === body) menu.querySelector('summary')?.focus()
})

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || dialog?.open) return
  const key = event.key
  if (pendingGo && Date.now() - pendingGo < 1500 && key.length === 1) {
    pendingGo = 0
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`)
    const url = link?.href ?? (key === 'h' ? body.dataset.today : key === 'q' ? body.dataset.queue : null)
    if (url) {
      event.preventDefault()
      location.assign(url)
    }
    return
  }
  pendingGo = 0
  if (key === '/') {
    const field = document.getElementById('hub-search')
    if (field) {
      event.preventDefault()
      field.focus()
      field.select()
    }
  } else if (key === 'g') {
    pendingGo = Date.now()
  } else if (key === '?') {
    event.preventDefault()
    dialog?.showModal()
  } else if (key === 'j' || key === 'k') {
    step(key === 'j' ? 1 : -1, event)
  } else if (/^[a-z]$/.test(key) && document.querySelector(`[data-hotkey="${key}"]`)) {
    const hot = document.querySelector(`[data-hotkey="${key}"]`)
    event.preventDefault()
    hot.click()
    if (hot.dataset.then) document.getElementById(hot.dataset.then)?.focus()
  } else if (key === 'Enter' && event.target instanceof Element && event.target.matches('tr.hub-row--here')) {
    event.preventDefault()
    event.target.querySelector('a[href], button')?.click()
  }
})

function step(by, event) {
  const rows = [...document.querySelectorAll('table[data-rows] > tbody > tr')].filter((r) => r.offsetParent !== null)
  if (rows.length === 0) return
  event.preventDefault()
  const now = rows.indexOf(document.activeElement?.closest?.('table[data-rows] > tbody > tr') ?? document.querySelector('tr.hub-row--here'))
  const next = rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by))]
  for (const row of rows) {
    row.classList.toggle('hub-row--here', row === next)
    if (row !== next) row.removeAttribute('tabindex')
  }
  next.tabIndex = -1
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}

document.querySelector('[data-keys-link]')?.removeAttribute('hidden')
document.querySelector('[data-keys-open]')?.addEventListener('click', () => dialog?.showModal())
