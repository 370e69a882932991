// Live pages. One SignalR connection to /live where the page has a [data-live-group]; the page works without it, only it then stands still.
//
//   data-live-group="enquiry:110"      the groups this element listens to (space separated); joined by the hub's method Join(group), left by Leave
//   data-live-url="/…"                 what to fetch again when a notice comes; the answer is the element itself, or a page that holds it (same id)
//   data-live-kind, data-live-id       only notices of these kinds (space separated), of this id; without them every notice counts
//   data-live-version="17"             the version drawn; with data-live-id, notices not newer are passed over; Join may answer with a newer one
//   data-item="…"                      an item of a list: one that arrives or changes is marked with a bar (class hub-new)
//   data-live-presence="enquiry:110"   its [data-presence-list] shows who is in that group
//   data-live-state                    one element of the layout that says when the connection is lost
//
// From the server: notice {kind, id, version}; presence {group, people: [{name, agency, here}]}; revoked {group}.
// A notice carries no content: it is fetched again through the page's own handler, which asks again whether this reader may see it.
// A field that has the focus, or holds words not yet sent, is never touched, moved or removed.

const marked = new Set()
const waiting = new Map()
let joined = new Set()
let connection = null

if (document.querySelector('[data-live-group]') && window.signalR) begin()

function begin() {
  connection = new window.signalR.HubConnectionBuilder()
    .withUrl('/live')
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: (c) => Math.min(15000, [0, 1000, 3000, 7000][c.previousRetryCount] ?? 15000) })
    .configureLogging(window.signalR.LogLevel.None)
    .build()
  connection.on('notice', (notice) => onNotice(notice))
  connection.on('presence', (who) => onPresence(who))
  connection.on('revoked', (what) => onRevoked(what))
  connection.onreconnecting(() => lost())
  connection.onreconnected(() => back())
  connection.onclose(() => { lost(); start(3000) })
  document.addEventListener('hub:swapped', () => join())
  start(0)
}

async function start(after) {
  if (after) await new Promise((done) => { setTimeout(done, after) })
  try {
    await connection.start()
    await back()
  } catch {
    lost()
    start(Math.min(15000, (after || 1000) * 2))
  }
}

let wasLost = false

function lost() {
  wasLost = true
  state('Connection lost, your words are kept. What stands here may be out of date; trying again.')
}

async function back() {
  joined = new Set()
  await join()
  if (!wasLost) return
  wasLost = false
  for (const element of document.querySelectorAll('[data-live-url]')) refetchSoon(element)
  state('Connected again, and up to date.')
  setTimeout(() => { if (!wasLost) state('') }, 4000)
}

async function join() {
  if (connection.state !== 'Connected') return
  const wanted = new Set([...document.querySelectorAll('[data-live-group]')].flatMap((e) => e.dataset.liveGroup.split(/\s+/).filter(Boolean)))
  const leave = [...joined].filter((g) => !wanted.has(g))
  const enter = [...wanted].filter((g) => !joined.has(g))
  joined = wanted
  // A group that may not be joined is refused by the server; the others are joined all the same.
  await Promise.allSettled([...enter.map((g) => enterGroup(g)), ...leave.map((g) => connection.invoke('Leave', g))])
}

// Join may answer with the newest version of its group: what was drawn before we listened, and is older, is fetched again.
async function enterGroup(group) {
  const newest = await connection.invoke('Join', group)
  if (typeof newest !== 'number') return
  for (const element of document.querySelectorAll('[data-live-url][data-live-version][data-live-group]')) {
    if (element.dataset.liveGroup.split(/\s+/).includes(group) && Number(element.dataset.liveVersion) < newest) refetchSoon(element)
  }
}

function onNotice({ kind, id, version }) {
  for (const element of document.querySelectorAll('[data-live-url]')) {
    const kinds = element.dataset.liveKind?.split(/\s+/)
    if (kinds && !kinds.includes(kind)) continue
    if (element.dataset.liveId && element.dataset.liveId !== String(id)) continue
    // The version is kept for an element about one thing only; for a list, versions of different things do not compare.
    if (element.dataset.liveId && element.dataset.liveVersion && Number(element.dataset.liveVersion) >= Number(version)) continue
    refetchSoon(element)
  }
}

function refetchSoon(element) {
  if (waiting.has(element)) {
    waiting.set(element, 'again')
    return
  }
  waiting.set(element, 'soon')
  setTimeout(() => refetch(element), 120)
}

async function refetch(element) {
  waiting.set(element, 'now')
  try {
    if (!element.isConnected) return
    const answer = await fetch(element.dataset.liveUrl, { credentials: 'same-origin', headers: { 'X-Requested-With': 'live' }, redirect: 'manual', cache: 'no-store' })
    if (answer.status === 403 || answer.status === 404) {
      shut(element)
    } else if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = element.id ? page.getElementById(element.id) : page.body.firstElementChild
      if (fresh) swap(element, fresh)
    } else {
      state('This part could not be brought up to date; what stands here may be old.')
    }
  } catch {
    state('This part could not be brought up to date; what stands here may be old.')
  } finally {
    const again = waiting.get(element) === 'again'
    waiting.delete(element)
    if (again) refetchSoon(element)
  }
}

function swap(element, fresh) {
  const news = []
  morph(element, fresh, news)
  for (const item of news) marked.add(item)
  for (const item of element.querySelectorAll('[data-item]')) {
    if (!marked.has(item.dataset.item)) continue
    item.classList.add('hub-new')
    if (news.includes(item.dataset.item)) item.classList.add('hub-arrived')
  }
  if (news.length > 0) say(news.length === 1 ? 'One thing is new' : `${news.length} things are new`)
  element.dispatchEvent(new CustomEvent('hub:swapped', { bubbles: true }))
}

// Makes the old element like the new one, keeping every node that can be kept, so that the focus, the scroll and the words typed stay.
function morph(old, fresh, news) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue
    return
  }
  if (isField(old) && isHeld(old)) return
  attributes(old, fresh)
  if (old.tagName === 'TEXTAREA') {
    if (old.defaultValue !== fresh.defaultValue) old.defaultValue = fresh.defaultValue
    return
  }
  const left = new Set(old.childNodes)
  const pool = new Map()
  for (const child of old.childNodes) pool.set(sign(child), [...(pool.get(sign(child)) ?? []), child])
  const wanted = new Map()
  for (const child of fresh.childNodes) wanted.set(sign(child), (wanted.get(sign(child)) ?? 0) + 1)
  let cursor = old.firstChild
  for (const next of [...fresh.childNodes]) {
    const match = pool.get(sign(next))?.shift()
    wanted.set(sign(next), wanted.get(sign(next)) - 1)
    if (match) {
      left.delete(match)
      const item = match.dataset?.item
      const before = item ? match.textContent : null
      // What stands before it and is wanted no more goes first, so that what stays need not be moved.
      while (cursor && cursor !== match && left.has(cursor) && !wanted.get(sign(cursor)) && !holds(cursor)) {
        const gone = cursor
        cursor = cursor.nextSibling
        left.delete(gone)
        gone.remove()
      }
      if (match === cursor) cursor = cursor.nextSibling
      // Moving a node takes the focus from what is in it: one that holds words stays, and the others are put round it.
      else if (holds(match)) cursor = match.nextSibling
      else old.insertBefore(match, cursor)
      morph(match, next, news)
      if (item && before !== match.textContent) news.push(item)
    } else {
      const added = document.importNode(next, true)
      old.insertBefore(added, cursor)
      if (added.dataset?.item) news.push(added.dataset.item)
      else if (added.querySelectorAll) for (const inside of added.querySelectorAll('[data-item]')) news.push(inside.dataset.item)
    }
  }
  for (const gone of left) {
    if (!holds(gone)) gone.remove()
    else held(gone)
  }
}

const key = (node) => node.nodeType === 1 ? node.id || (node.dataset.item && `item ${node.dataset.item}`) || (isField(node) && node.name && `field ${node.name} ${node.type === 'radio' || node.type === 'checkbox' ? node.value : ''}`) || '' : ''

const sign = (node) => node.nodeType === 1 ? `${node.tagName} ${key(node)}` : String(node.nodeType)

const isField = (node) => node.nodeType === 1 && /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName)

function isHeld(field) {
  if (field === document.activeElement) return true
  if (field.type === 'hidden') return false
  if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
  if (field.tagName === 'SELECT') return [...field.options].some((o) => o.selected !== o.defaultSelected) && [...field.options].some((o) => o.defaultSelected)
  if (field.type === 'file') return field.files.length > 0
  return field.value !== field.defaultValue
}

const holds = (node) => node.nodeType === 1 && (node.contains(document.activeElement) || (isField(node) ? isHeld(node) : [...node.querySelectorAll('input, textarea, select')].some(isHeld)))

function held(node) {
  if (node.nodeType !== 1 || node.nextElementSibling?.classList.contains('hub-held')) return
  const told = document.createElement('p')
  told.className = 'hub-held'
  told.textContent = 'This part has changed meanwhile; it is kept here because of what you typed.'
  node.after(told)
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // What the browser or a script of the page has opened, started or joined stays so.
    if (fresh.hasAttribute(name) || name === 'open' || name === 'tabindex' || name.startsWith('data-govuk-') || name === 'data-unsaved') continue
    old.removeAttribute(name)
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (name === 'open' || old.getAttribute(name) === value) continue
    if (name === 'hidden' && old.matches('button[data-copy]')) continue
    old.setAttribute(name, value)
    if (name === 'value' && isField(old)) old.value = value
  }
}

function onPresence({ group, people }) {
  for (const list of document.querySelectorAll(`[data-live-presence="${CSS.escape(group)}"] [data-presence-list]`)) {
    list.replaceChildren(...people.map((p) => {
      const item = document.createElement('li')
      item.textContent = [p.name, p.agency].filter(Boolean).join(', ') + (p.here ? '' : ' (away)')
      if (p.here) item.setAttribute('data-here', '')
      return item
    }))
  }
}

function onRevoked({ group }) {
  for (const element of document.querySelectorAll('[data-live-group]')) {
    if (element.dataset.liveGroup.split(/\s+/).includes(group)) shut(element)
  }
  joined.delete(group)
}

// Access has ended: what was shown is taken off the page. Words this reader typed and has not sent are the reader's own, and stay.
function shut(element) {
  const told = document.createElement('p')
  told.className = 'hub-held'
  told.textContent = 'You can no longer see this. Ask the duty manager.'
  if (holds(element)) {
    for (const child of [...element.children]) if (!holds(child)) child.remove()
    element.prepend(told)
  } else {
    element.replaceChildren(told)
  }
  element.removeAttribute('data-live-url')
}

function state(text) {
  const place = document.querySelector('[data-live-state]')
  if (!place || place.textContent === text) return
  place.textContent = text
  place.hidden = text === ''
}

function say(text) {
  const said = document.getElementById('hub-said')
  if (said) said.textContent = text
}
