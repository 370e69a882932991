// form[data-keep]: a form that is sent by this script and, without a connection, kept on the device until there is one (practice rule 33). What is kept is
// encrypted (AES-GCM) with a key that the hub gives to the person signed in (GET /kept/key) and that is never stored here; when it is sent it is removed,
// and with the last one the database itself. The form's CommandId makes sending twice the same act. The page that takes the form answers a request with the
// header X-Requested-With: kept by JSON: 200 {"url":"/where/to/go"} or 422 {"problems":["…"]}. Works on every page: what was kept on one is sent from any.
const DATABASE = 'hub-kept'
const FLAG = 'hub-kept'
const RETRY = 10000
let secret = null
let sending = false

const open = () => new Promise((resolve, reject) => {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore('notes', { keyPath: 'id' })
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

async function store(mode, act) {
  const db = await open()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction('notes', mode)
      const request = act(transaction.objectStore('notes'))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
    })
  } finally {
    db.close()
  }
}

const all = async () => localStorage.getItem(FLAG) ? store('readonly', (s) => s.getAll()) : []

async function put(note) {
  localStorage.setItem(FLAG, '1')
  await store('readwrite', (s) => s.put(note))
}

async function remove(id) {
  await store('readwrite', (s) => s.delete(id))
  if ((await all()).length > 0) return
  localStorage.removeItem(FLAG)
  indexedDB.deleteDatabase(DATABASE)
}

async function learn() {
  const answer = await fetch('/kept/key', { credentials: 'same-origin', redirect: 'manual', headers: { Accept: 'application/json' } })
  if (!answer.ok) throw new Error('signed out')
  const told = await answer.json()
  const raw = Uint8Array.from(atob(told.key), (c) => c.charCodeAt(0))
  secret = { account: told.account, token: told.token, key: await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']) }
  return secret
}

async function keep(id, url, fields, state) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, secret.key, new TextEncoder().encode(fields.toString()))
  await put({ id, account: secret.account, url, state, iv, data })
}

async function readable(note) {
  const data = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: note.iv }, secret.key, note.data)
  return new URLSearchParams(new TextDecoder().decode(data))
}

function post(url, fields) {
  fields.set('__RequestVerificationToken', secret.token)
  return fetch(url, { method: 'POST', body: fields, credentials: 'same-origin', redirect: 'manual', headers: { 'X-Requested-With': 'kept', Accept: 'application/json' } })
}

const fieldsOf = (form) => new URLSearchParams([...new FormData(form).entries()].filter(([, v]) => typeof v === 'string'))
const idOf = (form) => form.querySelector('[name="CommandId"]').value

// One line at the head of the page, for people and for screen readers.
function say(text, href) {
  let line = document.querySelector('[data-kept-state]')
  if (!line) {
    line = Object.assign(document.createElement('p'), { className: 'hub-saved' })
    line.dataset.keptState = ''
    line.setAttribute('role', 'status')
    document.querySelector('main')?.prepend(line)
  }
  if (line.textContent === text) return
  line.textContent = text
  if (href) line.append(' ', Object.assign(document.createElement('a'), { className: 'govuk-link', href, textContent: 'Open it' }))
}

for (const form of document.querySelectorAll('form[data-keep]')) watch(form)
async function watch(form) {
  let timer = 0
  form.addEventListener('submit', (event) => {
    if (!secret) return
    event.preventDefault()
    clearTimeout(timer)
    send(form)
  })
  // Words typed without a connection outlive the page.
  form.addEventListener('input', () => {
    clearTimeout(timer)
    if (!navigator.onLine && secret) timer = setTimeout(() => keep(idOf(form), location.pathname, fieldsOf(form), 'draft'), 500)
  })
  try {
    await learn()
  } catch {
    return
  }
  for (const note of await all()) {
    if (note.account !== secret.account || note.url !== location.pathname || note.state === 'ready') continue
    restore(form, await readable(note))
    say(note.why ? `Not taken: ${note.why} It was kept on this device; correct it here.` : 'What you had written without a connection is here again.')
    break
  }
}

function restore(form, fields) {
  for (const el of form.elements) {
    if (!el.name || el.name === '__RequestVerificationToken' || !fields.has(el.name)) continue
    if (el.type === 'radio' || el.type === 'checkbox') {
      const wanted = fields.getAll(el.name).includes(el.value)
      if (el.checked !== wanted) el.click()
    } else {
      el.value = fields.get(el.name)
    }
  }
}

async function send(form) {
  const written = form.querySelector('[data-written]')
  if (written && !written.value) written.value = new Date().toISOString()
  const fields = fieldsOf(form)
  const id = idOf(form)
  const button = form.querySelector('button:not([type="button"])')
  button?.setAttribute('disabled', '')
  try {
    const answer = await post(location.pathname, new URLSearchParams(fields))
    if (answer.ok) {
      await forget(id)
      delete form.dataset.unsaved
      location.assign((await answer.json()).url)
      return
    }
    if (answer.status === 422 || answer.status === 404) {
      // The page itself says what is wrong, beside the fields.
      await forget(id)
      form.submit()
      return
    }
    await keep(id, location.pathname, fields, 'ready')
    say('Not sent: you are signed out, or the hub could not take it now. It is kept on this device, encrypted, and sent when you are signed in.')
  } catch {
    await keep(id, location.pathname, fields, 'ready')
    say('No connection. Your note is kept on this device, encrypted, and will be sent by itself when the connection is back. You can go on.')
  }
  delete form.dataset.unsaved
  form.dataset.kept = 'true'
  plan()
}

const forget = async (id) => { if (localStorage.getItem(FLAG)) await remove(id) }

async function flush() {
  if (sending) return
  sending = true
  try {
    const notes = (await all()).filter((n) => n.state === 'ready')
    if (notes.length === 0) return
    await learn()
    for (const note of notes) {
      // Someone else's, or of a session that was revoked: it cannot be read here and is left for its owner.
      if (note.account !== secret.account) continue
      let fields
      try {
        fields = await readable(note)
      } catch {
        await remove(note.id)
        say('A note that was kept on this device can no longer be read, because your sessions were ended. It was removed. Write it again.')
        continue
      }
      const answer = await post(note.url, fields)
      if (answer.ok) {
        const { url } = await answer.json()
        await remove(note.id)
        say('Your note was sent and is in the record. Nothing of it is left on this device.', url)
        const shown = document.querySelector('form[data-kept]')
        if (shown && idOf(shown) === note.id) location.assign(url)
      } else if (answer.status === 422) {
        const told = await answer.json()
        await put({ ...note, state: 'refused', why: told.problems?.join(' ') ?? '' })
        say('The note that was kept on this device could not be taken as it is.', note.url)
      } else if (answer.status === 404) {
        await put({ ...note, state: 'refused', why: 'You may not open this plan any more.' })
      }
    }
  } catch {
    // Still no connection, or signed out: it stays where it is.
  } finally {
    sending = false
    plan()
  }
}

let planned = 0
async function plan() {
  clearTimeout(planned)
  const waiting = (await all()).filter((n) => n.state === 'ready').length
  if (waiting > 0) planned = setTimeout(flush, RETRY)
}

window.addEventListener('online', flush)
flush()
