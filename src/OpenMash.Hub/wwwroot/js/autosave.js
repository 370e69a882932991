// form[data-autosave-url="/…/draft"]: keeps the draft on the server (never on the device) as one types. Posts the form's fields, files and
// password excepted, with its antiforgery token, 800 ms after the last key and at least every 5 s; says so in [data-autosave-state] of the form
// ("Saved 14:05", "Not saved: …, trying again"); tries again by itself, ever more slowly to once in 30 s; warns before the page is left unsaved.
// The server answers 2xx, and may answer JSON {"savedAt":"14:05","url":"/next/draft/url"}. 401 or 403 says to sign in again in another tab.
const QUIET = 800
const LONGEST = 5000

for (const form of document.querySelectorAll('form[data-autosave-url]')) keep(form)

function keep(form) {
  let changed = 0
  let saved = 0
  let firstUnsaved = 0
  let timer = 0
  let retry = 0
  let busy = false
  let sending = false
  const state = form.querySelector('[data-autosave-state]') ?? form.appendChild(Object.assign(document.createElement('p'), { className: 'hub-saved' }))
  if (!state.hasAttribute('role')) state.setAttribute('role', 'status')

  const onChange = (event) => {
    if (event.target.type === 'password' || event.target.type === 'file' || event.target.closest('[data-no-autosave]')) return
    changed++
    form.dataset.unsaved = 'true'
    if (!firstUnsaved) firstUnsaved = Date.now()
    plan(Math.max(0, Math.min(QUIET, firstUnsaved + LONGEST - Date.now())))
  }
  form.addEventListener('input', onChange)
  form.addEventListener('change', onChange)
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return
    sending = true
    clearTimeout(timer)
  })
  window.addEventListener('pageshow', () => { sending = false })
  window.addEventListener('online', () => { if (form.dataset.unsaved === 'true') plan(0) })
  // A telephone that is put away may never come back: send what there is, without waiting.
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden' && form.dataset.unsaved === 'true' && !sending) save(true) })
  window.addEventListener('beforeunload', (event) => { if (form.dataset.unsaved === 'true' && !sending) event.preventDefault() })

  function plan(after) {
    clearTimeout(timer)
    timer = setTimeout(() => save(false), after)
  }

  function fields() {
    const data = new FormData(form)
    for (const el of form.elements) if (el.name && (el.type === 'file' || el.type === 'password' || el.closest('[data-no-autosave]'))) data.delete(el.name)
    return new URLSearchParams([...data.entries()].filter(([, v]) => typeof v === 'string'))
  }

  async function save(leaving) {
    if (busy || sending) return
    busy = true
    clearTimeout(timer)
    const version = changed
    let problem = null
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: 'POST', body: fields(), credentials: 'same-origin', keepalive: leaving, redirect: 'manual',
        headers: { 'X-Requested-With': 'autosave', Accept: 'application/json' }
      })
      if (answer.ok) {
        const told = answer.headers.get('content-type')?.includes('json') ? await answer.json() : {}
        if (told.url) form.dataset.autosaveUrl = told.url
        saved = version
        retry = 0
        say(`Saved ${told.savedAt ?? new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' })}`, false)
      } else if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
        problem = 'you are signed out. Sign in again in another tab and go on here; your words are still on this page'
      } else if (answer.status === 409) {
        problem = 'this draft was changed in another window. Your words are still on this page'
      } else {
        problem = `the hub answered ${answer.status}; trying again`
      }
    } catch {
      problem = 'no connection; trying again. Your words are still on this page'
    } finally {
      busy = false
    }
    if (problem) {
      say(`Not saved: ${problem}.`, true)
      retry = Math.min(30000, retry ? retry * 2 : 2000)
      plan(retry)
    } else if (saved === changed) {
      delete form.dataset.unsaved
      firstUnsaved = 0
    } else {
      firstUnsaved = Date.now()
      plan(QUIET)
    }
  }

  function say(text, failed) {
    // The same words are not said again at every save.
    if (state.textContent !== text) state.textContent = text
    state.classList.toggle('hub-saved--failed', failed)
  }
}
